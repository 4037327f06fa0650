"""The write gate of one SQLite file, and a `sqlite3.Connection` that passes through it by itself.

The gate is a `flock` on `<database>-gate`, which the kernel gives back when its holder dies. In front of it stands a
turnstile, `<database>-turn`: who waits for the gate holds it, so that a writer in a tight loop cannot overtake.
"""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from masthead.store.metrics import Timing

GATE_TIMEOUT = 30.0
"""Seconds that a writer waits for the others."""

waits = Timing("masthead_write_gate_seconds", "Waits for the write gate of SQLite.")

_READS = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(SELECT|EXPLAIN|VALUES|PRAGMA|WITH)\b", re.I | re.S)
_WRITING_PRAGMA = re.compile(r"PRAGMA\s+(\w+\.)?(wal_checkpoint|optimize|incremental_vacuum|journal_mode\s*=)", re.I)
_WRITING_WITH = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.I)


def writes(sql: str) -> bool:
    """Whether a statement may change the database. In doubt, yes: an idle pass through the gate does no harm."""
    match = _READS.match(sql)
    if match is None:
        return True
    keyword = match[1].upper()
    if keyword == "PRAGMA":
        return bool(_WRITING_PRAGMA.search(sql))
    return keyword == "WITH" and bool(_WRITING_WITH.search(sql))


class Gate:
    """One connection's key to the gate of its database. Reentrant; not for two threads at once."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._locks: tuple[int, int] | None = None
        self.held = False

    def take(self, timeout: float = GATE_TIMEOUT) -> None:
        """Wait for the gate. Raises `sqlite3.OperationalError` when another writer keeps it for `timeout` seconds."""
        if self.held:
            return
        if self._locks is None:
            self._locks = (self._open("-turn"), self._open("-gate"))
        turn, gate = self._locks
        began = time.monotonic()
        deadline = began + timeout
        self._lock(turn, deadline)
        try:
            self._lock(gate, deadline)
            self.held = True
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)
            waits.took(time.monotonic() - began)

    def give_back(self) -> None:
        if self.held and self._locks is not None:
            self.held = False
            fcntl.flock(self._locks[1], fcntl.LOCK_UN)

    def close(self) -> None:
        self.give_back()
        if self._locks is not None:
            for descriptor in self._locks:
                os.close(descriptor)
            self._locks = None

    def _open(self, suffix: str) -> int:
        try:
            return os.open(self._database + suffix, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise sqlite3.OperationalError(f"cannot open {self._database}{suffix}: {error.strerror}") from error

    def _lock(self, descriptor: int, deadline: float) -> None:
        pause = 0.0002
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise sqlite3.OperationalError(
                        f"database is locked: another process has been writing to {self._database} for too long"
                    ) from error
            time.sleep(pause)
            pause = min(pause * 1.5, 0.01)


class GatedConnection(sqlite3.Connection):
    """A connection that holds the gate while it writes, from BEGIN to COMMIT or ROLLBACK, and while it closes.

    Closing counts, because the last connection to close checkpoints.
    """

    _closed = True

    def __init__(self, database: str | Path, *args: Any, **options: Any) -> None:
        name = str(database)
        memory = name == ":memory:" or name.startswith("file:")
        self.gate = None if memory else Gate(name)
        super().__init__(database, *args, **options)
        self._closed = False

    @contextmanager
    def gated(self) -> Iterator[None]:
        """Hold the gate for a block, and on until the transaction ends that the block leaves open."""
        if self.gate is None or self._closed:
            yield
            return
        self.gate.take()
        try:
            yield
        finally:
            if not self.in_transaction:
                self.gate.give_back()

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(GatedCursor if factory is None else factory)

    def execute(self, sql: str, parameters: Any = ()) -> GatedCursor:
        cursor: GatedCursor = self.cursor()
        return cursor.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any]) -> GatedCursor:
        cursor: GatedCursor = self.cursor()
        return cursor.executemany(sql, parameters)

    def executescript(self, sql_script: str) -> GatedCursor:
        cursor: GatedCursor = self.cursor()
        return cursor.executescript(sql_script)

    def commit(self) -> None:
        with self.gated():
            super().commit()

    def rollback(self) -> None:
        with self.gated():
            super().rollback()

    def close(self) -> None:
        if self._closed or self.gate is None:
            super().close()
            return
        self.gate.take()
        try:
            super().close()
            self._closed = True
        finally:
            self.gate.close()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> Any:
        with self.gated():
            return super().__exit__(kind, value, trace)

    def __del__(self) -> None:
        # A thread that ends drops its connection without closing it. The garbage collector may come by in a thread that
        # holds the gate with another connection, so nothing waits here: who holds the gate has a connection open, which
        # makes this one not the last, and only the last one checkpoints.
        with suppress(sqlite3.Error, OSError, TypeError, AttributeError):
            if self._closed:
                return
            if self.gate is not None:
                with suppress(sqlite3.OperationalError):
                    self.gate.take(timeout=0)
            try:
                super().close()
                self._closed = True
            finally:
                if self.gate is not None:
                    self.gate.close()


class GatedCursor(sqlite3.Cursor):
    """A cursor of a `GatedConnection`."""

    connection: GatedConnection
    _rows: Iterator[Any] | None = None

    def execute(self, sql: str, parameters: Any = ()) -> GatedCursor:
        self._rows = None
        if not writes(sql):
            super().execute(sql, parameters)
            return self
        with self.connection.gated():
            super().execute(sql, parameters)
            self._finish()
        return self

    def executemany(self, sql: str, parameters: Iterable[Any]) -> GatedCursor:
        self._rows = None
        with self.connection.gated():
            super().executemany(sql, parameters)
        return self

    def executescript(self, sql_script: str) -> GatedCursor:
        self._rows = None
        with self.connection.gated():
            super().executescript(sql_script)
        return self

    def _finish(self) -> None:
        """Read all rows of RETURNING: outside a transaction reading the last one commits, which needs the gate."""
        if self.description is not None and not self.connection.in_transaction:
            self._rows = iter(super().fetchall())

    def fetchone(self) -> Any:
        return super().fetchone() if self._rows is None else next(self._rows, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        if self._rows is None:
            return super().fetchmany(size)
        return [row for _, row in zip(range(size or 1), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return super().fetchall() if self._rows is None else list(self._rows)

    def __next__(self) -> Any:
        return super().__next__() if self._rows is None else next(self._rows)
