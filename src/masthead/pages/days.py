"""How many articles each day has: kept, so that the archive of a million articles opens as fast as that of ten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from masthead.articles.queries import of_edition, visible
from masthead.pages.lists import bounds
from masthead.pages.models import DayCount

AGAIN = 3
"""So many of the counts that were made longest ago are made again at each run: takedowns and embargoes show in time."""


def recount(days: Iterable[tuple[str, date]]) -> int:
    """Count these days of these editions again; how many counts changed."""
    changed = 0
    for edition, day in sorted(set(days)):
        start, end = bounds(day, day)
        articles = of_edition(visible(), edition).filter(sort_at__gte=start, sort_at__lt=end).order_by().count()
        before = DayCount.objects.filter(edition=edition, day=day).values_list("articles", flat=True).first()
        DayCount.objects.update_or_create(
            edition=edition, day=day, defaults={"articles": articles, "counted_at": timezone.now()}
        )
        changed += before != articles
    return changed


def longest_ago() -> list[tuple[str, date]]:
    """The counts to be made again."""
    return list(DayCount.objects.order_by("counted_at", "pk").values_list("edition", "day")[:AGAIN])
