"""Many rows at once, in one prepared statement: for the pipeline, where the ORM's own ways cost more than the database.

Values pass through the model's fields, so that every database gets them as the ORM would give them. No signals, no
`save()`: callers see to what those would do. Call inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import (
    AutoField,
    BigAutoField,
    CharField,
    FloatField,
    ForeignKey,
    IntegerField,
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
        fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, AutoField | BigAutoField)]
        insert_values(type(rows[0]), [field.attname for field in fields], [_values(row, fields) for row in rows])


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


def update_rows(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write the named fields of rows of one model, each found by its key."""
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


def _fields(model: type[Model], names: Sequence[str]) -> list[Any]:
    return [model._meta.get_field(name) for name in names]


def _values(row: Model, fields: Sequence[Any]) -> list[Any]:
    """A row's values as the database takes them; the plain ones, which are nearly all, as they are."""
    values: list[Any] = []
    for field in fields:
        value = getattr(row, field.attname)
        if value is not None and not (type(value) in _PLAIN and isinstance(field, _TAKES_PLAIN)):
            value = field.get_db_prep_save(value, connection)
        values.append(value)
    return values
