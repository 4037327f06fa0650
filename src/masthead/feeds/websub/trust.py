"""Whether a hub keeps its word. Confirming a subscription is none: only what it delivered counts.

A feed is polled daily while its hub is trusted. It is once it delivered; when a poll finds news that the hub had not
sent (and does not send soon after), the trust is gone, and it takes one more good delivery each time to win it back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from masthead.feeds import doubt
from masthead.feeds.locking import feed_locked
from masthead.feeds.models import Feed, HubState, HubSubscription
from masthead.feeds.websub import polling

# A poll may be quicker than the hub by so much.
GRACE = timedelta(hours=2)
# A feed's own server may be slower than the hub by so much.
PATIENCE = timedelta(hours=1)
_MOST_MISSES = 20


def _held(feed: Feed) -> HubSubscription | None:
    return HubSubscription.objects.filter(feed=feed.pk, state=HubState.HELD).first()


def delivered(feed: Feed, *, familiar: bool, brought: datetime | None = None) -> None:
    """A delivery was read and is the feed's. Sets `feed.told_until`, which the caller saves.

    `familiar`: it held items that we had already, so that it makes good for news that a poll found before. `brought`:
    when it came, if it held items that we had not.
    """
    held = _held(feed)
    if held is None:
        return
    held.delivered += 1
    if familiar:
        held.missed_at = None
    held.unseen_at = held.unseen_at or brought
    held.save(update_fields=["delivered", "missed_at", "unseen_at"])
    if held.trusted:
        feed.told_until = held.lease_until


def found_by_poll(feed: Feed, now: datetime) -> None:
    """A poll brought new items. Call it before `feed.succeeded_at` is set anew: it is when the poll before was.

    What came before the hub knew us is no fault of the hub.
    """
    before = feed.succeeded_at
    if feed.told_until is None or before is None or (feed.news_at is not None and feed.news_at >= before):
        # Nobody relied on the hub, or it had said that there is news.
        return
    if (held := _held(feed)) is None:
        return
    if held.missed_at is None and held.held_since is not None and held.held_since <= before:
        HubSubscription.objects.filter(pk=held.pk).update(missed_at=now)


def shown(feed: Feed) -> None:
    """The feed's own server gave its document in full: what its hub delivered before says nothing against it."""
    HubSubscription.objects.filter(feed=feed.pk, unseen_at__isnull=False).update(unseen_at=None)


def doubt_the_stuck(now: datetime) -> int:
    """Doubt servers that answer 304 although their hub delivered items that they have yet to show. Returns how many."""
    held = HubSubscription.objects.filter(state=HubState.HELD, unseen_at__isnull=False)
    stuck = held.filter(feed__fetched_at__gt=F("unseen_at") + PATIENCE).select_related("feed")
    count = 0
    for row in stuck:
        if row.feed is None or row.unseen_at is None or not doubt.may_be_doubted(row.feed, now):
            continue
        why = f"its hub delivered new items at {row.unseen_at:%Y-%m-%d %H:%M} UTC, which it has yet to show"
        count += doubt.raise_doubt(row.feed.pk, why, now)
    return count


def call_off_the_silent(now: datetime) -> int:
    """Take their trust from hubs that missed something; they are asked anew. Returns how many."""
    silent = HubSubscription.objects.filter(state=HubState.HELD, missed_at__lte=now - GRACE)
    count = 0
    for held in silent:
        with transaction.atomic():
            feed_locked(held.feed_id)
            mine = HubSubscription.objects.filter(pk=held.pk, missed_at=held.missed_at)
            misses = min(held.misses + 1, _MOST_MISSES)
            if not mine.update(missed_at=None, misses=misses, delivered=0, due_at=now):
                continue
            count += 1
            if held.feed_id is not None:
                polling.restore(held.feed_id, now, "a poll found news that its hub had not sent")
    return count
