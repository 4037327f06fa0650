"""`masthead serve` with real processes: the first start, the refusals, the stops and the falls."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow

MASTHEAD = [sys.executable, "-m", "masthead"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MASTHEAD", "DATABASE", "DJANGO"))
    }
    return {**kept, "MASTHEAD_HOME": str(home), **more}


def masthead(home: Path, *arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MASTHEAD, *arguments], env=environment(home, **more), capture_output=True, text=True, timeout=120, input=given
    )


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


class Serving:
    """A running `masthead`, in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.log = home.with_suffix(".log")
        self.process = subprocess.Popen(
            [*MASTHEAD, "--bind", f"127.0.0.1:{self.port}"],
            env=environment(home),
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )

    def answers(self, path: str = "/readyz") -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def named(self, name: str) -> psutil.Process:
        found = [p for p in self.family() if "masthead.serve.child" in p.cmdline() and name in p.cmdline()]
        return found[0]


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    started = Serving(tmp_path / "home")
    try:
        wait_for(started.answers)
        yield started
    finally:
        family = started.family() if started.process.poll() is None else []
        if started.process.poll() is None:
            started.process.kill()
        for process in family:
            if process.is_running():
                process.kill()
        started.process.wait()


def test_the_first_start_makes_a_home_that_only_its_owner_reads(serving: Serving) -> None:
    home = serving.home
    assert {"secret_key", "masthead.toml", "masthead.sqlite3", "version", "static"} <= {
        path.name for path in home.iterdir()
    }
    assert home.stat().st_mode & 0o077 == 0 and (home / "secret_key").stat().st_mode & 0o077 == 0
    wait_for(lambda: f"http://127.0.0.1:{serving.port}/" in serving.log.read_text())
    assert "masthead user add NAME" in serving.log.read_text()
    assert serving.answers("/") and serving.answers("/metrics") and serving.answers("/healthz")
    assert not list(home.glob("backups/*"))


def test_sigterm_stops_everything_within_ten_seconds(serving: Serving) -> None:
    family = serving.family()
    assert len(family) >= 3
    started = time.monotonic()
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(15) == 0
    assert time.monotonic() - started < 10
    wait_for(lambda: not any(process.is_running() and process.status() != "zombie" for process in family), 5)


def test_a_killed_child_is_started_again(serving: Serving) -> None:
    wait_for(lambda: len(serving.family()) >= 3)
    for name in ("pipeline", "web"):
        old = serving.named(name)
        old.kill()
        wait_for(
            lambda name=name, old=old: any(  # type: ignore[misc]
                name in p.cmdline() and p.pid != old.pid for p in serving.family() if p.status() != "zombie"
            )
        )
    wait_for(serving.answers)


def test_no_orphan_is_left_when_the_supervisor_is_killed(serving: Serving) -> None:
    wait_for(lambda: len(serving.family()) >= 3)
    family = serving.family()
    serving.process.kill()
    serving.process.wait()
    wait_for(lambda: not any(process.is_running() and process.status() != "zombie" for process in family), 12)


def test_a_second_serve_on_the_same_home_is_refused(serving: Serving) -> None:
    second = masthead(serving.home, "serve", "--bind", f"127.0.0.1:{free_port()}")
    assert second.returncode == 2 and second.stderr.count("\n") == 1
    assert f"process {serving.process.pid}" in second.stderr
    assert serving.answers()


def test_a_port_in_use_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        refused = masthead(tmp_path / "home", "--bind", f"127.0.0.1:{port}")
    assert refused.returncode == 2 and refused.stderr.count("\n") == 1
    assert str(port) in refused.stderr and "--bind" in refused.stderr
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    in_the_way = tmp_path / "home"
    in_the_way.write_text("not a folder")
    refused = masthead(in_the_way, "serve", "--bind", f"127.0.0.1:{free_port()}")
    assert refused.returncode == 2 and refused.stderr.count("\n") == 1 and str(in_the_way) in refused.stderr
    assert in_the_way.read_text() == "not a folder"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("site_nam = 'x'", "no such setting: site_nam"),
        ("poll_floor = 'soon'", "MASTHEAD_POLL_FLOOR"),
        ("lane_concurrency = 0", "MASTHEAD_LANE_CONCURRENCY=0 cannot be used: 1 is the least"),
        ("= 1", "cannot be read"),
    ],
)
def test_a_wrong_settings_file_is_one_clear_line(tmp_path: Path, toml: str, told: str) -> None:
    (tmp_path / "masthead.toml").write_text(toml)
    for command in (("serve",), ("doctor",)):
        refused = masthead(tmp_path, *command)
        assert refused.returncode == 2 and refused.stderr.count("\n") == 1 and told in refused.stderr


