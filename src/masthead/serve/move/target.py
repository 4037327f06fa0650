"""The database that a site is moved into: found empty, made ready, filled, finished, or cleared away."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError

from masthead.articles.search.lookup import BEGINNINGS
from masthead.serve.home import HomeError
from masthead.serve.move.canon import mended
from masthead.serve.move.tables import Table
from masthead.store import database
from masthead.store.database import MOVING, SQLITE_FILE

ALIAS = "moving"
Batch = Sequence[list[Any]]


class Target(Protocol):
    """What both kinds can do. `replaced`: characters that cannot be held there, by "table.column"."""

    connection: BaseDatabaseWrapper
    replaced: dict[str, int]

    def open(self) -> None: ...
    def replace(self, table: Table, rows: Batch) -> None: ...
    def write(self, table: Table, rows: Batch) -> None: ...
    def set_counter(self, table: Table, last: int) -> None: ...
    def settle(self) -> None: ...
    def finish(self) -> None: ...
    def clear(self) -> None: ...


def connect(configuration: dict[str, Any]) -> BaseDatabaseWrapper:
    """A connection of Django's to a database besides that of the settings."""
    known = {**settings.DATABASES, ALIAS: {**configuration, "CONN_MAX_AGE": None}}
    connections.settings = connections.configure_settings(known)
    return connections[ALIAS]


