"""Ingest: bodies of feeds become entries and their versions, each exactly once.

Bodies are read outside of any transaction, some at a time. All that follows from them is written in one, which begins
by taking the bodies: so a body is taken by one process only, and a death on the way leaves it to be taken again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.types import ParsedFeed
from masthead.entries.digest import digest_of
from masthead.entries.identity import Named, name_items, shared_guids
from masthead.entries.ledger import Ledger
from masthead.entries.match import known_feeds, match_items
from masthead.entries.missing import mark_missing
from masthead.entries.storable import storable_feed, unpack
from masthead.entries.write import Writer
from masthead.feeds import verdict
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, Fetch, Source
from masthead.store.steps import Outcome

log = logging.getLogger(__name__)
# So many bodies, so large together, are written in one transaction.
_GROUP, _GROUP_BYTES = 25, 4_000_000


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
    for group in _groups(list(waiting.values_list("pk", "feed__source", "body_size")[:limit])):
        good = _ingest_group(group)
        done += good
        failed += len(group) - good
    return Outcome(done=done, failed=failed, more=bool(done or failed) and waiting.exists())


def _groups(rows: Sequence[tuple[int, int, int]]) -> Iterator[list[int]]:
    """Bodies (key, source, size) in order, in groups that are written together: one of a source, not too large."""
    group: list[int] = []
    sources: set[int] = set()
    total = 0
    for pk, source, size in rows:
        if group and (len(group) >= _GROUP or source in sources or total + size > _GROUP_BYTES):
            yield group
            group, sources, total = [], set(), 0
        group.append(pk)
        sources.add(source)
        total += size
    if group:
        yield group


def _ingest_group(group: Sequence[int]) -> int:
    """Read some bodies and write them in one transaction; how many were feeds.

    When anything but the database breaks on the way, each is read by itself, so that one that breaks the program
    holds up no other.
    """
    if len(group) > 1:
        try:
            return _together(group)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.info("a group of bodies is read one by one: %s: %s", type(error).__name__, error)
    return sum(_ingest_or_mark(pk) for pk in group)


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
    entries = parsed.entries
    items = tuple(name_items(feed.pk, entries, home=parsed.link))
    digests = {item.whole: digest_of(item.entry) for item in items}
    return Reading(parsed, items, digests, frozenset(shared_guids(feed.pk, entries)))


def ingest_fetch(pk: int) -> bool:
    """Read one body and write what it holds. Tells whether it was a feed (or was read by somebody else)."""
    return bool(_together([pk]))


def _together(group: Sequence[int]) -> int:
    """Read bodies of different sources and write what they hold; how many were feeds or were read by somebody else."""
    found = Fetch.objects.select_related("feed").filter(pk__in=group, ingested_at=None, body__isnull=False)
    readings = [(fetch, *_read_body(fetch)) for fetch in found.order_by("pk")]
    with transaction.atomic():
        taken = _take([fetch for fetch, _, _ in readings])
        known = known_feeds(taken.values())
        ledger = Ledger()
        for fetch, body, found_in in readings:
            feed = taken.get(fetch.pk)
            if feed is None:
                continue
            if isinstance(found_in, Reading):
                _write(feed, fetch, body, found_in, ledger, known=feed.pk in known)
            else:
                verdict.reject(feed, fetch, found_in, timezone.now())
                Fetch.objects.filter(pk=fetch.pk).update(ingest_error=found_in)
        ledger.write()
    return len(group) - sum(isinstance(found_in, str) for _, _, found_in in readings)


def _read_body(fetch: Fetch) -> tuple[bytes, Reading | str]:
    """The body of an exchange and what stands in it; why it is no feed, in words, where it is none."""
    body = unpack(fetch.body or b"")
    content_type = str(fetch.headers.get("content-type", ""))
    try:
        return body, read(body, fetch.feed, fetch.final_url or fetch.feed.url, content_type)
    except NotAFeed as error:
        return body, f"{error}{_alternatives(error.feeds)}"


def _take(fetches: Sequence[Fetch]) -> dict[int, Feed]:
    """Lock the feeds and take the bodies, in the transaction under way; the feeds by body, where it was to be had.

    Bodies of one feed are read in the order in which they came. Feeds, then sources are locked in the order of their
    keys, so that two processes never wait for each other.
    """
    feeds = {feed.pk: feed for feed in locked(Feed.objects.filter(pk__in=[f.feed_id for f in fetches]).order_by("pk"))}
    held = {feed.source_id for feed in feeds.values()}
    sources = {source.pk: source for source in locked(Source.objects.filter(pk__in=held).order_by("pk"))}
    waiting = Fetch.objects.filter(feed__in=list(feeds), ingested_at=None, body__isnull=False).order_by("-pk")
    first = dict(waiting.values_list("feed", "pk"))
    taken: dict[int, Feed] = {}
    for fetch in fetches:
        feed = feeds.get(fetch.feed_id)
        if feed is not None and first.get(feed.pk) == fetch.pk and feed.source_id in sources:
            feed.source = sources[feed.source_id]
            taken[fetch.pk] = feed
    Fetch.objects.filter(pk__in=list(taken)).update(ingested_at=timezone.now())
    return taken


def _write(feed: Feed, fetch: Fetch, body: bytes, reading: Reading, ledger: Ledger, *, known: bool) -> None:
    matches = match_items(feed, reading.items, set(reading.shared), known=known)
    writer = Writer(feed, fetch, reading.parsed, ledger, known=known)
    writer.write(matches, reading.digests)
    seen = {match.entry.pk for match in matches if match.entry is not None}
    mark_missing(feed, fetch, (item.entry for item in reading.items), seen, known=known)
    changed = bool(writer.new or writer.changed)
    told = verdict.accept(feed, fetch, body, reading.parsed, changed=changed, familiar=bool(seen))
    fetch.entries_seen, fetch.entries_new, fetch.entries_changed = len(reading.items), writer.new, writer.changed
    ledger.note(feed, fetch, told)


def _mark_failed(pk: int, reason: str) -> None:
    with transaction.atomic():
        Fetch.objects.filter(pk=pk, ingested_at=None).update(ingested_at=timezone.now(), ingest_error=reason[:2000])


def _alternatives(feeds: Sequence[str]) -> str:
    """The feeds that a page names, as the end of a sentence; "" when it names none."""
    if not feeds:
        return ""
    return f". The page names {'this feed' if len(feeds) == 1 else 'these feeds'}: {', '.join(feeds[:5])}"
