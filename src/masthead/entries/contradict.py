"""Contradict: what one feed of a publisher brings may show that another one's "not modified" is not true.

The evidence: over the time that both cover, both hold the same items; the one brought a newer item; and the other
answered 304 after that item was published. A feed that holds more than the other at any time proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.types import ParsedEntry
from masthead.entries.identity import canonical_link
from masthead.entries.storable import unpack
from masthead.feeds import doubt
from masthead.feeds.models import Feed, FeedState, Fetch

# So many items both must hold before the one says something about the other.
_AGREEMENT = 3
# A server has so long to bring an item into all of its feeds.
_PATIENCE = timedelta(hours=1)
_MOST_FEEDS = 10


@dataclass(frozen=True, slots=True)
class Dated:
    """An item with its moment of publication."""

    at: datetime
    title: str


def dated(entries: Sequence[ParsedEntry]) -> dict[str, Dated]:
    """Items that have an address and a certain date, by canonical address."""
    found: dict[str, Dated] = {}
    for entry in entries:
        link = canonical_link(entry.link)
        if link and entry.published:
            found.setdefault(link, Dated(datetime.fromisoformat(entry.published), entry.title))
    return found


def missing_item(ours: Mapping[str, Dated], theirs: Mapping[str, Dated], answered: datetime) -> Dated | None:
    """The oldest item of `ours` that `theirs` should have held when it was called unmodified at `answered`; or None."""
    shared = [item.at for link, item in ours.items() if link in theirs]
    if len(shared) < _AGREEMENT:
        return None
    first, last = max(min(shared), min(item.at for item in theirs.values())), max(shared)
    if any(first <= item.at <= last and link not in theirs for link, item in ours.items()):
        return None
    newer = [item for link, item in ours.items() if last < item.at < answered - _PATIENCE and link not in theirs]
    return min(newer, key=lambda item: item.at, default=None)


def contradict(feed: Feed, entries: Sequence[ParsedEntry]) -> int:
    """Hold what `feed` brought against the publisher's other feeds; returns how many were doubted.

    Outside of any transaction: it takes other feeds' rows.
    """
    now = timezone.now()
    siblings = Feed.objects.filter(source=feed.source_id, state=FeedState.ACTIVE).exclude(pk=feed.pk)
    ours: dict[str, Dated] | None = None
    doubted = 0
    for sibling in siblings.order_by("pk")[:_MOST_FEEDS]:
        if not doubt.may_be_doubted(sibling, now):
            continue
        ours = dated(entries) if ours is None else ours
        item = missing_item(ours, _last_held(sibling), _last_answer(sibling))
        if item is not None:
            why = f"{feed.title or feed.url} brought “{item.title[:150]}” of {item.at:%Y-%m-%d %H:%M}, which it lacks"
            doubted += doubt.raise_doubt(sibling.pk, why, now)
    return doubted


def _last_answer(feed: Feed) -> datetime:
    own = Fetch.objects.filter(feed=feed, pushed=False).order_by("-started_at", "-pk")
    return own.values_list("started_at", flat=True)[0]


def _last_held(feed: Feed) -> dict[str, Dated]:
    """The items of the newest body that the feed's server gave."""
    fetch = Fetch.objects.filter(feed=feed, body__isnull=False, pushed=False).order_by("-started_at", "-pk").first()
    if fetch is None or fetch.body is None:
        return {}
    try:
        content_type = str(fetch.headers.get("content-type", ""))
        parsed = parse_feed(unpack(fetch.body), url=fetch.final_url or feed.url, content_type=content_type)
    except NotAFeed:
        return {}
    return dated(parsed.entries)
