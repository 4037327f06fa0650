"""Turn: a feed that names several hubs is asked for at one of them; when that one fails, at the next.

There is never more than one live subscription for a feed, so that nothing is delivered twice. A hub that was set aside
keeps its rest: turning to and fro asks none of them sooner than its own failures allow.
"""

from __future__ import annotations

from datetime import datetime

from masthead.feeds.models import Feed, HubState, HubSubscription

# A hub that serves us, or that may yet ask us to confirm, is not left.
_FAILED = (HubState.WANTED, HubState.LAPSED, HubState.DENIED)


def turn(row: HubSubscription, now: datetime) -> bool:
    """Set a hub that failed aside for the one that may be asked soonest, where that is another. Whether it was done.

    Call it with feed and row locked and `row.due_at` set to the end of its rest; the caller saves the row. The step
    `keep` makes the other subscription.
    """
    if row.state not in _FAILED or row.feed_id is None or row.due_at is None:
        return False
    named = Feed.objects.filter(pk=row.feed_id, hub=row.hub, topic=row.topic).values_list("hubs", flat=True).first()
    aside = HubSubscription.objects.filter(feed=row.feed_id, topic=row.topic, state=HubState.ASIDE)
    rests = {hub: max(due_at or now, now) for hub, due_at in aside.values_list("hub", "due_at")}
    others = [hub for hub in named or () if hub != row.hub]
    # The publisher's order counts among those that may be asked at the same time.
    best = min(others, key=lambda hub: rests.get(hub, now), default="")
    if not best or rests.get(best, now) >= row.due_at:
        return False
    row.state, row.awaiting, row.asked_for = HubState.ASIDE, False, ""
    row.held_since = row.lease_until = row.missed_at = None
    Feed.objects.filter(pk=row.feed_id).update(hub=best)
    return True
