"""Files that are whole or not there, and what killed processes leave behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from masthead.store import files

HOLDER = """
import sys, time
from pathlib import Path
from masthead.store import files
with files.own_folder(Path(sys.argv[1])) as folder:
    (folder / "copy").write_text("half")
    print(folder.name, flush=True)
    time.sleep(600)
"""


def _holder(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(parent)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, parent / process.stdout.readline().strip()


def test_what_a_killed_process_was_making_goes_with_the_next_and_what_a_living_one_makes_stays(tmp_path: Path) -> None:
    living, kept = _holder(tmp_path)
    killed, left = _holder(tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert left.exists()
    with files.own_folder(tmp_path) as mine:
        assert mine.is_dir() and not left.exists() and (kept / "copy").read_text() == "half"
    assert not mine.exists()
    living.kill()
    living.communicate()


def test_a_failure_leaves_neither_folder_nor_file(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), files.own_folder(tmp_path) as folder:
        (folder / "half").write_text("half")
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_content_is_on_disk_before_its_name_is_and_the_name_before_anybody_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync = os.fsync

    def note(descriptor: int) -> None:
        order.append(Path(f"/proc/self/fd/{descriptor}").readlink().name.partition("-")[0])
        order.append("there" if (tmp_path / "kept").exists() else "not yet there")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    files.write(tmp_path / "kept", b"body", 0o600)
    assert order == [".new", "not yet there", tmp_path.name.partition("-")[0], "there"]
    assert (tmp_path / "kept").read_bytes() == b"body" and (tmp_path / "kept").stat().st_mode & 0o777 == 0o600
    order.clear()
    (tmp_path / "kept").unlink()
    (tmp_path / "made").write_text("made")
    assert files.put(tmp_path / "made", tmp_path / "kept").read_text() == "made"
    assert order == ["made", "not yet there", tmp_path.name.partition("-")[0], "there"]
