"""Who reads: what was counted day by day, what was not and why; and the readings of one article over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from masthead.audience import queries as audience
from masthead.audience.agents import REASONS
from masthead.desk import queries
from masthead.desk.access import needs

DAYS = 14
HOURS, MONTH = 48, 30
HEIGHT = 48


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, `HEIGHT` units high at most: where it stands and what it says."""

    x: int
    y: int
    height: int
    at: datetime
    views: int


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    total: int
    highest: int
    width: int


@dataclass(frozen=True, slots=True)
class Readers:
    """The readings of an article: by the hour for two days, by the day (UTC) for a month."""

    hours: Chart
    days: Chart
    uses: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day (UTC): what was counted, and for each reason what was not, in the order of the columns."""

    day: datetime
    views: int
    uses: int
    excluded: tuple[int, ...]


def of_article(article: int) -> Readers:
    """How an article was read. One query."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    midnight = now.replace(hour=0)
    by_hour: Counter[datetime] = Counter()
    by_day: Counter[datetime] = Counter()
    used = 0
    for start, daily, views, uses in audience.of_article(article, midnight - timedelta(days=MONTH - 1)):
        by_day[start.replace(hour=0)] += views
        used += uses
        if not daily:
            by_hour[start] += views
    return Readers(
        hours=_chart(by_hour, [now - timedelta(hours=n) for n in reversed(range(HOURS))], 5),
        days=_chart(by_day, [midnight - timedelta(days=n) for n in reversed(range(MONTH))], 8),
        uses=used,
    )


def _chart(numbers: Mapping[datetime, int], times: list[datetime], step: int) -> Chart:
    values = [numbers.get(at, 0) for at in times]
    highest = max(values, default=0)
    heights = [-(-HEIGHT * value // highest) if highest else 0 for value in values]
    bars = tuple(
        Bar(place * step, HEIGHT - height, height, at, value)
        for place, (at, value, height) in enumerate(zip(times, values, heights, strict=True))
    )
    return Chart(bars, sum(values), highest, step * len(times))


@needs("see desk")
def readers(request: HttpRequest) -> HttpResponse:
    """What was counted and what was not in the last days, and the most read of a day."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=n) for n in range(DAYS)]
    read, excluded = audience.by_day(days[-1])
    totals: Counter[str] = Counter()
    for numbers in excluded.values():
        totals.update(numbers)
    reasons = [reason for reason, _ in totals.most_common()]
    lines = [
        Day(day, *read.get(day, (0, 0)), tuple(excluded.get(day, {}).get(reason, 0) for reason in reasons))
        for day in days
    ]
    ranking = audience.most_popular(hours=24, limit=20, fill=False)
    found = queries.articles().in_bulk(ranking.ids)
    context = {
        "days": lines,
        "reasons": [(reason, REASONS.get(reason, "")) for reason in reasons],
        "most": [(found[pk], views) for pk, views in ranking.views.items() if pk in found],
        "written": audience.written_at(),
        "unknown_proxy": audience.behind_unknown_proxy(),
    }
    return render(request, "desk/readers.html", context)
