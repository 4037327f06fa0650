"""What readers read most: rankings over a window of hours, falling back to the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, Sum
from django.utils import timezone

from masthead.articles.queries import of_edition, visible
from masthead.audience.models import ViewCount


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles by how often they were read. `fallback`: nothing was counted in the window; these are the newest."""

    ids: tuple[int, ...] = ()
    views: dict[int, int] | None = None
    window_hours: int = 24
    fallback: bool = False


def most_popular(
    *, edition: str = "", source: int | None = None, hours: int = 24, limit: int = 10, fill: bool = True
) -> Ranking:
    """The most read articles of an edition or a source within the last `hours`. At most two queries."""
    since = timezone.now() - timedelta(hours=hours)
    articles = visible()
    if edition:
        articles = of_edition(articles, edition)
    if source is not None:
        articles = articles.filter(source=source)
    rows = (
        ViewCount.objects.filter(Q(hour__gt=since), article__in=articles.order_by().values("pk"))
        .values("article")
        .annotate(total=Sum(F("views")))
        .filter(total__gt=0)
        .order_by("-total", "-article")[:limit]
    )
    views = {row["article"]: row["total"] for row in rows}
    if views or not fill:
        return Ranking(ids=tuple(views), views=views, window_hours=hours)
    newest = articles.order_by("-sort_at", "-id").values_list("pk", flat=True)[:limit]
    return Ranking(ids=tuple(newest), views={}, window_hours=hours, fallback=True)
