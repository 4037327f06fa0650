"""`masthead inspect stories` as a program: pipes, broken lines, a long file, its progress on a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, "-m", "masthead", "inspect", "stories"]
DAM = "The old dam above the town of Alfeld broke on Monday morning and hundreds of people fled from the flood."


def lines(number: int) -> bytes:
    """`number` reports, two of each event."""
    rows = (
        {
            "id": n,
            "title": f"Bridge{n // 2} of town{n // 2} closed",
            "text": f"The bridge{n // 2} in town{n // 2} was closed by council{n // 2} for river{n // 2}, item{n}.",
            "published": f"2026-05-{1 + n // 2 * 20 // number:02d}T12:00:00Z",
            "language": "en",
        }
        for n in range(number)
    )
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def run(*arguments: str, stdin: bytes = b"") -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run([*PROGRAM, *arguments], input=stdin, capture_output=True, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def test_standard_input_is_read() -> None:
    code, answers, _ = run("-", stdin=lines(8))
    assert code == 0
    assert [(a["id"], a["story"]) for a in answers] == [(n, 1 + n // 2) for n in range(8)]


def test_a_named_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "reports"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(lines(6),))
    writer.start()
    code, answers, _ = run(str(pipe))
    writer.join()
    assert code == 0
    assert [a["story"] for a in answers] == [1, 1, 2, 2, 3, 3]


def test_a_broken_line_costs_that_line_alone() -> None:
    first, second = lines(2).splitlines(keepends=True)
    code, answers, told = run("-", stdin=first + b'{"id": 9, "title": \n' + b'"\xff"\n' + b"\n" + second)
    assert code == 1
    assert [a.get("story") for a in answers] == [1, 1, None, None]
    assert [a["line"] for a in answers[2:]] == [2, 3]
    assert "line 2" in told and "line 3" in told


def test_an_empty_file_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    assert run(str(tmp_path / "empty.jsonl")) == (0, [], "")


def test_progress_is_shown_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    """Only for what takes longer than two seconds; here everything does."""
    path = tmp_path / "reports.jsonl"
    path.write_bytes(lines(40))
    assert run(str(path))[2] == ""
    code = f"from masthead.cli import inspect_stories as i; i.SHOWN_FROM = 0; i.command([{str(path)!r}])"
    terminal, end = pty.openpty()
    shown = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=end)
    os.close(end)
    out, _ = shown.communicate()
    told = b""
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # Linux says so when the other end is closed
            break
        if not read:
            break
        told += read
    os.close(terminal)
    assert shown.returncode == 0 and len(out.splitlines()) == 40
    assert b"reading" in told and b"grouping" in told and b"100%" in told
