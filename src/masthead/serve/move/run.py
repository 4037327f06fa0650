"""The move itself: look, copy, settle, compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from masthead.articles.search.backend import backend
from masthead.articles.search.document import Document
from masthead.articles.search.windows import marks_of
from masthead.serve.home import HomeError
from masthead.serve.move import tables as what
from masthead.serve.move.canon import CannotMove, Digest, Reader
from masthead.serve.move.tables import Table
from masthead.serve.move.target import Lite, Postgres, Target, as_default

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that is the same on both sides. `replaced`: values of it in which characters were replaced."""

    table: str
    rows: int
    sha256: str
    replaced: int = 0


class Move:
    """One move of the site in the settings' database. Raises `HomeError` for whatever stands in its way."""

    def __init__(self, to: str, home: Path) -> None:
        source = self.source = connections["default"]
        lite = to.partition(":")[0] == "sqlite"
        if lite == (source.vendor == "sqlite"):
            other = "postgres://user:password@host/name" if lite else "sqlite"
            raise HomeError(f"the site is on {source.display_name} already: {other} is where it can be moved to")
        self.target: Target
        names = [model._meta.db_table for model in what.models()]
        self.target = Lite(home, names) if lite else Postgres(to, home, names)
        try:
            self.tables = what.tables()
        except CannotMove as error:
            raise HomeError(f"this database cannot be moved: {error}") from error

    def check(self) -> None:
        """Refuse while others use the source, and where SQLite holds what PostgreSQL would not."""
        if self.source.vendor == "postgresql":
            with self.source.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
                if others := cursor.fetchone()[0]:
                    raise HomeError(f"{others} other connections use the database: stop the site everywhere first")
            return
        if found := [line for table in self.tables for line in what.too_much(table, self.source)]:
            listed = "\n  ".join(found[:20])
            raise HomeError(f"PostgreSQL would refuse these; mend them with `masthead manage shell`:\n  {listed}")

    def size(self) -> int:
        """Steps of the progress: every row is copied and compared."""
        return 2 * sum(table.count(self.source) for table in [*self.tables, what.index(self.source)])

    def run(self, step: Progress) -> list[Moved]:
        """Copy, compare, and put the new database in its place. Whatever goes wrong, the target is cleared away."""
        try:
            with _unchanged(self.source, self.tables):
                self.target.open()
                moved = [self._copy(table, step) for table in self.tables]
                moved.append(self._copy_index(step))
                self._counters()
            self.target.settle()
            for table, one in zip([*self.tables, what.index(self.target.connection)], moved, strict=True):
                self._compare(table, one, step)
            self.target.finish()
        except BaseException:
            self.target.clear()
            raise
        return moved

    def _copy(self, table: Table, step: Progress) -> Moved:
        digest = Digest(table.kinds)
        for rows in table.rows(self.source):
            self.target.replace(table, rows)
            digest.add(rows)
            try:
                self.target.write(table, rows)
            except DatabaseError as error:
                what_it_says = " ".join(str(error).split())
                name = self.target.connection.display_name
                raise HomeError(f"{name} refuses rows of {table.name}: {what_it_says}") from error
            step(len(rows))
        replaced = sum(n for name, n in self.target.replaced.items() if name.startswith(f"{table.name}."))
        return Moved(table.name, digest.rows, digest.hex(), replaced)

    def _copy_index(self, step: Progress) -> Moved:
        """The search index is made anew of the documents that it holds: how it looks inside is each database's own."""
        found = what.index(self.source)
        digest = Digest(found.kinds)
        lost = Reader(found.kinds)
        with self.source.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT {found.name}.{found.key}, {found.name}.title, {found.name}.standfirst, body, terms,"  # noqa: S608
                f" language, source_id, sort_at FROM {found.name}"
                f" JOIN articles_article a ON a.id = {found.name}.{found.key}"
            )
            while batch := cursor.fetchmany(what.BATCH):
                rows = [lost(row[:5]) for row in batch]
                digest.add(rows)
                documents = [
                    Document(pk, title, standfirst, body, language, terms, marks_of(_aware(at), source))
                    for (pk, title, standfirst, body, terms), (*_, language, source, at) in zip(
                        rows, batch, strict=True
                    )
                ]
                with as_default(self.target.connection), transaction.atomic():
                    backend().write(documents)
                step(len(rows))
        return Moved(found.name, digest.rows, digest.hex())

    def _counters(self) -> None:
        """Numbers that were given once are not given again, also those of rows that are gone."""
        for table in self.tables:
            if table.counter and (last := _last(self.source, table)):
                self.target.set_counter(table, last)

    def _compare(self, table: Table, expected: Moved, step: Progress) -> None:
        digest = Digest(table.kinds)
        with transaction.atomic(using=self.target.connection.alias):
            for rows in table.rows(self.target.connection):
                digest.add(rows)
                step(len(rows))
        if (digest.rows, digest.hex()) != (expected.rows, expected.sha256):
            raise HomeError(
                f"{table.name} came out different ({digest.rows} of {expected.rows} rows): the site stays where it is;"
                " please report this"
            )


def _aware(at: Any) -> Any:
    read: Any = Reader(("instant",))([at])[0]
    return read


def _last(source: BaseDatabaseWrapper, table: Table) -> int:
    """The highest number that the source has given out in this table; 0: none."""
    with source.cursor() as cursor:
        if source.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
        else:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', table.counter])
            cursor.execute(f"SELECT last_value FROM {cursor.fetchone()[0]} WHERE is_called")  # noqa: S608
        row = cursor.fetchone()
        return int(row[0]) if row else 0


@contextmanager
def _unchanged(source: BaseDatabaseWrapper, tables: list[Table]) -> Iterator[None]:
    """Nobody writes to the source meanwhile."""
    with transaction.atomic(using=source.alias):
        if source.vendor == "postgresql":
            with source.cursor() as cursor:
                names = ", ".join(source.ops.quote_name(table.name) for table in tables)
                cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")
        # On SQLite a transaction of ours holds the write gate from its beginning.
        yield
