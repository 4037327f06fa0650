"""Windows of time over the index, so that a word which very many articles hold is answered from the newest of them.

Beside its words each article is indexed under a mark for the day it stands at, for the four days, the sixteen days and
so on that this day belongs to. An index that joins a frequent word with a mark reads about as much as the mark has
articles, however large the archive is. With marks of each size a few questions find the newest that hold a word.
An article has a mark of its source as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor

MOST = 1000
"""So many, the newest, are ranked and may be paged through where a query finds more."""
LEVELS = 7
GROWTH = 4
MOST_MARKS = 8
"""Of a window."""
Marks = Sequence[Sequence[str]]
"""Of each of these groups of marks an article is to have one."""
# A character for private use: no text that a reader types has it, and both databases take it for part of a word.
SIGN = "\ue000"
_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = (datetime(1, 1, 2, tzinfo=UTC) - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Window:
    """Articles that stand at `since` or later are in it; `marks`: they have one of these."""

    marks: tuple[str, ...]
    since: datetime


def _bucket(at: datetime, level: int) -> int:
    days: int = int(at.timestamp()) // _DAY
    return days // int(GROWTH**level)


def _mark(level: int, bucket: int) -> str:
    # A number below zero (before 1970) has a sign of its own, which would part the word.
    return f"{SIGN}{level}x{bucket}" if bucket >= 0 else f"{SIGN}{level}z{-bucket}"


def marks(at: datetime) -> list[str]:
    """The marks of an article that stands at `at`, one of each size."""
    return [_mark(level, _bucket(at, level)) for level in range(LEVELS)]


def source_mark(source_id: int) -> str:
    """The mark of all articles of a source, which they never change."""
    return f"{SIGN}s{source_id}"


def lasting(marks: Marks) -> Marks:
    """Those of these groups that are not of windows of time: few articles have them, wherever these stand."""
    return [group for group in marks if group[0].startswith(f"{SIGN}s")]


def marks_of(at: datetime, source_id: int) -> tuple[str, ...]:
    """All marks of an article."""
    return (*marks(at), source_mark(source_id))


def window(until: datetime, days: float) -> Window | None:
    """The window that ends with `until` and goes back so many days, and from there to the beginning of its oldest mark:
    four sevenths more at most. None where it is longer than there are marks for (eighty years)."""
    first_day = max(floor((until - _EPOCH) / timedelta(days=1) - days), _FIRST_DAY)
    for level in range(LEVELS):
        size = GROWTH**level
        first, last = first_day // size, _bucket(until, level)
        if last - first < MOST_MARKS:
            since = _EPOCH + timedelta(days=max(first * size, _FIRST_DAY))
            return Window(tuple(_mark(level, bucket) for bucket in range(last, first - 1, -1)), since)
    return None
