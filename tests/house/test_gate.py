"""The write gate: writers never meet, in threads or processes, nor does a close with its checkpoint meet a writer."""

from __future__ import annotations

import gc
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from masthead.store.sqlite3.gate import Gate, GatedConnection, writes

# A writer that will not wait: busy_timeout is 0, so that the first meeting of two writers is an error.
# Every commit checkpoints (wal_autocheckpoint = 1); connections come and go.
WRITER = """
import random, sqlite3, sys, threading
from masthead.store.sqlite3.gate import GatedConnection
path, gated, rounds = sys.argv[1], sys.argv[2] == "gated", int(sys.argv[3])
failures = []
def work(number):
    try:
        for round in range(rounds):
            kind = GatedConnection if gated else sqlite3.Connection
            db = sqlite3.connect(path, timeout=0, isolation_level=None, factory=kind)
            db.execute("PRAGMA wal_autocheckpoint = 1")
            for _ in range(3):
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT INTO line (text) VALUES (?)", ("x" * random.randrange(9000),))
                db.execute("ROLLBACK" if random.random() < 0.2 else "COMMIT")
                row = db.execute("INSERT INTO line (text) VALUES ('y') RETURNING id")
                assert row.fetchone()[0] > 0
                db.executemany("INSERT INTO line (text) VALUES (?)", [("z",)])
            db.close()
            print("acknowledged", flush=True)
    except sqlite3.Error as error:
        failures.append(repr(error))
threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
[t.start() for t in threads]; [t.join() for t in threads]
sys.exit("; ".join(failures) or 0)
"""


def _database(path: Path) -> Path:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
    db.close()
    return path


def _writer(path: Path, kind: str, rounds: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), kind, str(rounds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_many_processes_and_threads_write_and_checkpoint_without_ever_meeting(tmp_path: Path) -> None:
    path = _database(tmp_path / "db.sqlite3")
    writers = [_writer(path, "gated", 25) for _ in range(4)]
    victim = _writer(path, "gated", 10_000)
    assert victim.stdout
    victim.stdout.readline()
    time.sleep(random.random())
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        acknowledged = db.execute("SELECT count(*) FROM line WHERE text = 'y'").fetchone()[0]
    assert acknowledged >= 4 * 3 * 25 * 3


def test_without_the_gate_the_same_writers_do_meet(tmp_path: Path) -> None:
    path = _database(tmp_path / "db.sqlite3")
    writers = [_writer(path, "bare", 60) for _ in range(2)]
    errors = "".join(writer.communicate(timeout=120)[1] for writer in writers)
    assert "database is locked" in errors


def test_closing_waits_for_the_writer_and_a_reader_does_not(tmp_path: Path) -> None:
    path = _database(tmp_path / "db.sqlite3")
    writer = sqlite3.connect(path, factory=GatedConnection, isolation_level=None, check_same_thread=False)
    closing = sqlite3.connect(path, factory=GatedConnection, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    thread = threading.Thread(target=closing.close)
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    reader = sqlite3.connect(path, factory=GatedConnection)
    assert reader.execute("SELECT count(*) FROM line").fetchone() == (0,)
    writer.execute("COMMIT")
    thread.join(10)
    assert not thread.is_alive()
    reader.close()
    writer.close()


def test_a_writer_that_waits_is_let_in_before_one_that_comes_again(tmp_path: Path) -> None:
    path = str(tmp_path / "db.sqlite3")
    greedy, patient = Gate(path), Gate(path)
    done = threading.Event()

    def keep_taking() -> None:
        while not done.is_set():
            greedy.take()
            time.sleep(0.005)
            greedy.give_back()

    thread = threading.Thread(target=keep_taking)
    thread.start()
    waits = []
    for _ in range(20):
        started = time.monotonic()
        patient.take()
        waits.append(time.monotonic() - started)
        patient.give_back()
    done.set()
    thread.join()
    assert max(waits) < 2, waits
    greedy.close()
    patient.close()


def test_a_gate_that_never_opens_is_a_clear_error(tmp_path: Path) -> None:
    one, other = Gate(str(tmp_path / "db")), Gate(str(tmp_path / "db"))
    one.take()
    with pytest.raises(sqlite3.OperationalError, match="has been writing"):
        other.take(timeout=0.05)
    one.close()
    other.take(timeout=1)
    other.close()


def test_a_connection_dropped_in_mid_transaction_gives_the_gate_back(tmp_path: Path) -> None:
    path = _database(tmp_path / "db.sqlite3")
    dropped = sqlite3.connect(path, factory=GatedConnection, isolation_level=None)
    dropped.execute("BEGIN IMMEDIATE")
    dropped.execute("INSERT INTO line (text) VALUES ('never')")
    del dropped
    gc.collect()
    gate = Gate(str(path))
    gate.take(timeout=1)
    gate.close()


def test_a_dropped_connection_never_waits_for_who_collects_it(tmp_path: Path) -> None:
    path = _database(tmp_path / "db.sqlite3")
    dropped = sqlite3.connect(path, factory=GatedConnection, isolation_level=None)
    dropped.execute("SELECT 1").fetchone()
    writer = sqlite3.connect(path, factory=GatedConnection, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    before = time.monotonic()
    del dropped
    gc.collect()
    # It used to wait 30 seconds for the gate that this thread itself holds.
    assert time.monotonic() - before < 15
    writer.execute("INSERT INTO line (text) VALUES ('kept')")
    writer.execute("COMMIT")
    assert writer.execute("SELECT count(*) FROM line WHERE text = 'kept'").fetchone() == (1,)
    writer.close()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", False),
        ("  -- why\n/* and */ select 1", False),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False),
        ("WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a", True),
        ("PRAGMA table_info(x)", False),
        ("PRAGMA main.wal_checkpoint(TRUNCATE)", True),
        ("PRAGMA journal_mode = WAL", True),
        ("EXPLAIN QUERY PLAN DELETE FROM x", False),
        ("INSERT INTO x VALUES (1)", True),
        ("VACUUM", True),
        ("-- comment only", True),
    ],
)
def test_what_counts_as_writing(sql: str, expected: bool) -> None:
    assert writes(sql) is expected


@pytest.mark.django_db(transaction=True)
def test_django_takes_the_gate_for_a_transaction_and_for_a_single_write() -> None:
    from masthead.store.models import Generation

    if connection.vendor != "sqlite":
        return
    connection.ensure_connection()
    gate = connection.connection.gate
    assert connection.settings_dict["ENGINE"] == "masthead.store.sqlite3"
    with transaction.atomic():
        assert gate.held
        with transaction.atomic():
            Generation.objects.create(soft=1, hard=1)
        assert gate.held
    assert not gate.held
    Generation.objects.create(soft=2, hard=2)
    assert not gate.held
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Generation.objects.create(soft=3, hard=3)
        raise ZeroDivisionError
    assert not gate.held
    assert Generation.objects.count() == 2
    with connection.cursor() as cursor:
        settings = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]
    assert Path(f"{connection.settings_dict['NAME']}-gate").exists()
