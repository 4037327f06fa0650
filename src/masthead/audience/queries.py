"""What readers read most, over a window, falling back to the newest; and what was counted and not counted, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDay
from django.utils import timezone

from masthead.articles.models import Article
from masthead.articles.queries import of_edition, visible
from masthead.audience import top
from masthead.audience.keep import STEP
from masthead.audience.models import Exclusion, ViewCount
from masthead.audience.weights import weights
from masthead.store.models import Heartbeat

WINDOWS: Mapping[str, int] = {"hour": 1, "day": 24, "week": 7 * 24, "month": 30 * 24}
"""The windows of the lists of most read, in hours."""
FEW = 20


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

    A reading counts the less the longer it is ago (`audience.weights`). Equal ones: the newer article first. Reads what
    was read in the window, not the table of articles. `fill`: fall back to the newest where nothing was read.
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
    """Articles of those given and their readings in the window, by the weighted sum.

    The weights are whole numbers, so that both databases come to the same order. Of long windows only the most read of
    each hour and day are looked at, where these tell (`audience.top`).
    """
    spans = sorted(weights(now, hours))
    if hours > WINDOWS["day"]:
        hourly = ViewCount.objects.filter(daily=False, hour__gte=spans[0][0]).order_by("hour")
        oldest = hourly.values_list("hour", flat=True).first() or now  # hours become days soon
        present = [span for span in spans if span[0] <= now and (span[1] or span[0] >= oldest)]

        def allowed(keys: Sequence[int]) -> set[int]:
            return set(articles.filter(pk__in=keys).values_list("pk", flat=True))

        found = top.strongest(present, limit, allowed, lambda keys: _summed(spans, now, keys=keys))
        if found is not None:
            return found
    return [(article, times) for article, times, _ in _summed(spans, now, among=articles, limit=limit)]


def _summed(
    spans: list[top.Span],
    now: datetime,
    *,
    among: QuerySet[Article] | None = None,
    keys: Sequence[int] = (),
    limit: int | None = None,
) -> list[tuple[int, int, int]]:
    """Articles (those of `keys`, or `among` all), their readings in the window and the weighted sum, strongest first.

    One query.
    """
    instant = connection.ops.adapt_datetimefield_value
    by_days = [(instant(start), part) for start, daily, part in spans if daily]
    by_hours = [(instant(start), part) for start, daily, part in spans if not daily]
    (by_day, days), (by_hour, hourly) = _tree(by_days), _tree(by_hours)
    window = [instant(spans[0][0]), instant(now), by_days[0][0], by_hours[0][0]]
    only, which = "", []
    if among is None:
        only, which = f" AND v.article_id IN ({', '.join(['%s'] * len(keys))})", list(keys)
    sql = (
        "SELECT read.article_id, read.times, read.score FROM (SELECT v.article_id, SUM(v.views) AS times,"  # noqa: S608
        f" SUM(v.views * CAST(CASE WHEN v.daily THEN {by_day} ELSE {by_hour} END AS bigint)) AS score"
        " FROM audience_viewcount v WHERE v.hour >= %s AND v.hour <= %s AND v.views > 0"
        f" AND (v.daily AND v.hour >= %s OR NOT v.daily AND v.hour >= %s){only} GROUP BY v.article_id) AS read"
    )
    values = [*days, *hourly, *window, *which]
    if among is not None:
        fit, parameters = among.filter(pk=RawSQL("read.article_id", ())).values("pk").query.sql_with_params()
        sql, values = f"{sql} WHERE EXISTS ({fit})", [*values, *parameters]
    sql = f"{sql} ORDER BY read.score DESC, read.article_id DESC"
    if limit is not None:
        sql, values = f"{sql} LIMIT %s", [*values, limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [(int(article), int(times), int(score)) for article, times, score in cursor.fetchall()]


def _tree(spans: list[tuple[Any, int]]) -> tuple[str, list[Any]]:
    """The weight of a row by its hour, as nested choices: some ten comparisons of hundreds. SQL, and its parameters.

    A join with a table of weights is left to the planners, and SQLite's then reads all rows there are.
    """
    if len(spans) == 1:
        return str(spans[0][1]), []
    middle = len(spans) // 2
    (earlier, before), (later, after) = _tree(spans[:middle]), _tree(spans[middle:])
    return f"(CASE WHEN v.hour < %s THEN {earlier} ELSE {later} END)", [spans[middle][0], *before, *after]


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


def behind_unknown_proxy() -> bool:
    """Whether more requests of the last day claim to be passed on by an unknown machine than were counted.

    Then the site stands behind a proxy that the setting `trusted_proxies` does not name, and nobody is counted.
    """
    day = figures(timezone.now() - timedelta(hours=24))
    forged = day.excluded.get("forged", 0)
    return forged > FEW and forged > day.views


def of_article(article: int, since: datetime) -> list[tuple[datetime, bool, int, int]]:
    """The readings of an article: beginning, whether of a whole day, views, uses of short links; oldest first."""
    rows = ViewCount.objects.filter(article=article, hour__gte=since).order_by("hour")
    return list(rows.values_list("hour", "daily", "views", "short_link_uses"))


def by_day(since: datetime) -> tuple[dict[datetime, tuple[int, int]], dict[datetime, dict[str, int]]]:
    """By the day (UTC): views and uses of short links; and what was not counted, by reason. Two queries."""
    read = ViewCount.objects.filter(hour__gte=since).order_by()
    totals = read.values_list(TruncDay("hour", tzinfo=UTC)).annotate(Sum("views"), Sum("short_link_uses"))
    excluded: dict[datetime, dict[str, int]] = {}
    rows = Exclusion.objects.filter(hour__gte=since).order_by()
    for day, reason, requests in rows.values_list(TruncDay("hour", tzinfo=UTC), "reason").annotate(Sum("requests")):
        excluded.setdefault(day, {})[reason] = requests
    return {day: (views, uses) for day, views, uses in totals}, excluded
