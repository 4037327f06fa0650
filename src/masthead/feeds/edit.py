"""What editors do to feeds. Nothing here fetches: "poll now" sets a due time, and politeness keeps the last word."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils import timezone

from masthead.feeds import seek
from masthead.feeds.models import Feed, FeedState
from masthead.feeds.subscribe import Wish, subscribe


def poll_soon(feeds: Iterable[int]) -> int:
    """Have feeds polled as soon as their servers allow; takes up again what was gone, refused or paused.

    A feed that was merged into another stays so, as does an archive that was imported. Returns how many were set due.
    """
    wanted = Feed.objects.filter(pk__in=list(feeds)).exclude(state__in=(FeedState.MERGED, FeedState.IMPORTED))
    return wanted.update(due_at=timezone.now(), due_why="an editor asked for it", state=FeedState.ACTIVE, reason="")


def choose(feed: Feed, urls: Collection[str]) -> list[Feed]:
    """Take some of the feeds that the page at a feed's address names; returns them. Call it in a transaction.

    The first that nobody has takes the feed's own place; for the others feeds of the same source are made.
    """
    chosen: list[Feed] = []
    placed = False
    for offer in seek.offered(feed):
        if offer.url not in urls:
            continue
        if offer.known is None and not placed:
            placed = seek.go(feed, offer.url, timezone.now(), "an editor chose it")
            feed.title = offer.title[:500] or feed.title
            feed.hints = seek.settled(feed.hints)
            feed.save()
            chosen.append(feed)
        else:
            wish = Wish(offer.url, feed.source.name, offer.title, section=feed.section, language=feed.language)
            chosen.append(subscribe(wish).feed)
    return chosen


def pause(feeds: Iterable[int], reason: str = "") -> int:
    """Stop polling feeds until somebody calls `poll_soon`. Returns how many were active."""
    active = Feed.objects.filter(pk__in=list(feeds), state=FeedState.ACTIVE)
    return active.update(state=FeedState.PAUSED, reason=(reason or "paused by an editor")[:500])
