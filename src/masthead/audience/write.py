"""Numbers into the tables: added up in the database, so that several processes may write at once and none is lost."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from masthead.articles.models import Article


@dataclass
class Counts:
    """What was counted and not yet written: by article and hour, short link code and hour, hour and reason."""

    views: Tally[tuple[int, datetime]] = field(default_factory=Tally)
    uses: Tally[tuple[int, datetime]] = field(default_factory=Tally)
    codes: Tally[tuple[str, datetime]] = field(default_factory=Tally)
    exclusions: Tally[tuple[datetime, str]] = field(default_factory=Tally)

    def add(self, other: Counts) -> None:
        """Take over what another one holds."""
        self.views.update(other.views)
        self.uses.update(other.uses)
        self.codes.update(other.codes)
        self.exclusions.update(other.exclusions)

    def __bool__(self) -> bool:
        return bool(self.views or self.uses or self.codes or self.exclusions)


@dataclass(frozen=True, slots=True)
class Row:
    """Readings of an article within the hour (or day) that begins at `start`."""

    article: int
    start: datetime
    views: int
    uses: int
    daily: bool = False


def write(counts: Counts) -> int:
    """Add these numbers to the tables, all or none; how many rows were touched. `codes` must have been resolved."""
    if not counts:
        return 0
    places = sorted({*counts.views, *counts.uses})
    with transaction.atomic():
        known = set(Article.objects.filter(pk__in={article for article, _ in places}).values_list("pk", flat=True))
        exclusions = Tally(counts.exclusions)
        for article, hour in places:
            if article not in known:
                exclusions[hour, "unknown"] += counts.views[article, hour] + counts.uses[article, hour]
        rows = [Row(a, hour, counts.views[a, hour], counts.uses[a, hour]) for a, hour in places if a in known]
        add_views(rows)
        _add_exclusions(sorted(exclusions.items()))
    return len(rows) + len(exclusions)


def _instant(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def add_views(rows: Iterable[Row]) -> None:
    """Add readings to what is there already."""
    values = [(row.article, _instant(row.start), row.views, row.uses, row.daily) for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO audience_viewcount (article_id, hour, views, short_link_uses, daily)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (article_id, hour) DO UPDATE SET"
                " views = audience_viewcount.views + excluded.views,"
                " short_link_uses = audience_viewcount.short_link_uses + excluded.short_link_uses,"
                " daily = audience_viewcount.daily OR excluded.daily",
                values,
            )


def _add_exclusions(rows: Iterable[tuple[tuple[datetime, str], int]]) -> None:
    values = [(_instant(hour), reason, number) for (hour, reason), number in rows if number]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO audience_exclusion (hour, reason, requests) VALUES (%s, %s, %s)"
                " ON CONFLICT (hour, reason) DO UPDATE SET requests = audience_exclusion.requests + excluded.requests",
                values,
            )
