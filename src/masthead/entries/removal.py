"""Removing a feed without losing what came by it."""

from __future__ import annotations

from django.db import transaction

from masthead.entries.models import Entry
from masthead.feeds import edit
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, Source


def remove_feed(feed: Feed) -> str:
    """Delete a feed that never brought anything; stop any other, because an address is for ever. Tells which."""
    with transaction.atomic():
        locked(Feed.objects.filter(pk=feed.pk)).first()
        if Entry.objects.filter(feed=feed).exists():
            edit.pause([feed.pk], "removed; its articles stay")
            return "Stopped; its articles stay"
        source = feed.source_id
        Feed.objects.filter(pk=feed.pk).delete()
        if not Feed.objects.filter(source=source).exists() and not Entry.objects.filter(source=source).exists():
            Source.objects.filter(pk=source).delete()
    return "Removed"
