"""Which feeds are due, and who has them.

A lease is taken by one conditional update, so that two pollers never share a feed.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from masthead.feeds.models import Feed, FeedState, HostPause
from masthead.feeds.schedule import HORIZON

LEASE = timedelta(minutes=10)
_CANDIDATES = 200
_LOOK_AGAIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A feed that is ours until `lease`."""

    feed: Feed
    lease: datetime


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
    taken = due(now).filter(pk=feed.pk).update(leased_until=lease, not_before=now + floor, due_at=now + floor)
    return Claim(feed, lease) if taken else None


def release(held: Claim) -> None:
    """Give back a feed for which nothing was sent: due as it was before."""
    Feed.objects.filter(pk=held.feed.pk, leased_until=held.lease).update(
        leased_until=None, due_at=held.feed.due_at, not_before=held.feed.not_before
    )


def postpone_paused(now: datetime) -> None:
    """Move due feeds of silenced hosts to the end of their silence, and forget silences that are over."""
    HostPause.objects.filter(until__lte=now).delete()
    for pause in HostPause.objects.all():
        due(now).filter(host=pause.host).update(
            due_at=pause.until, due_why=f"{pause.host} asked for silence ({pause.reason})"[:300]
        )


class DueFeeds:
    """Hands out claims one by one, one feed a host at a time."""

    def __init__(self) -> None:
        self._candidates: deque[Feed] = deque()
        self._look_again: datetime | None = None

    def take(self, busy: Collection[str]) -> Claim | None:
        """The next due feed of a host that is not `busy`, claimed; None when there is none at the moment."""
        for fresh in (False, True):
            if fresh and not self._refill(busy):
                return None
            while self._candidates:
                feed = self._candidates.popleft()
                if feed.host not in busy and (held := claim(feed, timezone.now())) is not None:
                    return held
        return None

    def _refill(self, busy: Collection[str]) -> bool:
        """Look for due feeds, at most once a second when there were none."""
        now = timezone.now()
        if self._look_again is not None and now < self._look_again <= now + _LOOK_AGAIN:
            return False
        postpone_paused(now)
        self._candidates.extend(due(now).exclude(host__in=list(busy)).select_related("source")[:_CANDIDATES])
        self._look_again = None if self._candidates else now + _LOOK_AGAIN
        return bool(self._candidates)