@pytest.mark.parametrize("bind", ["nonsense", "127.0.0.1:99999", "127.0.0.1:"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, bind: str) -> None:
    refused = masthead(tmp_path / "home", "--bind", bind)
    assert refused.returncode == 2 and "HOST:PORT" in refused.stderr


def _change(home: Path, *statements: str) -> None:
    with sqlite3.connect(home / "masthead.sqlite3") as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def test_a_database_of_a_newer_masthead_is_refused_and_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert masthead(home, "user", "list").returncode == 0
    _change(home, "INSERT INTO django_migrations (app, name, applied) VALUES ('feeds', '0999_tomorrow', '2030-01-01')")
    for command in (("serve", "--bind", f"127.0.0.1:{free_port()}"), ("user", "list")):
        refused = masthead(home, *command)
        assert refused.returncode == 2 and refused.stderr.count("\n") == 1
        assert "feeds.0999_tomorrow" in refused.stderr and "newer Masthead" in refused.stderr


def test_a_database_whose_tables_are_others_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Its migrations have the names of ours; what they made does not."""
    home = tmp_path / "home"
    assert masthead(home, "user", "list").returncode == 0
    _change(home, "ALTER TABLE articles_article DROP COLUMN word_count", "DROP TABLE weather_reading")
    for command in (("serve", "--bind", f"127.0.0.1:{free_port()}"), ("user", "list")):
        refused = masthead(home, *command)
        assert refused.returncode == 2 and refused.stderr.count("\n") == 1
        assert "it lacks articles_article.word_count and" in refused.stderr and "a backup of this one" in refused.stderr


def test_an_older_database_is_upgraded_by_serve_alone_after_a_backup(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert masthead(home, "user", "add", "anna", "--generate").returncode == 0
    with sqlite3.connect(home / "masthead.sqlite3") as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE name GLOB 'weather_*'")]
        tables = [name for name in tables if name.count("_") == 1]
    database.close()
    _change(home, "DELETE FROM django_migrations WHERE app = 'weather'", *(f"DROP TABLE {name}" for name in tables))
    (home / "version").write_text("0.0.1\n")
    refused = masthead(home, "user", "list")
    assert refused.returncode == 2 and "start `masthead` once" in refused.stderr
    serving = Serving(home)
    try:
        wait_for(serving.answers)
    finally:
        serving.process.terminate()
        serving.process.wait(15)
    assert (home / "version").read_text() != "0.0.1\n"
    [backup] = (home / "backups").glob("before-*-from-0.0.1.sqlite3")
    with sqlite3.connect(backup) as kept:
        assert kept.execute("SELECT username FROM accounts_user").fetchall() == [("anna",)]
    assert "anna" in masthead(home, "user", "list").stdout


def test_a_postgres_address_that_is_none_or_does_not_answer(tmp_path: Path) -> None:
    wrong = masthead(tmp_path / "a", "user", "list", DATABASE_URL="mysql://x/y")
    assert wrong.returncode == 2 and "postgres://" in wrong.stderr and wrong.stderr.count("\n") == 1
    silent = masthead(tmp_path / "b", "user", "list", DATABASE_URL=f"postgres://u@127.0.0.1:{free_port()}/x")
    assert silent.returncode == 2 and "cannot be opened" in silent.stderr and silent.stderr.count("\n") == 1


def test_every_command_has_help_with_an_example(tmp_path: Path) -> None:
    listed = masthead(tmp_path, "--help").stdout
    names = re.findall(r"^  ([a-z][a-z-]*) ", listed.split("Commands:")[1], re.M)
    assert {"serve", "user", "backup", "restore", "doctor", "manage", "feed", "poll", "inspect"} <= set(names)
    for name in names:
        shown = masthead(tmp_path / "home", name, "--help")
        assert shown.returncode == 0, shown.stderr
        assert "Example:" in shown.stdout or name == "inspect", name
