"""What readers read most, over a window of hours, falling back to the newest; and what was not counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from masthead.articles.queries import of_edition, visible
from masthead.audience.models import Exclusion, ViewCount


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles by how often they were read. `fallback`: nothing was counted in the window; these are the newest."""

    ids: tuple[int, ...] = ()
    views: Mapping[int, int] = field(default_factory=dict)
    window_hours: int = 24
    fallback: bool = False


def most_popular(
    *,
    edition: str = "",
    source: int | None = None,
    within: QuerySet[Any] | None = None,
    hours: int = 24,
    limit: int = 10,
    fill: bool = True,
) -> Ranking:
    """The most read articles within the last `hours`, of an edition, a source, or a queryset of article ids.

    At most two queries; the first reads what was read in the window, not the table of articles.
    `fill`: fall back to the newest where nothing was read.
    """
    since = timezone.now() - timedelta(hours=hours)
    articles = visible()
    if edition:
        articles = of_edition(articles, edition)
    if source is not None:
        articles = articles.filter(source=source)
    if within is not None:
        articles = articles.filter(pk__in=within)
    read = ViewCount.objects.filter(hour__gt=since, views__gt=0)
    totals = read.filter(article=OuterRef("pk")).order_by().values("article").annotate(total=Sum("views"))
    ranked = (
        articles.filter(pk__in=read.values("article"))
        .annotate(read=Subquery(totals.values("total")))
        .order_by("-read", "-pk")
        .values_list("pk", "read")
    )
    views: dict[int, int] = dict(ranked[:limit])
    if views or not fill:
        return Ranking(ids=tuple(views), views=views, window_hours=hours)
    newest = articles.order_by("-sort_at", "-id").values_list("pk", flat=True)[:limit]
    return Ranking(ids=tuple(newest), window_hours=hours, fallback=True)


def excluded(hours: int = 24) -> dict[str, int]:
    """Requests of the last hours that were not counted, by reason, most frequent first."""
    rows = Exclusion.objects.filter(hour__gt=timezone.now() - timedelta(hours=hours))
    return dict(rows.order_by().values_list("reason").annotate(total=Sum("requests")).order_by("-total", "reason"))


def counted(hours: int = 24) -> int:
    """Readings of the last hours that were counted."""
    total = ViewCount.objects.filter(hour__gt=timezone.now() - timedelta(hours=hours)).aggregate(total=Sum("views"))
    return int(total["total"] or 0)
