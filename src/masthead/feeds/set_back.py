"""A clock that was set back: what was planned by the old one would come late by as much as it was moved.

The heartbeat of polling is the latest moment that the site has seen. Where it lies ahead of the clock, all plans of
polling are moved back by as much, once, whichever process notices it: so every server is asked after the time that it
asked for, neither sooner nor an hour later. (A clock that was set forward needs nothing: feeds are due sooner, once.)
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from masthead.feeds.models import Feed, HostPause
from masthead.store.models import Heartbeat

log = logging.getLogger(__name__)

STEP = "poll"
TOLERANCE = timedelta(seconds=90)
"""Clocks that are kept right by small steps, and machines that differ by seconds, move nothing."""
# Not the leases: who has one knows it again by its time.
_PLANS = ("due_at", "not_before")


def notice(now: datetime) -> timedelta:
    """Move the plans back where the clock was set back; by how much. One small read where it was not."""
    seen = Heartbeat.objects.filter(step=STEP, finished_at__gt=now + TOLERANCE).values_list("finished_at", flat=True)
    last = seen.first()
    if last is None:
        return timedelta(0)
    with transaction.atomic():
        # The one whose update this is moves the plans; anybody else finds the mark where it belongs.
        mine = Heartbeat.objects.filter(step=STEP, finished_at=last).update(started_at=now, finished_at=now)
        if not mine:
            return timedelta(0)
        back = last - now
        for name in _PLANS:
            Feed.objects.filter(Q(**{f"{name}__gt": now})).update(**{name: F(name) - back})
        HostPause.objects.filter(until__gt=now).update(until=F("until") - back)
    log.warning("the clock was set back by %s: the plans of polling go back with it", back)
    return back
