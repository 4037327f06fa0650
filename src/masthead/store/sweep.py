"""Going through the old rows of a table in bounded batches, oldest first, again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet


class Sweep:
    """`older` gives the rows before a moment; `prune` takes keys of such rows and tells how many it changed.

    Where the last batch ended is remembered by this process alone: what was left standing is not looked at again until
    a whole round is over. A process that starts anew begins at the beginning, which harms nothing.
    """

    def __init__(self, older: Callable[[datetime], QuerySet[Any]], prune: Callable[[list[int]], int]) -> None:
        self._older, self._prune = older, prune
        self._reached = 0

    def run(self, before: datetime, limit: int) -> tuple[int, bool]:
        """One batch: how many rows were changed, and whether there is more to look at now."""
        rows = self._older(before).filter(pk__gt=self._reached).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:limit])
        full = len(keys) == limit
        self._reached = keys[-1] if full else 0
        return (self._prune(keys) if keys else 0), full
