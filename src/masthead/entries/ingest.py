"""Ingest: bodies of feeds become entries and their versions, each exactly once.

A body is read outside of any transaction. All that follows from it is written in one, which begins by taking the
body: so a body is taken by one process only, and a death on the way leaves it to be taken again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from masthead.core.parse import FoundFeed, NotAFeed, discover, parse_feed
from masthead.core.types import ParsedFeed
from masthead.entries.contradict import contradict
from masthead.entries.digest import digest_of
from masthead.entries.identity import Named, name_items, shared_guids
from masthead.entries.match import match_items, not_older
from masthead.entries.missing import mark_missing
from masthead.entries.storable import storable_feed, unpack
from masthead.entries.write import Writer
from masthead.feeds import verdict
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, Fetch
from masthead.store.steps import Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """A body read: the feed, its items with names, their digests by their `whole` name, and guids that name nothing."""

    parsed: ParsedFeed
    items: tuple[Named, ...]
    digests: Mapping[str, str]
    shared: frozenset[str]


def ingest(limit: int = 50) -> Outcome:
    """Read up to `limit` bodies that were fetched and not yet read, oldest first.

    `done` counts bodies that were feeds, `failed` others; a body that cannot be read is marked with the reason and
    kept. Raises database errors: they say nothing about the body.
    """
    waiting = Fetch.objects.filter(ingested_at=None, body__isnull=False).order_by("pk")
    done = failed = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        good = _ingest_or_mark(pk)
        done += good
        failed += not good
    return Outcome(done=done, failed=failed, more=bool(done or failed) and waiting.exists())


def _ingest_or_mark(pk: int) -> bool:
    """Read one body; one that breaks the program is marked with the reason, so that it holds up no other."""
    for last in (False, True):
        try:
            return ingest_fetch(pk)
        except (OperationalError, InterfaceError):
            # The database is in trouble, not the body.
            raise
        except Exception as error:
            if isinstance(error, IntegrityError) and not last:
                # Somebody else wrote the same names at the same moment; now they are there to be found.
                continue
            log.exception("fetch %s could not be ingested", pk)
            _mark_failed(pk, f"{type(error).__name__}: {error}")
            break
    return False


def read(body: bytes, feed: Feed, url: str, content_type: str) -> Reading:
    """Parse a body and name its items. Pure but for the feed's id. Raises `NotAFeed`."""
    parsed = storable_feed(parse_feed(body, url=url, content_type=content_type))
    if parsed.cut == "inside":
        # Half an item has no name, or half a one: it would be known again as nobody.
        parsed = replace(parsed, entries=parsed.entries[:-1])
    entries = parsed.entries
    items = tuple(name_items(feed.pk, entries, home=parsed.link))
    digests = {item.whole: digest_of(item.entry) for item in items}
    return Reading(parsed, items, digests, frozenset(shared_guids(feed.pk, entries, parsed.link)))


def ingest_fetch(pk: int) -> bool:
    """Read one body and write what it holds. Tells whether it was a feed (or was read by somebody else)."""
    fetch = Fetch.objects.select_related("feed").filter(pk=pk, ingested_at=None, body__isnull=False).first()
    if fetch is None or fetch.body is None:
        return True
    body = unpack(fetch.body)
    url = fetch.final_url or fetch.feed.url
    content_type = str(fetch.headers.get("content-type", ""))
    try:
        reading = read(body, fetch.feed, url, content_type)
    except NotAFeed as error:
        found = discover(body, url, guess=True) if error.is_page or body[:1] == b"{" else None
        _reject(fetch, f"{error}{_alternatives(error.feeds)}", found)
        return False
    if fetch.pushed and (anothers := verdict.is_anothers(fetch.feed, fetch, reading.parsed)):
        _reject(fetch, anothers, None)
        return False
    news = False
    with transaction.atomic():
        feed = _take(fetch)
        if feed is not None:
            news = _write(feed, fetch, body, reading)
    if feed is not None and news:
        contradict(feed, reading.parsed.entries)
    return True


def _take(fetch: Fetch) -> Feed | None:
    """Lock the feed and take the body, in the transaction under way; None when it is not to be had (now).

    Bodies of one feed are read in the order in which they came.
    """
    feed = locked(Feed.objects.select_related("source").filter(pk=fetch.feed_id)).first()
    earlier = Fetch.objects.filter(feed=fetch.feed_id, ingested_at=None, body__isnull=False, pk__lt=fetch.pk)
    if feed is None or earlier.exists():
        return None
    taken = Fetch.objects.filter(pk=fetch.pk, ingested_at=None).update(ingested_at=timezone.now())
    return feed if taken else None


def _write(feed: Feed, fetch: Fetch, body: bytes, reading: Reading) -> bool:
    """Write what a body held. Tells whether it brought new entries."""
    matches = match_items(feed, reading.items, set(reading.shared))
    writer = Writer(feed, fetch, reading.parsed)
    writer.write(not_older(matches) if fetch.pushed else matches, reading.digests)
    seen = {match.entry.pk for match in matches if match.entry is not None}
    changed, familiar = bool(writer.new or writer.changed), bool(seen)
    if fetch.pushed:
        # A hub may send the new items alone: those that it leaves out are not gone.
        verdict.accept_pushed(feed, fetch, changed=changed, familiar=familiar)
    else:
        if not reading.parsed.cut:
            mark_missing(feed, fetch, (item.entry for item in reading.items), seen | writer.created)
        verdict.accept(feed, fetch, body, reading.parsed, changed=changed, familiar=familiar, brought=writer.new > 0)
    Fetch.objects.filter(pk=fetch.pk).update(
        entries_seen=len(reading.items),
        entries_new=writer.new,
        entries_changed=writer.changed,
        detail="; ".join(reading.parsed.warnings)[:2000],
    )
    return bool(writer.new)


def _reject(fetch: Fetch, reason: str, found: Sequence[FoundFeed] | None) -> None:
    with transaction.atomic():
        feed = _take(fetch)
        if feed is not None:
            if fetch.pushed:
                verdict.reject_pushed(feed, fetch)
            else:
                verdict.reject(feed, fetch, reason, timezone.now(), found)
            Fetch.objects.filter(pk=fetch.pk).update(ingest_error=reason)


def _mark_failed(pk: int, reason: str) -> None:
    with transaction.atomic():
        Fetch.objects.filter(pk=pk, ingested_at=None).update(ingested_at=timezone.now(), ingest_error=reason[:2000])


def _alternatives(feeds: Sequence[str]) -> str:
    """The feeds that a page names, as the end of a sentence; "" when it names none."""
    if not feeds:
        return ""
    return f". The page names {'this feed' if len(feeds) == 1 else 'these feeds'}: {', '.join(feeds[:5])}"
