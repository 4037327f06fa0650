"""Which feeds are due, and who has them.

A lease is taken by one conditional update, so that two pollers never share a feed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from masthead.feeds.models import Feed, FeedState, HostPause
from masthead.feeds.schedule import HORIZON

LEASE = timedelta(minutes=10)
_CANDIDATES = 200
_LOOK_AGAIN = 1.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A feed that is ours until `lease`. `due_at` and `not_before` are what they were before."""

    feed: Feed
    lease: datetime
    due_at: datetime | None = None
    not_before: datetime | None = None


def _passed(field: str, now: datetime) -> Q:
    """`field` is empty, has passed, or lies further ahead than any plan reaches (a clock that was wrong)."""
    return Q(**{field: None}) | Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + HORIZON})


def due(now: datetime) -> QuerySet[Feed]:
    """Active feeds that may be asked now and that nobody holds: the well before the failing, then the longest due."""
    return (
        Feed.objects.filter(_passed("due_at", now), state=FeedState.ACTIVE)
        .filter(_passed("not_before", now))
        .filter(_passed("leased_until", now))
        .order_by(Case(When(failures=0, then=0), default=1), F("due_at").asc(nulls_first=True), "pk")
    )


def claim(feed: Feed, now: datetime) -> Claim | None:
    """Take the lease of a due feed; None when somebody else was quicker.

    The same update moves the next poll on: should this process die between asking and writing, the server is not
    asked again before the floor has passed.
    """
    lease = now + LEASE
    # Equal leases of two pollers are told apart by their microseconds.
    lease = lease.replace(microsecond=secrets.randbelow(1_000_000))
    floor = timedelta(seconds=settings.MASTHEAD.poll_floor) if feed.fetched_at else LEASE
    before = due(now).filter(pk=feed.pk).values_list("due_at", "not_before").first()
    if before is None:
        return None
    if not due(now).filter(pk=feed.pk).update(leased_until=lease, not_before=now + floor, due_at=now + floor):
        return None
    fresh = Feed.objects.filter(pk=feed.pk, leased_until=lease).first()
    return Claim(fresh, lease, *before) if fresh is not None else None


def release(held: Claim) -> None:
    """Give back a feed for which nothing was sent: due as it was before."""
    Feed.objects.filter(pk=held.feed.pk, leased_until=held.lease).update(
        leased_until=None, due_at=held.due_at, not_before=held.not_before
    )


def postpone_paused(now: datetime) -> None:
    """Move due feeds of silenced hosts to the end of their silence, and forget silences that are over."""
    HostPause.objects.filter(until__lte=now).delete()
    for pause in HostPause.objects.all():
        due(now).filter(host=pause.host).update(
            due_at=pause.until, due_why=f"{pause.host} asked for silence ({pause.reason})"[:300]
        )


class DueFeeds:
    """Hands out claims one by one, one feed a host at a time.

    Feeds that failed last time are given out only while fewer than `doubtful` of them are under way, so that the room
    is never full of servers that hang.
    """

    def __init__(self, doubtful: int) -> None:
        self._doubtful = doubtful
        self._candidates: dict[int, Feed] = {}
        self._look_again = 0.0

    def take(self, under_way: Mapping[str, Claim]) -> Claim | None:
        """The next due feed of a host that is not under way, claimed; None when there is none at the moment."""
        failing = sum(1 for held in under_way.values() if held.feed.failures) < self._doubtful
        got = self._choose(under_way, failing)
        return got or (self._choose(under_way, failing) if self._refill(under_way, failing) else None)

    def _choose(self, busy: Collection[str], failing: bool) -> Claim | None:
        def may(feed: Feed) -> bool:
            return feed.host not in busy and (failing or not feed.failures)

        while (feed := next(filter(may, self._candidates.values()), None)) is not None:
            del self._candidates[feed.pk]
            if (held := claim(feed, timezone.now())) is not None:
                return held
        return None

    def _refill(self, busy: Collection[str], failing: bool) -> bool:
        """Look for more due feeds, at most once a second when there were none. Tells whether there were."""
        if time.monotonic() < self._look_again:
            return False
        now = timezone.now()
        postpone_paused(now)
        more = due(now).exclude(host__in=list(busy))
        found = {feed.pk: feed for feed in (more if failing else more.filter(failures=0))[:_CANDIDATES]}
        self._candidates |= found
        if not found:
            self._look_again = time.monotonic() + _LOOK_AGAIN
        return bool(found)