@contextmanager
def as_default(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For the while, all that asks for the site's database gets this one."""
    usual, alias = connections["default"], connection.alias
    connections["default"] = connection
    connection.alias = "default"
    try:
        yield
    finally:
        connection.alias = alias
        connections["default"] = usual


def make_tables(connection: BaseDatabaseWrapper, names: Sequence[str]) -> None:
    """All tables, and nothing in them (migrating leaves rights and kinds of things, which are copied like the rest)."""
    with as_default(connection):
        call_command("migrate", interactive=False, verbosity=0)
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608


class Lite:
    """A SQLite file under another name until it is whole."""

    def __init__(self, home: Path, names: Sequence[str]) -> None:
        self.replaced: dict[str, int] = {}
        self._names = names
        self._final = home / SQLITE_FILE
        self._fresh = self._final.with_name(f"{SQLITE_FILE}.moving")
        if self._final.exists():
            raise HomeError(f"there is a database already, {self._final}: move it out of the way first")
        self._remove()
        self.connection = connect({**database.configuration("", home), "NAME": str(self._fresh)})

    def open(self) -> None:
        make_tables(self.connection, self._names)
        with self.connection.cursor() as cursor:
            # Nothing is lost with this file before it has its name.
            for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -64000"):
                cursor.execute(f"PRAGMA {pragma}")

    def replace(self, table: Table, rows: Batch) -> None:
        """SQLite holds whatever PostgreSQL does."""

    def write(self, table: Table, rows: Batch) -> None:
        quote = self.connection.ops.quote_name
        marks = ", ".join(["%s"] * len(table.columns))
        columns = ", ".join(map(quote, table.columns))
        times = [place for place, kind in enumerate(table.kinds) if kind in ("instant", "day")]
        for row in rows:
            for place in times:
                if row[place] is not None:
                    row[place] = str(row[place].replace(tzinfo=None) if table.kinds[place] == "instant" else row[place])
        with transaction.atomic(using=ALIAS), self.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})", rows)  # noqa: S608

    def set_counter(self, table: Table, last: int) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])

    def settle(self) -> None:
        """Prove that all relations hold."""
        with self.connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_key_check")
            if broken := cursor.fetchone():
                raise HomeError(f"{broken[0]} {broken[1]} points at a row of {broken[2]} that is not there")

    def finish(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()
        with self._fresh.open("rb") as file:
            os.fsync(file.fileno())
        self._fresh.rename(self._final)
        self._remove()

    def clear(self) -> None:
        self.connection.close()
        self._remove()

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal", "-gate", "-turn"):
            self._fresh.with_name(self._fresh.name + suffix).unlink(missing_ok=True)


class Postgres:
    """A PostgreSQL database that bears a mark (an own table) until it is whole."""

    def __init__(self, url: str, home: Path, names: Sequence[str]) -> None:
        self.replaced: dict[str, int] = {}
        self._names = names
        self._later: list[str] = []
        self.connection = connect(database.configuration(url, home))
        try:
            self.connection.ensure_connection()
            found = self._tables()
        except DatabaseError as error:
            raise HomeError(f"the database cannot be opened: {str(error).strip().splitlines()[0]}") from error
        if found and MOVING not in found:
            raise HomeError(
                f"the database is not empty ({len(found)} tables, {found[0]} among them): make a new one with"
                " `createdb`, or empty this one"
            )
        if found:
            self.clear()

    def _tables(self) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
            return [str(name) for (name,) in cursor.fetchall()]

    def open(self) -> None:
        self._run(f"CREATE TABLE {MOVING} (since timestamptz DEFAULT now())")
        make_tables(self.connection, self._names)
        self._set_aside()
        self._run("SET synchronous_commit = off")

    def _set_aside(self) -> None:
        """Take indexes and relations off until the rows are there: made at once they cost a fraction."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT format('%I', relname), format('%I', conname), pg_get_constraintdef(c.oid) FROM pg_constraint c"
                " JOIN pg_class ON pg_class.oid = conrelid"
                " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
            )
            relations = cursor.fetchall()
            cursor.execute(
                "SELECT format('%I', indexname), indexdef FROM pg_indexes WHERE schemaname = current_schema()"
                " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)"
            )
            indexes = cursor.fetchall()
        for table, name, _ in relations:
            self._run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            self._run(f"DROP INDEX {name}")
        self._later = [definition for _, definition in indexes]
        self._later += [f"ALTER TABLE {table} ADD CONSTRAINT {name} {how}" for table, name, how in relations]

    def replace(self, table: Table, rows: Batch) -> None:
        """Put the sign for it in the place of what PostgreSQL cannot hold in a text, and count the values."""
        texts = [(place, kind) for place, kind in enumerate(table.kinds) if kind in ("text", "json")]
        for row in rows:
            for place, kind in texts:
                if row[place] is not None and (whole := mended(row[place], kind)) is not row[place]:
                    row[place] = whole
                    name = f"{table.name}.{table.columns[place]}"
                    self.replaced[name] = self.replaced.get(name, 0) + 1

    def write(self, table: Table, rows: Batch) -> None:
        quote = self.connection.ops.quote_name
        sql = f"COPY {quote(table.name)} ({', '.join(map(quote, table.columns))}) FROM STDIN"
        cursor: Any
        with self.connection.cursor() as cursor, cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(row)

    def set_counter(self, table: Table, last: int) -> None:
        with self.connection.cursor() as cursor:
            name = self.connection.ops.quote_name(table.name)
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, table.counter, last])

    def settle(self) -> None:
        """Make the indexes, and prove that all relations hold."""
        self._run("SET maintenance_work_mem = '256MB'")
        for statement in self._later:
            self._run(statement)
        self._run("ANALYZE")

    def finish(self) -> None:
        self._run("SET synchronous_commit = on")
        self._run(f"DROP TABLE {MOVING}")
        self.connection.close()

    def clear(self) -> None:
        """Take away what we made; the mark last, so that this too can be interrupted."""
        with suppress(DatabaseError):
            self.connection.close()
        # Interrupted where Django adds relations and indexes, the old one believes for ever that it is in a
        # transaction: `SchemaEditor.__exit__` runs them before it leaves its own.
        connections[ALIAS] = self.connection = self.connection.copy(ALIAS)
        left = [name for name in self._tables() if name != MOVING]
        quote = self.connection.ops.quote_name
        for name in left:
            self._run(f"DROP TABLE IF EXISTS {quote(name)} CASCADE")
        self._run(f"DROP FUNCTION IF EXISTS {BEGINNINGS}")
        self._run(f"DROP TABLE IF EXISTS {MOVING}")
        self.connection.close()

    def _run(self, statement: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
