"""The verb: counts by the hour become counts by the day after two days, and are dropped after thirteen months."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from masthead.audience.models import Exclusion, ViewCount
from masthead.audience.write import Row, add_views
from masthead.store.steps import Outcome

HOURLY = timedelta(days=2)
KEPT = timedelta(days=400)


def roll(limit: int = 500) -> Outcome:
    """Roll up the hours of up to `limit` articles of one day; drop some of what is older than KEPT."""
    now = timezone.now()
    done = _drop(now - KEPT, limit)
    oldest = (
        ViewCount.objects.filter(daily=False, hour__lt=_midnight(now - HOURLY)).order_by("hour").values_list("hour")
    ).first()
    if oldest is None:
        return Outcome(done=done, more=done >= limit)
    start = _midnight(oldest[0])
    rolled = _roll_day(start, limit)
    return Outcome(done=done + rolled, more=rolled > 0)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date(), time.min, tzinfo=UTC)


def _roll_day(start: datetime, limit: int) -> int:
    """One day (UTC) of some articles: their hourly rows become one, in one transaction; how many articles."""
    with transaction.atomic():
        hourly = ViewCount.objects.filter(daily=False, hour__gte=start, hour__lt=start + timedelta(days=1))
        articles = list(hourly.order_by("article").values_list("article", flat=True).distinct()[:limit])
        rows = hourly.filter(article__in=articles)
        kept = list(rows.select_for_update().values_list("pk", flat=True))
        sums = (
            ViewCount.objects.filter(pk__in=kept)
            .order_by()
            .values("article")
            .annotate(read=Sum("views"), used=Sum("short_link_uses"))
        )
        days = [Row(row["article"], start, row["read"], row["used"], daily=True) for row in sums]
        ViewCount.objects.filter(pk__in=kept).delete()
        add_views(days)
    return len(articles)


def _drop(before: datetime, limit: int) -> int:
    old = list(ViewCount.objects.filter(hour__lt=before).order_by("hour").values_list("pk", flat=True)[:limit])
    if old:
        ViewCount.objects.filter(pk__in=old).delete()
    excluded = list(Exclusion.objects.filter(hour__lt=before).order_by("hour").values_list("pk", flat=True)[:limit])
    if excluded:
        Exclusion.objects.filter(pk__in=excluded).delete()
    return len(old) + len(excluded)
