"""Seek: an address that turned out to be a page leads to its feed, one polite poll after the other.

A new subscription whose page names one feed becomes that feed; one whose page names several waits for an editor's
choice; one whose page names none tries the usual places on its host, as polls like any other: one connection a host,
its gap, its pauses. The search is kept in `Feed.hints["seek"]`, what a page named in `Feed.hints["offers"]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from masthead.core.parse import FoundFeed, looks_like_feed
from masthead.feeds.models import Feed, FeedState
from masthead.feeds.offers import Offer, offers_of
from masthead.feeds.queries import same_address

_MOST_OFFERS = 50
# A server that answers so has no document there.
_ABSENT = frozenset((400, 401, 403, 404, 405, 406, 410))
# So often a place is asked that answers with errors of another kind.
_PATIENCE = 2


def offered(feed: Feed) -> tuple[Offer, ...]:
    """The feeds that the page at this feed's address named when it was read last."""
    pairs = feed.hints.get("offers") or []
    return offers_of([FoundFeed(str(url), str(title)) for url, title in pairs])


def page_found(feed: Feed, found: Sequence[FoundFeed], now: datetime) -> bool:
    """The address gave a page that names `found`. Tells whether the feed goes on at another address.

    A feed that has worked before stays where it is; what the page names is kept for the editor.
    """
    named = [one for one in found if one.how != "guessed"]
    feed.hints = {**feed.hints, "offers": [[one.url, one.title] for one in named[:_MOST_OFFERS]]}
    if feed.succeeded_at is not None or feed.leased_until is not None:
        return False
    search = feed.hints.get("seek") or {"page": feed.url, "seen": [feed.url]}
    # Whoever entered a feed's address meant that one: nothing is guessed in its stead.
    guesses = [] if looks_like_feed(search["page"]) else [one.url for one in found if one.how == "guessed"]
    search.setdefault("left", guesses)
    fresh = [one.url for one in named if one.url not in search["seen"]]
    feed.hints["seek"] = search
    if len(fresh) == 1:
        return go(feed, fresh[0], now, f"the page at {search['page']} names this feed")
    if fresh:
        _end(feed, f"this is a web page that names {len(fresh)} feeds: choose among them")
        return False
    return _next(feed, now)


def failed(feed: Feed, status: int, now: datetime) -> bool:
    """A poll on the search failed. Tells whether the search took care of it; if not, it is a failure like any other."""
    if "seek" not in feed.hints or (status not in _ABSENT and feed.failures + 1 < _PATIENCE):
        return False
    _next(feed, now)
    return True


def entered(feed: Feed) -> str:
    """The address that somebody entered: that of the page where the search began, else the feed's own."""
    return str(feed.hints.get("seek", {}).get("page", feed.url))


def settled(hints: dict[str, Any]) -> dict[str, Any]:
    """The hints of a feed that was found."""
    return {name: value for name, value in hints.items() if name not in ("seek", "offers")}


def _next(feed: Feed, now: datetime) -> bool:
    search = feed.hints["seek"]
    while search["left"]:
        place = search["left"].pop(0)
        if place not in search["seen"]:
            return go(feed, place, now, f"the page at {search['page']} names no feed; this is a usual place for one")
    named = feed.hints.get("offers")
    fault = f"whose feed {named[0][0]} cannot be read" if named else "that names no feed"
    tried = ", and none stands at the usual places of its host" if len(search["seen"]) > 1 + bool(named) else ""
    _end(feed, f"this is a web page, not a feed: one {fault}{tried}")
    return False


def go(feed: Feed, url: str, now: datetime, why: str) -> bool:
    """Let the feed stand at another address, due now; False when another feed has that address: this one merges."""
    other = same_address(url)
    if other is not None and other.pk != feed.pk:
        _end(feed, f"the page leads to {url}, which is feed {other.pk} already", FeedState.MERGED)
        return False
    if "seek" in feed.hints:
        feed.hints["seek"]["seen"].append(url)
    feed.url, feed.state, feed.reason, feed.failures = url, FeedState.ACTIVE, "", 0
    feed.etag, feed.last_modified, feed.elsewhere, feed.body_digest = "", "", {}, ""
    feed.moved_to, feed.moved_since, feed.moved_count = "", None, 0
    feed.due_at, feed.not_before, feed.due_why = now, None, why[:300]
    return True


def _end(feed: Feed, reason: str, state: FeedState = FeedState.REFUSED) -> None:
    """The search is over: the feed stands where it was entered, stopped, with the reason."""
    page = feed.hints.pop("seek", {}).get("page", feed.url)
    if not Feed.objects.filter(url=page).exclude(pk=feed.pk).exists():
        feed.url = page
    feed.state, feed.reason = state, reason[:500]
    feed.due_at, feed.not_before, feed.due_why = None, None, ""
