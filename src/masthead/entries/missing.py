"""Items that left a feed although their age does not explain it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import F

from masthead.entries.identity import moment_of
from masthead.entries.item import Item
from masthead.entries.match import CHUNK, chunks
from masthead.entries.models import Entry, EntryVersion
from masthead.feeds.models import Feed, Fetch

# When more than this share of the document before is gone, the feed was begun anew: that says nothing of its items.
_MOST_GONE = 0.5
_FEW = 3
# So many older items must still stand in the document: publishers pin an old one or two above their newest.
_OLDER_LEFT = 3

Dates = tuple[datetime | None, datetime | None]  # published, and last changed


def _dates(published: str | None, updated: str | None) -> Dates:
    first = moment_of(published)
    return first, moment_of(updated) or first


def mark_missing(
    feed: Feed, fetch: Fetch, document: Iterable[Item], seen: Collection[int], *, known: bool = True
) -> int:
    """Set `missing_since` on entries that the document before had, this one has not, and whose age is no reason.

    `seen` are the known entries of this document; `known` False: there are none of the source. Returns how many were
    marked.
    """
    if not known:
        return 0
    here = [_dates(item.published, item.updated) for item in document]
    before = (
        Fetch.objects.filter(feed=feed, pk__lt=fetch.pk, body__isnull=False, ingest_error="", pushed=False)
        .exclude(ingested_at=None)
        .order_by("-pk")
        .values_list("pk", "started_at")
        .first()
    )
    if before is None or not any(published for published, _ in here):
        return 0
    # What a hub sent since then counts as of the document before; what it sent while this one was fetched does not.
    pushed = Fetch.objects.filter(feed=feed, pushed=True, pk__gt=before[0], started_at__lt=fetch.started_at)
    moments = [before[1], *pushed.order_by("-pk").values_list("started_at", flat=True)[:CHUNK]]
    last = Entry.objects.filter(feed=feed, last_seen_at__in=moments, missing_since=None).values_list("pk", flat=True)
    gone = [pk for pk in last if pk not in seen]
    if len(gone) > max(_FEW, _MOST_GONE * (len(gone) + len(seen))):
        return 0
    dates: dict[int, Dates] = {}
    for piece in chunks(gone):
        rows = EntryVersion.objects.filter(entry__in=piece, number=F("entry__version"))
        columns = rows.values_list("entry", "record__published", "record__updated")
        dates |= {pk: _dates(published, updated) for pk, published, updated in columns}
    early = [pk for pk in gone if pk in dates and all(_left_early(pk, dates, here, order) for order in (0, 1))]
    for piece in chunks(early):
        Entry.objects.filter(pk__in=piece).update(missing_since=fetch.started_at)
    return len(early)


def _left_early(pk: int, dates: dict[int, Dates], here: list[Dates], order: int) -> bool:
    """Whether an item left before its turn, in a feed whose `order` is that of publication (0) or of change (1).

    Feeds let their oldest items go; one that goes while older ones stay, more of them than went with it, was taken out.
    """
    moment = dates[pk][order]
    if moment is None:
        return False
    stay = sum(1 for other in here if (at := other[order]) is not None and at < moment)
    went = sum(1 for other in dates.values() if (at := other[order]) is not None and at < moment)
    return stay >= _OLDER_LEFT and stay > went
