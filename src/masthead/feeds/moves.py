"""Permanent redirects: followed at once, believed only after they said the same for days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from masthead.core.types import Redirect
from masthead.feeds.models import Feed, FeedState

_AGREEMENTS = 3
_AGREEMENT_TIME = timedelta(days=2)
_PERMANENT = (301, 308)


def permanent_target(redirects: Sequence[Redirect]) -> str:
    """Where a chain says the feed has moved for good: the target before its first temporary hop; "" for nowhere."""
    target = ""
    for hop in redirects:
        if hop.status not in _PERMANENT:
            break
        target = hop.target
    return target


def note(feed: Feed, redirects: Sequence[Redirect], now: datetime) -> None:
    """Count agreement about where the feed has moved; another answer begins anew."""
    target = permanent_target(redirects)
    if not target or len(target) > 2000:
        feed.moved_to, feed.moved_since, feed.moved_count = "", None, 0
    elif target == feed.moved_to:
        feed.moved_count += 1
    else:
        feed.moved_to, feed.moved_since, feed.moved_count = target, now, 1


def recognise(feed: Feed, *, familiar: bool) -> None:
    """Remember whether what stands at the new address is the same feed: it holds entries that the feed had.

    A first document cannot be judged and is taken on trust.
    """
    if familiar or not feed.moved_to or feed.succeeded_at is None:
        feed.hints.pop("stranger", None)
    else:
        feed.hints["stranger"] = feed.moved_to


def settle(feed: Feed, now: datetime) -> bool:
    """Move the feed when its new address was given often and long enough. Tells whether it moved.

    It does not while another feed stands at the new address (see `recognise`). When another feed already has that
    address, this one is merged into it: it stops, and its entries stay.
    """
    if feed.hints.get("stranger") == feed.moved_to:
        return False
    if feed.moved_count < _AGREEMENTS or feed.moved_since is None or now - feed.moved_since < _AGREEMENT_TIME:
        return False
    other = Feed.objects.filter(url=feed.moved_to).exclude(pk=feed.pk).first()
    if other is not None:
        feed.state = FeedState.MERGED
        feed.reason = f"moved to {feed.moved_to}, which is feed {other.pk} already"[:500]
    else:
        known = feed.elsewhere if feed.elsewhere.get("url") == feed.moved_to else {}
        feed.url = feed.moved_to
        feed.etag, feed.last_modified = known.get("etag", ""), known.get("last_modified", "")
        feed.elsewhere = {}
    feed.moved_to, feed.moved_since, feed.moved_count = "", None, 0
    return True
