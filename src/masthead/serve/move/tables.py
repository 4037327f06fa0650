"""What is copied: every table of every model, and the documents of the search index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, CharField, Field, Model

from masthead.serve.move.canon import Reader, kind_of

BATCH = 500
INDEX = "articles_search"


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` with their `kinds`; `limits`: the most that PostgreSQL takes there (characters, or a number's range);
    `counter`: the column whose values the database gives out by itself, or ""."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    key: str
    limits: tuple[tuple[str, str, int, int], ...] = ()
    counter: str = ""

    def rows(self, connection: BaseDatabaseWrapper) -> Iterator[list[list[Any]]]:
        """All rows in batches; memory does not grow with the table."""
        quote = connection.ops.quote_name
        read = Reader(self.kinds)
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(map(quote, self.columns))} FROM {quote(self.name)}")  # noqa: S608
            while batch := cursor.fetchmany(BATCH):
                yield [read(row) for row in batch]

    def count(self, connection: BaseDatabaseWrapper) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(self.name)}")  # noqa: S608
            return int(cursor.fetchone()[0])


def models() -> list[type[Model]]:
    """The models whose tables are copied."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def tables() -> list[Table]:
    """Every table of the site's models. Raises `CannotMove` for a column of a type that has no rule."""
    return [_table(model) for model in models()]


def _table(model: type[Model]) -> Table:
    fields: Sequence[Field[Any, Any]] = model._meta.concrete_fields
    key = model._meta.pk
    assert key is not None
    return Table(
        name=model._meta.db_table,
        columns=tuple(str(field.column) for field in fields),
        kinds=tuple(map(kind_of, fields)),
        key=str(key.column),
        limits=tuple(limit for field in fields if (limit := _limit(field)) is not None),
        counter=str(key.column) if isinstance(key, AutoField) else "",
    )


# The most that PostgreSQL's types hold, by the words in which Django asks for them.
_RANGES = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


def _limit(field: Field[Any, Any]) -> tuple[str, str, int, int] | None:
    """What SQLite does not check: the length of texts, the range of numbers."""
    if isinstance(field, CharField) and field.max_length is not None:
        return str(field.column), "text", 0, field.max_length
    if kind_of(field) == "whole":
        high = _RANGES[_TYPES.get(field.get_internal_type(), "bigint")]
        return str(field.column), "whole", -high - 1, high
    return None


_TYPES = {
    **dict.fromkeys(("SmallIntegerField", "PositiveSmallIntegerField", "SmallAutoField"), "smallint"),
    **dict.fromkeys(("IntegerField", "PositiveIntegerField", "AutoField"), "integer"),
}


def too_much(table: Table, connection: BaseDatabaseWrapper) -> list[str]:
    """Rows that PostgreSQL would refuse, named with the reason; five of a column at most."""
    quote = connection.ops.quote_name
    found: list[str] = []
    with connection.cursor() as cursor:
        for column, kind, low, high in table.limits:
            measure = f"length({quote(column)})" if kind == "text" else quote(column)
            cursor.execute(
                f"SELECT {quote(table.key)}, {measure} FROM {quote(table.name)}"  # noqa: S608
                f" WHERE {measure} > {high} OR {measure} < {low} LIMIT 5"
            )
            unit = " characters" if kind == "text" else ""
            found += [
                f"{table.name} {key}: {column} is {value:,}{unit}, {high:,} is the most"
                for key, value in cursor.fetchall()
            ]
    return found


def index(connection: BaseDatabaseWrapper) -> Table:
    """The documents of the search index, which both databases keep beside the index itself."""
    key = "rowid" if connection.vendor == "sqlite" else "article_id"
    return Table(INDEX, (key, "title", "standfirst", "body", "terms"), ("whole", *["text"] * 4), key)
