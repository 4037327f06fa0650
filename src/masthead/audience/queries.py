"""What readers read most, over a window, falling back to the newest; and what was counted and not counted, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Exists, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDay
from django.utils import timezone

from masthead.articles.models import Article
from masthead.articles.queries import of_edition, visible
from masthead.audience.keep import STEP
from masthead.audience.models import Exclusion, ViewCount
from masthead.audience.weights import weights
from masthead.store.models import Heartbeat

WINDOWS: Mapping[str, int] = {"hour": 1, "day": 24, "week": 7 * 24, "month": 30 * 24}
"""The windows of the lists of most read, in hours."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles by how often and how lately they were read, and how often in the window.

    `fallback`: nothing was counted in the window; these are the newest.
    """

    ids: tuple[int, ...] = ()
    views: Mapping[int, int] = field(default_factory=dict)
    window_hours: int = 24
    fallback: bool = False


def most_popular(
    *,
    edition: str = "",
    source: int | None = None,
    only: Exists | None = None,
    hours: int = 24,
    limit: int = 10,
    fill: bool = True,
) -> Ranking:
    """The most read articles of the last `hours`, of an edition, a source, or those for which `only` holds.

    A reading counts the less the longer it is ago (`audience.weights`). Equal ones: the newer article first. At most
    two queries; the first reads what was read in the window, not the table of articles. `fill`: fall back to the
    newest where nothing was read.
    """
    articles = visible()
    if edition:
        articles = of_edition(articles, edition)
    if source is not None:
        articles = articles.filter(source=source)
    if only is not None:
        articles = articles.filter(only)
    views = dict(_ranked(articles, timezone.now(), hours, limit))
    if views or not fill:
        return Ranking(ids=tuple(views), views=views, window_hours=hours)
    newest = articles.order_by("-sort_at", "-id").values_list("pk", flat=True)[:limit]
    return Ranking(ids=tuple(newest), window_hours=hours, fallback=True)


def _ranked(articles: QuerySet[Article], now: datetime, hours: int, limit: int) -> list[tuple[int, int]]:
    """Articles of those given and their readings in the window, by the weighted sum. One query.

    The weights are whole numbers, so that both databases come to the same order.
    """
    instant = connection.ops.adapt_datetimefield_value
    parts = [value for start, daily, part in weights(now, hours) for value in (instant(start), daily, part)]
    among, parameters = articles.filter(pk=RawSQL("read.article_id", ())).values("pk").query.sql_with_params()
    values = ", ".join(["(%s, %s, %s)"] * (len(parts) // 3))
    sql = (
        f"WITH weight(hour, daily, part) AS (VALUES {values})"  # noqa: S608 - placeholders and the ORM's own words
        " SELECT read.article_id, read.times FROM (SELECT v.article_id, SUM(v.views) AS times,"
        " SUM(v.views * CAST(w.part AS bigint)) AS score FROM weight w CROSS JOIN audience_viewcount v"
        " WHERE v.hour = w.hour AND v.daily = w.daily AND v.views > 0 GROUP BY v.article_id) AS read"
        f" WHERE EXISTS ({among}) ORDER BY read.score DESC, read.article_id DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parts, *parameters, limit])
        return [(int(article), int(times)) for article, times in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Figures:
    """What came in a time, up to now: readings, uses of short links, and what was not counted, by reason."""

    views: int = 0
    uses: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)


def figures(since: datetime) -> Figures:
    """All that was noted from the hour of `since` to the present one. Two queries."""
    began = since.replace(minute=0, second=0, microsecond=0)
    now = timezone.now()
    read = ViewCount.objects.filter(hour__gte=began, hour__lte=now).aggregate(
        views=Sum("views"), uses=Sum("short_link_uses")
    )
    rows = Exclusion.objects.filter(hour__gte=began, hour__lte=now).order_by().values_list("reason")
    excluded = dict(rows.annotate(total=Sum("requests")).order_by("-total", "reason"))
    return Figures(views=int(read["views"] or 0), uses=int(read["uses"] or 0), excluded=excluded)


def written_at() -> datetime | None:
    """When the readings were last written, or found to be none; None when never."""
    beat = Heartbeat.objects.filter(step=STEP, error="").first()
    return beat.finished_at if beat else None


def of_article(article: int, since: datetime) -> list[tuple[datetime, bool, int, int]]:
    """The readings of an article: beginning, whether of a whole day, views, uses of short links; oldest first."""
    rows = ViewCount.objects.filter(article=article, hour__gte=since).order_by("hour")
    return list(rows.values_list("hour", "daily", "views", "short_link_uses"))


def by_day(since: datetime) -> tuple[dict[datetime, tuple[int, int]], dict[datetime, dict[str, int]]]:
    """By the day (UTC): views and uses of short links; and what was not counted, by reason. Two queries."""
    read = ViewCount.objects.filter(hour__gte=since).order_by()
    totals = read.values_list(TruncDay("hour")).annotate(Sum("views"), Sum("short_link_uses"))
    excluded: dict[datetime, dict[str, int]] = {}
    rows = Exclusion.objects.filter(hour__gte=since).order_by()
    for day, reason, requests in rows.values_list(TruncDay("hour"), "reason").annotate(Sum("requests")):
        excluded.setdefault(day, {})[reason] = requests
    return {day: (views, uses) for day, views, uses in totals}, excluded
