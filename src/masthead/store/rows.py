"""Many rows at once, in one prepared statement: for the pipeline, where the ORM's own ways cost more than the database.

Values pass through the model's fields, so that every database gets them as the ORM would give them. No signals, no
`save()`: callers see to what those would do. Call inside a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from django.db import connection
from django.db.models import (
    AutoField,
    BigAutoField,
    CharField,
    DateTimeField,
    FloatField,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

# What every database takes as it is, in these fields.
_PLAIN = frozenset((str, int, float))
_TAKES_PLAIN = (CharField, TextField, IntegerField, FloatField, ForeignKey)
Row = TypeVar("Row", bound=Model)


def insert_rows(rows: Sequence[Row]) -> None:
    """Insert new rows of one model; their keys are not read back."""
    if rows:
        fields = _settable(type(rows[0]))
        insert_values(type(rows[0]), [field.attname for field in fields], [_values(row, fields) for row in rows])


@lru_cache(maxsize=64)
def _settable(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField | BigAutoField)]


def insert_values(
    model: type[Model], names: Sequence[str], values: Sequence[Sequence[Any]], ignore: bool = False
) -> None:
    """Insert rows by their columns' values, as the database takes them. `ignore`: leave out those that are there."""
    if not values:
        return
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in _fields(model, names))
    marks = ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(f"{sql} ON CONFLICT DO NOTHING" if ignore else sql, values)


def held_by(row: Model, names: Sequence[str]) -> tuple[Any, ...]:
    """What the named fields of a row hold now, for `update_rows` to compare with.

    What may be changed in its inside later (JSON) is held as text.
    """
    values = (getattr(row, field.attname) for field in _fields(type(row), names))
    return tuple(msgspec.json.encode(value) if isinstance(value, dict | list) else value for value in values)


def update_rows(rows: Sequence[Row], names: Sequence[str], before: Mapping[Any, tuple[Any, ...]] | None = None) -> None:
    """Write the named fields of rows of one model, each found by its key.

    `before`: what they held (`held_by`), by key. Then only what is another is written, so that indexes of the rest are
    left alone.
    """
    if before is None:
        _update(rows, names)
        return
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        now = held_by(row, names)
        changed = tuple(name for name, new, old in zip(names, now, before[row.pk], strict=True) if new != old)
        alike.setdefault(changed, []).append(row)
    for changed, some in alike.items():
        if changed:
            _update(some, changed)


def _update(rows: Sequence[Row], names: Sequence[str]) -> None:
    if not rows:
        return
    quote = connection.ops.quote_name
    model = type(rows[0])
    fields = _fields(model, names)
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {table} SET {columns} WHERE {key} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*_values(row, fields), row.pk) for row in rows])


@lru_cache(maxsize=64)
def _fields_of(model: type[Model], names: tuple[str, ...]) -> list[Any]:
    return [model._meta.get_field(name) for name in names]


def _fields(model: type[Model], names: Sequence[str]) -> list[Any]:
    return _fields_of(model, tuple(names))


def _values(row: Model, fields: Sequence[Any]) -> list[Any]:
    """A row's values as the database takes them; the plain ones, which are nearly all, as they are."""
    values: list[Any] = []
    for field in fields:
        value = getattr(row, field.attname)
        if value is None or (type(value) in _PLAIN and isinstance(field, _TAKES_PLAIN)):
            pass
        elif isinstance(value, datetime) and isinstance(field, DateTimeField):
            value = connection.ops.adapt_datetimefield_value(value)
        elif isinstance(field, JSONField) and field.encoder is None:
            value = msgspec.json.encode(value).decode()
        else:
            value = field.get_db_prep_save(value, connection)
        values.append(value)
    return values
