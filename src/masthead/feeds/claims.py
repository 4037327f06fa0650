"""Which feeds are due, and who has them.

The due are found by two partial indexes, the well and the failing apart, so that the choice costs the same whatever
the number of feeds. Leases are taken in one transaction, from rows that it locks, so that two pollers never share a
feed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, FeedState, HostPause
from masthead.feeds.schedule import HORIZON
from masthead.store import clock, leases

LEASE = timedelta(minutes=10)
# What a claim needs of a feed. What came is written onto a row that is read then.
_ASKED_WITH = (
    "url", "host", "state", "etag", "last_modified", "elsewhere", "due_at", "not_before", "leased_until", "fetched_at",
    "failures",
)  # fmt: skip
_CANDIDATES = 400
_LOOK_AGAIN = 0.1
# Of the places of a choice the failing have this share for sure, however many are well: nobody waits for ever.
_FAILING_SHARE = 8


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


def _free(now: datetime) -> QuerySet[Feed]:
    """Active feeds that nobody holds and whose servers may be asked."""
    return Feed.objects.filter(_passed("not_before", now), _passed("leased_until", now), state=FeedState.ACTIVE)


def due(now: datetime) -> QuerySet[Feed]:
    """Active feeds that may be asked now and that nobody holds."""
    return _free(now).filter(_passed("due_at", now)).order_by()


class Due(NamedTuple):
    """A due feed: its key, its host, and whether it failed the last time."""

    key: int
    host: str
    failing: bool


def _first(rows: QuerySet[Feed], now: datetime, limit: int) -> list[tuple[int, str]]:
    """Key and host of `limit` due feeds: the few of no time or of a wrong clock, then the longest due."""
    found: list[tuple[int, str]] = []
    for when in (Q(due_at=None), Q(due_at__gt=now + HORIZON), Q(due_at__lte=now)):
        if len(found) < limit:
            found += rows.filter(when).order_by("due_at", "pk").values_list("pk", "host")[: limit - len(found)]
    return found


def choose(now: datetime, limit: int, busy: Collection[str] = (), *, failing: bool = True) -> list[Due]:
    """At most `limit` due feeds of hosts that are not `busy`.

    The well before the failing, which have an eighth of the places for sure, or none when no `failing` are wanted;
    among each the longest due first.
    """
    rows = _free(now).exclude(host__in=list(busy)) if busy else _free(now)
    bad = [Due(*one, True) for one in _first(rows.filter(failures__gt=0), now, limit)] if failing else []
    sure = min(len(bad), max(1, limit // _FAILING_SHARE))
    well = [Due(*one, False) for one in _first(rows.filter(failures=0), now, limit - sure)]
    return [*bad[:sure], *well, *bad[sure : limit - len(well)]]


def claim(feed: Feed, now: datetime) -> Claim | None:
    """Take the lease of a due feed; None when somebody else was quicker."""
    return next(iter(claim_all([feed.pk], now)), None)


def claim_all(keys: Sequence[int], now: datetime | None = None) -> list[Claim]:
    """Take the leases of those of these feeds that are due, in one transaction.

    The same update moves the next poll on: should this process die between asking and writing, the server is not
    asked again before the floor has passed.
    """
    floor = timedelta(seconds=settings.MASTHEAD.poll_floor)
    with transaction.atomic():
        rows = list(locked(due(now or timezone.now()).filter(pk__in=keys).only(*_ASKED_WITH), skip=True))
        now = now or timezone.now()
        # Equal leases of two pollers are told apart by their microseconds.
        lease = (now + leases.term(LEASE)).replace(microsecond=secrets.randbelow(1_000_000))
        claims = [Claim(feed, lease, feed.due_at, feed.not_before) for feed in rows]
        for known in (True, False):
            some = [feed for feed in rows if (feed.fetched_at is not None) is known]
            until = now + (floor if known else leases.term(LEASE))
            for feed in some:
                feed.leased_until, feed.not_before, feed.due_at = lease, until, until
            if some:
                Feed.objects.filter(pk__in=[feed.pk for feed in some]).update(
                    leased_until=lease, not_before=until, due_at=until
                )
    return claims


def release(held: Claim) -> None:
    """Give back a feed for which nothing was sent: due as it was before."""
    Feed.objects.filter(pk=held.feed.pk, leased_until=held.lease).update(
        leased_until=None, due_at=held.due_at, not_before=held.not_before
    )


def release_all(claims: Iterable[Claim]) -> None:
    """Give back several, in one transaction. In the order of their keys: no two processes wait for each other."""
    with transaction.atomic():
        for held in sorted(claims, key=lambda one: one.feed.pk):
            release(held)


def postpone_paused(now: datetime) -> None:
    """Move due feeds of silenced hosts to the end of their silence, and forget silences that are over.

    A feed that another process holds just now is left to the next look, so that no two wait for each other.
    """
    pauses = list(HostPause.objects.all())
    if any(pause.until <= now for pause in pauses):
        HostPause.objects.filter(until__lte=now).delete()
    for pause in pauses:
        rows = due(now).filter(host=pause.host)
        if pause.until > now and rows.exists():
            with transaction.atomic():
                free = list(locked(rows, skip=True).values_list("pk", flat=True))
                Feed.objects.filter(pk__in=free).update(
                    due_at=pause.until, due_why=f"{pause.host} asked for silence ({pause.reason})"[:300]
                )


class DueFeeds:
    """Hands out claims, one feed a host at a time.

    Feeds that failed last time are given out only while fewer than `doubtful` of them are under way, so that the room
    is never full of servers that hang.
    """

    def __init__(self, doubtful: int) -> None:
        self._doubtful = doubtful
        self._candidates: dict[int, Due] = {}
        self._look_again = 0.0

    def take(self, busy: Collection[str], room: int, failing: int = 0) -> list[Claim]:
        """Up to `room` due feeds of as many hosts, none of them `busy`, claimed; none when there is none just now.

        `failing`: how many of those under way failed the last time.
        """
        # Here too, as a run of polling may last for minutes.
        clock.notice()
        taken: list[Claim] = []
        hosts = set(busy)
        while len(taken) < room:
            places = self._doubtful - failing - sum(1 for held in taken if held.feed.failures)
            keys = self._one_a_host(hosts, room - len(taken), places)
            if not keys:
                if not self._refill(hosts, places > 0):
                    break
                continue
            claims = claim_all(keys)
            taken += claims
            hosts |= {held.feed.host for held in claims}
        return taken

    def _one_a_host(self, busy: set[str], room: int, places: int) -> list[int]:
        """The first candidates, of different hosts that are not `busy`; they are candidates no more.

        At most `places` of them failed the last time.
        """
        chosen: dict[str, int] = {}
        for key, one in self._candidates.items():
            if len(chosen) >= room:
                break
            if one.host in busy or one.host in chosen or (one.failing and places <= 0):
                continue
            chosen[one.host] = key
            places -= one.failing
        for key in chosen.values():
            del self._candidates[key]
        return list(chosen.values())

    def _refill(self, busy: Collection[str], failing: bool) -> bool:
        """Look for more due feeds; when there were none, after a pause, unless nothing is under way. Whether there are.

        The pause is short, as a host that comes free may have others that are due. `failing`: there is a place for one
        that failed.
        """
        if busy and time.monotonic() < self._look_again:
            return False
        now = timezone.now()
        postpone_paused(now)
        found = {one.key: one for one in choose(now, _CANDIDATES, busy, failing=failing)}
        self._candidates |= found
        if not found:
            self._look_again = time.monotonic() + _LOOK_AGAIN
        return bool(found)
