"""All reads of sources, feeds and exchanges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet, Sum

from masthead.core.urls import absolute, without_feed_scheme, without_scheme
from masthead.feeds.models import Feed, FeedState, Fetch, HostPause, Source


@dataclass(frozen=True, slots=True)
class Backlog:
    """Work that waits: how many rows, and since when the oldest."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Brought:
    """Entries that came, and entries that changed."""

    new: int
    changed: int


def listing() -> QuerySet[Feed]:
    """All feeds with their sources, by source and address."""
    return Feed.objects.select_related("source").prefetch_related("hub_subscriptions").order_by("source__name", "url")


def spellings(url: str) -> list[str]:
    """The ways in which one address is written: with http or https, with or without "www." and a trailing slash."""
    bare = without_scheme(url)
    path, mark, query = bare.partition("?")
    return [
        f"{scheme}{www}{path}{end}{mark}{query}"
        for scheme in ("https://", "http://")
        for www in ("", "www.")
        for end in ("", "/")
    ]


def same_address(url: str) -> Feed | None:
    """The feed that has this address, in whatever spelling; None when there is none."""
    plain = without_feed_scheme(url)
    url = absolute(plain) or plain
    found = Feed.objects.filter(url__in=[url, *spellings(url)]).select_related("source")
    return max(found, key=lambda feed: feed.url == url, default=None)


def find(name: str) -> Feed | None:
    """A feed by its number or its address."""
    if name.isascii() and name.isdigit() and len(name) < 19:
        return Feed.objects.select_related("source").filter(pk=int(name)).first()
    return same_address(name)


def source_named(name: str) -> Source | None:
    """A source by its name, upper and lower case alike, or its slug."""
    return Source.objects.filter(Q(name__iexact=name) | Q(slug=name)).order_by("pk").first()


def failing(failures: int = 3) -> QuerySet[Feed]:
    """Feeds that an operator should look at: failing again and again, gone, or refused."""
    stopped = Q(state__in=(FeedState.GONE, FeedState.REFUSED, FeedState.MERGED))
    return listing().filter(stopped | Q(failures__gte=failures, state=FeedState.ACTIVE)).order_by("-failures", "url")


def to_ingest() -> Backlog:
    """Bodies that were fetched and not yet read."""
    waiting = Fetch.objects.filter(ingested_at=None, body__isnull=False)
    found = waiting.aggregate(count=Count("pk"), since=Min("started_at"))
    return Backlog(found["count"], found["since"])


def overdue(now: datetime) -> Backlog:
    """Active feeds whose time has passed and that nobody holds."""
    late = Feed.objects.filter(Q(due_at=None) | Q(due_at__lte=now), state=FeedState.ACTIVE).filter(
        Q(leased_until=None) | Q(leased_until__lte=now), Q(not_before=None) | Q(not_before__lte=now)
    )
    found = late.aggregate(count=Count("pk"), since=Min("due_at"))
    return Backlog(found["count"], found["since"])


def states() -> dict[str, int]:
    """How many feeds are in each state."""
    rows = Feed.objects.order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def exchanges(feed_id: int, limit: int = 50) -> QuerySet[Fetch]:
    """The newest exchanges of a feed, without their bodies."""
    return Fetch.objects.filter(feed=feed_id).defer("body").order_by("-started_at", "-pk")[:limit]


def pauses(now: datetime) -> QuerySet[HostPause]:
    """Hosts that asked for silence and still have it."""
    return HostPause.objects.filter(until__gt=now).order_by("until")


def brought_since(moment: datetime) -> Brought:
    """What was read from bodies that were fetched since then."""
    found = Fetch.objects.filter(started_at__gte=moment).aggregate(
        new=Sum("entries_new"), changed=Sum("entries_changed")
    )
    return Brought(found["new"] or 0, found["changed"] or 0)


def troubled_since(moment: datetime) -> QuerySet[Feed]:
    """Feeds that were asked since then and have a reason to complain of."""
    return listing().filter(fetched_at__gte=moment).exclude(reason="")
