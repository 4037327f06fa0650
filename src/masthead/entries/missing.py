"""Items that left a feed although their age does not explain it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import F

from masthead.core.types import ParsedEntry
from masthead.entries.identity import moment_of
from masthead.entries.match import chunks
from masthead.entries.models import Entry, EntryVersion
from masthead.feeds.models import Feed, Fetch

# When more than this share of the document before is gone, the feed was begun anew: that says nothing of its items.
_MOST_GONE = 0.5
_FEW = 3


def oldest_published(entries: Iterable[ParsedEntry]) -> datetime | None:
    """The earliest certain date in a document: items published after it should still be in it."""
    moments = [moment for entry in entries if (moment := moment_of(entry.published)) is not None]
    return min(moments, default=None)


def mark_missing(feed: Feed, fetch: Fetch, document: Iterable[ParsedEntry], seen: Collection[int]) -> int:
    """Set `missing_since` on entries that the document before had, this one has not, and whose date lies within it.

    `seen` are the entries of this document. Returns how many were marked.
    """
    oldest = oldest_published(document)
    before = (
        Fetch.objects.filter(feed=feed, pk__lt=fetch.pk, body__isnull=False, ingest_error="")
        .exclude(ingested_at=None)
        .order_by("-pk")
        .values_list("started_at", flat=True)
        .first()
    )
    if oldest is None or before is None:
        return 0
    last = Entry.objects.filter(feed=feed, last_seen_at=before, missing_since=None).values_list("pk", flat=True)
    gone = [pk for pk in last if pk not in seen]
    if len(gone) > max(_FEW, _MOST_GONE * (len(gone) + len(seen))):
        return 0
    marked = 0
    for piece in chunks(gone):
        rows = EntryVersion.objects.filter(entry__in=piece, number=F("entry__version"))
        dates = rows.values_list("entry", "record__published")
        late = [pk for pk, value in dates if (moment := moment_of(value)) is not None and moment > oldest]
        marked += Entry.objects.filter(pk__in=late).update(missing_since=fetch.started_at)
    return marked
