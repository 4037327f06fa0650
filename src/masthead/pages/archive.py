"""The archive by year, month and day, with counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDay, TruncMonth, TruncYear

from masthead.articles.queries import of_edition, visible
from masthead.pages.lists import bounds, zone
from masthead.pages.types import ArchiveCount, ArchivePage

TRUNCATE = {"year": TruncYear, "month": TruncMonth, "day": TruncDay}


def archive(edition: str, year: int | None = None, month: int | None = None) -> ArchivePage | None:
    """The years that have articles, or the months of a year, or the days of a month, newest first.

    None when there is no such year or month in the calendar, or nothing in it.
    """
    articles = of_edition(visible(), edition)
    first: date | None = None
    precision = "year"
    if year is not None:
        try:
            first = date(year, month or 1, 1)
            last = (
                date(year, 12, 31)
                if month is None
                else (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            )
            start, end = bounds(first, last)
        except (ValueError, OverflowError):
            return None
        articles = articles.filter(sort_at__gte=start, sort_at__lt=end)
        precision = "month" if month is None else "day"
    rows = (
        articles.order_by()
        .annotate(part=TRUNCATE[precision]("sort_at", tzinfo=zone()))
        .values("part")
        .annotate(articles=Count("id"))
        .order_by("-part")
    )
    counts = tuple(ArchiveCount(day=_day(row["part"]), articles=row["articles"]) for row in rows)
    if first is not None and not counts:
        return None
    return ArchivePage(edition=edition, precision=precision, counts=counts, day=first)


def _day(part: datetime | date) -> date:
    return part.date() if isinstance(part, datetime) else part
