"""Rows into tables as fast as each database takes them: `executemany` on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from masthead.articles.search import lookup, postgres


def lite() -> bool:
    return connection.vendor == "sqlite"


@contextmanager
def bulk() -> Iterator[None]:
    """While a site is made nobody would mourn it: no syncing, no journal."""
    with connection.cursor() as cursor:
        if lite():
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "foreign_keys = OFF"):
                cursor.execute(f"PRAGMA {pragma}")
        else:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SET session_replication_role = replica")  # foreign keys are right by making
            cursor.execute("SET maintenance_work_mem = '1GB'")
    yield
    if lite():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
    connection.close()


class Table:
    """Rows of a model: what a new object of it holds, but for the columns that are named."""

    def __init__(self, model: type[Model], *names: str) -> None:
        fields = list(model._meta.concrete_fields)
        blank = model()
        values: list[Any] = []
        for field in fields:
            value = getattr(blank, field.attname) if field.attname not in names else None
            if getattr(field, "auto_now_add", False):
                value = timezone.now()
            if field.get_internal_type() == "JSONField" and value is not None:
                value = "{}" if value == {} else "[]"
            values.append(instant(value) if isinstance(value, datetime) else value)
        self._quoted = f'"{model._meta.db_table}"'
        self._columns = ", ".join(f'"{field.column}"' for field in fields)
        self._base = values
        self._places = [[field.attname for field in fields].index(name) for name in names]

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put rows in, each with the values of the named columns."""
        with connection.cursor() as cursor:
            if lite():
                marks = ", ".join(["?"] * len(self._base))
                sql = f"INSERT INTO {self._quoted} ({self._columns}) VALUES ({marks})"
                connection.connection.executemany(sql, map(self._whole, rows))
            else:
                with cursor.copy(f"COPY {self._quoted} ({self._columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(self._whole(row))

    def _whole(self, row: tuple[Any, ...]) -> list[Any]:
        values = self._base.copy()
        for place, value in zip(self._places, row, strict=True):
            values[place] = value
        return values


def instant(at: datetime) -> Any:
    """A time as the database in use takes it in bulk."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if lite() else at


def write_index(rows: list[tuple[int, str, str, str, str, list[str]]]) -> None:
    """Documents into the search index: id, title, standfirst, text, terms, marks."""
    with connection.cursor() as cursor:
        if lite():
            connection.connection.executemany(
                "INSERT INTO articles_search (rowid, title, standfirst, body, terms, days) VALUES (?, ?, ?, ?, ?, ?)",
                [(*row[:5], " ".join(row[5])) for row in rows],
            )
            return
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS fresh (article_id bigint, title text, standfirst text, body text,"
            " terms text, days text[])"
        )
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS known (body text PRIMARY KEY, vector tsvector)")
        cursor.execute("TRUNCATE fresh")
        with cursor.copy("COPY fresh FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        # Words without accents, in small letters: folding changes nothing, and both vectors come from one text.
        part = "setweight(to_tsvector('english', {0}) || to_tsvector('simple', {0}), '{1}')"
        vector = " || ".join(
            part.format(column, weight) for column, weight in (("title", "A"), ("standfirst", "B"), ("body", "D"))
        )
        cursor.execute(
            f"WITH new AS (INSERT INTO known SELECT body, {vector} FROM fresh WHERE NOT EXISTS"
            " (SELECT FROM known WHERE known.body = fresh.body) RETURNING vector)"
            f" INSERT INTO {lookup.WORDS} SELECT DISTINCT unnest(tsvector_to_array(vector)) FROM new"
            " ON CONFLICT DO NOTHING"
        )
        cursor.execute(
            f"INSERT INTO {postgres.TABLE} SELECT article_id, title, standfirst, fresh.body, terms,"
            " known.vector || array_to_tsvector(days) FROM fresh JOIN known USING (body) ORDER BY article_id"
        )


@contextmanager
def without_index() -> Iterator[None]:
    """PostgreSQL makes a GIN index over what is there much faster than row by row."""
    if lite():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'articles_search_vector'")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX articles_search_vector")
    yield
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(definition)
    print(f"the search index made in {time.monotonic() - began:.0f} s", flush=True)
