"""Contradict: what one feed of a publisher brings may show that another one's "not modified" is not true.

The evidence: over the time that both cover, both hold the same items; the one brought a newer item; and the other
answered 304 after that item was published. A feed that holds more than the other at any time proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from masthead.entries.item import Item
from masthead.entries.read import READ, Body
from masthead.entries.storable import unpack
from masthead.feeds import doubt
from masthead.feeds.models import Feed, FeedState, Fetch
from masthead.store.workers import run as workers

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


def dated(items: Iterable[tuple[str, str | None, str]]) -> dict[str, Dated]:
    """Items, as canonical address, date and headline, that have an address and a certain date, by that address."""
    found: dict[str, Dated] = {}
    for link, published, title in items:
        if link and published:
            found.setdefault(link, Dated(datetime.fromisoformat(published), title))
    return found


def _held(items: Sequence[Item]) -> dict[str, Dated]:
    return dated((item.place, item.published, item.title) for item in items)


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


def with_others(feeds: Iterable[Feed]) -> set[int]:
    """Those of the feeds whose publisher has others that may be contradicted, by key."""
    sources = {feed.source_id: feed.pk for feed in feeds}
    active = Feed.objects.filter(source__in=sources, state=FeedState.ACTIVE).exclude(pk__in=list(sources.values()))
    return {sources[source] for source in active.order_by().values_list("source", flat=True).distinct()}


def contradict(feed: Feed, items: Sequence[Item]) -> int:
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
        ours = _held(items) if ours is None else ours
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
    content_type = str(fetch.headers.get("content-type", ""))
    body = Body(feed.pk, unpack(fetch.body), fetch.final_url or feed.url, content_type)
    try:
        return _held(workers.call(READ, body).items)
    except workers.Failed:
        return {}
