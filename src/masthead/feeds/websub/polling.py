"""What a hub's word means for a feed's next poll. Only the due time is touched: politeness keeps the last word."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from masthead.feeds.models import Feed, FeedState

_MOST_JITTER = 900


def news(feed_id: int, now: datetime, why: str = "its hub says that there is news") -> None:
    """Have a feed polled as soon as its server allows."""
    Feed.objects.filter(pk=feed_id, state=FeedState.ACTIVE).update(news_at=now, due_at=now, due_why=why[:300])


def restore(feed_id: int, now: datetime, why: str) -> None:
    """Poll a feed at its own rhythm again, now that its hub is not relied on any more. Call it in a transaction."""
    feed = Feed.objects.filter(pk=feed_id).only("due_at", "not_before", "fetched_at", "interval").first()
    if feed is None or not Feed.objects.filter(pk=feed_id, told_until__isnull=False).update(told_until=None):
        return
    own = (feed.fetched_at or now) + timedelta(seconds=feed.interval)
    # Many feeds of one hub lose it at once: spread them.
    due_at = max(own, now, feed.not_before or now) + timedelta(seconds=secrets.randbelow(_MOST_JITTER))
    Feed.objects.filter(pk=feed_id, due_at__gt=due_at).update(due_at=due_at, due_why=why[:300])
