"""Row locks where the database has them. On SQLite the write gate already lets only one writer in."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def locked(rows: QuerySet[Row], *, skip: bool = False) -> QuerySet[Row]:
    """The rows, locked until the end of the transaction, against other writers. `skip`: without those of others."""
    if not connection.features.has_select_for_update_of:
        return rows
    return rows.select_for_update(of=("self",), skip_locked=skip)
