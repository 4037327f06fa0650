"""Row locks where the database has them. On SQLite the write gate already lets only one writer in."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from masthead.feeds.models import Feed

Row = TypeVar("Row", bound=Model)


def locked(rows: QuerySet[Row], *, skip: bool = False) -> QuerySet[Row]:
    """The rows, locked until the end of the transaction, against other writers. `skip`: without those of others."""
    if not connection.features.has_select_for_update_of:
        return rows
    return rows.select_for_update(of=("self",), skip_locked=skip)


def feed_locked(pk: int | None) -> Feed | None:
    """A feed, locked. It is locked before its subscription at a hub, by all: so none wait for each other."""
    return locked(Feed.objects.filter(pk=pk)).first() if pk is not None else None
