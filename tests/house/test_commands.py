"""The operators' commands, each as a process on a home of its own."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest
import zstandard

pytestmark = pytest.mark.slow


def run(home: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MASTHEAD", "DATABASE", "DJANGO"))
    }
    return subprocess.run(
        [sys.executable, "-m", "masthead", *arguments],
        env={**kept, "MASTHEAD_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        input=given,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an editor and a picture, made once."""
    home = tmp_path_factory.mktemp("made") / "home"
    assert run(home, "user", "add", "anna", "--role", "chief", "--generate").returncode == 0
    (home / "media" / "images").mkdir(parents=True)
    (home / "media" / "images" / "a.webp").write_bytes(os.urandom(5_000))
    return home


@pytest.fixture
def home(tmp_path: Path, made: Path) -> Path:
    """Such a home for one test."""
    return Path(shutil.copytree(made, tmp_path / "home"))


def test_users_are_added_listed_and_shut_out(home: Path) -> None:
    again = run(home, "user", "add", "anna")
    assert again.returncode == 2 and "there is a user anna already" in again.stderr
    short = run(home, "user", "add", "bob", given="short\n")
    assert short.returncode == 2 and "too short" in short.stderr
    assert run(home, "user", "add", "bob", "--role", "operator", given="a long enough secret\n").returncode == 0
    assert run(home, "user", "disable", "anna").returncode == 0
    rows = [json.loads(line) for line in run(home, "user", "list", "--json").stdout.splitlines()]
    assert [(row["name"], row["role"], row["active"]) for row in rows] == [
        ("anna", "chief", False),
        ("bob", "operator", True),
    ]
    nobody = run(home, "user", "password", "carla", "--generate")
    assert nobody.returncode == 2 and "no user carla" in nobody.stderr


def test_a_backup_brings_everything_back(home: Path, tmp_path: Path) -> None:
    picture = (home / "media/images/a.webp").read_bytes()
    archive = tmp_path / "site.tar.zst"
    manifest = json.loads(run(home, "backup", str(archive), "--json").stdout)
    assert set(manifest["files"]) == {"database.sqlite3", "masthead.toml", "media/images/a.webp"}
    assert archive.stat().st_mode & 0o077 == 0
    elsewhere = tmp_path / "elsewhere"
    assert run(elsewhere, "restore", str(archive)).returncode == 0
    assert (elsewhere / "media/images/a.webp").read_bytes() == picture
    assert "anna" in run(elsewhere, "user", "list").stdout


def test_a_restore_never_overwrites_by_itself_and_keeps_what_was_there(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "site.tar.zst"
    run(home, "backup", str(archive))
    run(home, "user", "add", "later", "--generate")
    refused = run(home, "restore", str(archive))
    assert refused.returncode == 2 and "--force" in refused.stderr and "later" in run(home, "user", "list").stdout
    key = (home / "secret_key").read_text()
    assert run(home, "restore", str(archive), "--force").returncode == 0
    assert "later" not in run(home, "user", "list").stdout and (home / "secret_key").read_text() == key
    [aside] = tmp_path.glob("home-before-restore-*")
    assert "later" in run(aside, "user", "list").stdout


@pytest.mark.parametrize("harm", ["flip", "cut", "text"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(home: Path, tmp_path: Path, harm: str) -> None:
    archive = tmp_path / "site.tar.zst"
    run(home, "backup", str(archive))
    body = bytearray(archive.read_bytes())
    if harm == "flip":
        body[len(body) // 2] ^= 0xFF
    archive.write_bytes(body[: len(body) // 2] if harm == "cut" else b"hello" if harm == "text" else body)
    refused = run(home, "restore", str(archive), "--force")
    assert refused.returncode == 2 and str(archive) in refused.stderr
    assert "anna" in run(home, "user", "list").stdout
    assert not list(tmp_path.glob("*before-restore*")) and not list(tmp_path.glob(".*restoring"))


@pytest.mark.parametrize(
    ("name", "kind", "link"),
    [
        ("../outside", tarfile.REGTYPE, ""),
        ("/tmp/masthead-outside", tarfile.REGTYPE, ""),
        ("media/../../outside", tarfile.REGTYPE, ""),
        ("media", tarfile.SYMTYPE, "/"),
        ("media/a", tarfile.LNKTYPE, "secret_key"),
        ("pipe", tarfile.FIFOTYPE, ""),
    ],
)
def test_a_backup_that_reaches_out_of_its_folder_is_refused(tmp_path: Path, name: str, kind: bytes, link: str) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, link, 5 if kind == tarfile.REGTYPE else 0
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(member, io.BytesIO(b"hello"))
    archive = tmp_path / "folder" / "site.tar.zst"
    archive.parent.mkdir()
    archive.write_bytes(zstandard.compress(packed.getvalue()))
    refused = run(tmp_path / "folder" / "home", "restore", str(archive))
    assert refused.returncode == 2 and refused.stderr == f"masthead: {name} is no file of a backup\n"
    assert not Path("/tmp/masthead-outside").exists() and not list(tmp_path.rglob("outside"))
    assert [path.name for path in archive.parent.iterdir()] == ["site.tar.zst"]


def test_backups_under_load_hold_every_row_written_before_and_are_whole(tmp_path: Path) -> None:
    import sqlite3

    home = tmp_path / "home"
    run(home, "user", "list")
    from masthead.store.sqlite3.gate import GatedConnection

    acknowledged, done = [], threading.Event()

    def write() -> None:
        database = sqlite3.connect(home / "masthead.sqlite3", factory=GatedConnection, isolation_level=None)
        number = 0
        while not done.is_set():
            number += 1
            database.execute(
                "INSERT INTO store_heartbeat (step, started_at, done, failed, total, error)"
                " VALUES (?, '2026-01-01', 0, 0, 0, '')",
                (f"row-{number}",),
            )
            acknowledged.append(number)
        database.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            before = len(acknowledged)
            assert run(home, "backup", str(tmp_path / f"{number}.tar.zst")).returncode == 0
            restored = tmp_path / f"restored-{number}"
            assert run(restored, "restore", str(tmp_path / f"{number}.tar.zst")).returncode == 0
            with sqlite3.connect(restored / "masthead.sqlite3") as database:
                assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                assert database.execute("SELECT count(*) FROM store_heartbeat").fetchone()[0] >= before
            database.close()
    finally:
        done.set()
        writer.join()


def test_doctor_names_what_is_wrong(home: Path) -> None:
    well = run(home, "doctor", "--json")
    findings = [json.loads(line) for line in well.stdout.splitlines()]
    assert well.returncode == 0, well.stdout
    assert {"program", "database", "sqlite", "disk", "clock", "pipeline", "feeds", "queue", "backup"} <= {
        finding["check"] for finding in findings
    }
    run(home, "backup")
    assert "none was ever made" not in run(home, "doctor").stdout
    run(home, "manage", "shell", "-c", (
        "from masthead.store.heartbeat import beat; from masthead.store.steps import Outcome;"
        "from django.utils import timezone; beat('clean', timezone.now(), Outcome(), 'ValueError: a fault')"
    ))  # fmt: skip
    ill = run(home, "doctor")
    assert ill.returncode == 1 and "[WRONG ] step clean: ValueError: a fault" in ill.stdout
