"""Row locks where the database has them. On SQLite the write gate already lets only one writer in."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def locked(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows, locked until the end of the transaction, against other writers."""
    return rows.select_for_update(of=("self",)) if connection.features.has_select_for_update_of else rows
