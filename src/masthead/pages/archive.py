"""The archive by year, month and day, with counts."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from operator import attrgetter

from masthead.pages.models import DayCount
from masthead.pages.types import ArchiveCount, ArchivePage


def archive(edition: str, year: int | None = None, month: int | None = None) -> ArchivePage | None:
    """The years that have articles, or the months of a year, or the days of a month, newest first.

    None when there is no such year or month in the calendar, or nothing in it. One query over the kept counts.
    """
    counts = DayCount.objects.filter(edition=edition, articles__gt=0)
    first: date | None = None
    precision = "year"
    if year is not None:
        try:
            first = date(year, month or 1, 1)
        except (ValueError, OverflowError):
            return None
        last = date(year, 12, 31) if month is None else (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        counts = counts.filter(day__range=(first, last))
        precision = "month" if month is None else "day"
    # A row for each day of decades: numbers are added up, and dates made of the few sums.
    totals: Counter[int] = Counter()
    part = attrgetter(precision)
    for day, articles in counts.values_list("day", "articles"):
        totals[part(day)] += articles
    if first is not None and not totals:
        return None
    found = tuple(
        ArchiveCount(day=_beginning(number, first, precision), articles=totals[number])
        for number in sorted(totals, reverse=True)
    )
    return ArchivePage(edition=edition, precision=precision, counts=found, day=first)


def _beginning(number: int, first: date | None, precision: str) -> date:
    """The first day of this year, or of this month or day of the time that begins with `first`."""
    if first is None:
        return date(number, 1, 1)
    return first.replace(month=number) if precision == "month" else first.replace(day=number)
