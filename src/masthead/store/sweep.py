"""Going through the old rows of a table in bounded batches, oldest first, again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

WHOLE = timedelta(days=1)


class Sweep:
    """`rows` gives a table whose field `at` is a row's time; `prune` takes keys of rows that are older than a moment,
    and tells how many it changed.

    Once a day a round goes through all rows. The rounds between begin where rows were too young before, and end with
    the first batch that has none to offer, so that what was left standing is not looked at every few minutes. Where a
    round is, this process alone remembers: one that starts anew begins at the beginning, which harms nothing.
    """

    def __init__(self, rows: Callable[[], QuerySet[Any]], at: str, prune: Callable[[list[int]], int]) -> None:
        self._rows, self._at, self._prune = rows, at, prune
        self.forget()

    def forget(self) -> None:
        """Begin at the beginning."""
        self._reached = self._begin = 0
        self._young: int | None = None
        self._under_way = False
        self._whole = True
        self._last_whole: datetime | None = None

    def run(self, before: datetime, limit: int) -> tuple[int, bool]:
        """One batch: how many rows were changed, and whether there is more to look at now."""
        if not self._under_way:
            self._start()
        rows = self._rows().filter(pk__gt=self._reached).order_by("pk").values_list("pk", self._at)
        found = list(rows[:limit])
        old = [pk for pk, at in found if at < before]
        if self._young is None and len(old) < len(found):
            self._young = next(pk for pk, at in found if at >= before)
        changed = self._prune(old) if old else 0
        if found:
            self._reached = found[-1][0]
        self._under_way = len(found) == limit and (self._whole or bool(old))
        if not self._under_way:
            self._begin = self._reached if self._young is None else self._young - 1
        return changed, self._under_way

    def _start(self) -> None:
        now = timezone.now()
        # A clock that was put back would otherwise leave no whole round for as long.
        self._whole = self._last_whole is None or not timedelta() <= now - self._last_whole < WHOLE
        if self._whole:
            self._last_whole = now
        self._reached = 0 if self._whole else self._begin
        self._young = None
