"""Doubt: the way out of a server that answers 304 for ever, whatever it publishes.

Validators are dropped for one poll, and only when an item contradicts the server (another feed of the publisher brought
it, or the feed's hub): never by the clock alone, and at most once a week for a feed. What was done, when and why stands
in `Feed.hints["doubt"]` and on the desk.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.dateparse import parse_datetime

from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, Fetch

log = logging.getLogger(__name__)

REST = timedelta(days=7)
"""Between two doubts about one feed."""


def may_be_doubted(feed: Feed, now: datetime) -> bool:
    """Whether the feed is asked conditionally, was answered 304 last, and was not doubted within a week."""
    if not (feed.etag or feed.last_modified or feed.elsewhere):
        return False
    at = parse_datetime(str((feed.hints.get("doubt") or {}).get("at", "")))
    if at is not None and now - at < REST:
        return False
    # What a hub sent is no answer of the feed's server.
    own = Fetch.objects.filter(feed=feed, pushed=False).order_by("-started_at", "-pk")
    return own.values_list("status", flat=True).first() == 304


def raise_doubt(feed_id: int, why: str, now: datetime) -> bool:
    """Have the feed's next poll be unconditional, because of `why`: an item that it should hold and does not.

    The poll comes when it was due anyway. Tells whether it was done.
    """
    with transaction.atomic():
        feed = locked(Feed.objects.filter(pk=feed_id)).first()
        if feed is None or not may_be_doubted(feed, now):
            return False
        feed.etag, feed.last_modified, feed.elsewhere = "", "", {}
        feed.hints = {**feed.hints, "doubt": {"at": now.isoformat(), "why": why[:500]}}
        feed.save(update_fields=["etag", "last_modified", "elsewhere", "hints"])
    log.warning("feed %s (%s) is asked in full once, although its server answers 304: %s", feed.pk, feed.url, why)
    return True
