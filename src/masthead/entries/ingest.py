"""Ingest: bodies of feeds become entries and their versions, each exactly once.

Bodies are read outside of any transaction, in workers that can be killed. All that follows from some of them is written
in one, which begins by taking the bodies: so a body is taken by one process only, and a death on the way leaves it to
be taken again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from masthead.entries.contradict import contradict, with_others
from masthead.entries.ledger import Ledger
from masthead.entries.match import known_feeds, match_items, not_older
from masthead.entries.missing import mark_missing
from masthead.entries.read import READ, Body, Reading
from masthead.entries.storable import unpack
from masthead.entries.write import Writer
from masthead.feeds import verdict
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, Fetch, Source
from masthead.store import leases
from masthead.store.steps import Outcome
from masthead.store.workers import run as workers

log = logging.getLogger(__name__)
# So many bodies, so large together, are written in one transaction, and are had from the database by one query.
_GROUP, _GROUP_BYTES = 25, 4_000_000
# A run begins no further body after so many seconds, so that the caller gets to its other duties.
_SHIFT = 20.0
_LEASE = timedelta(minutes=10)
# What is read of a fetch and its feed; the feed is read whole once it is locked.
_NEEDED = (
    "feed", "started_at", "status", "final_url", "headers", "body", "body_size", "pushed", "feed__url", "feed__source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """A fetch whose body was read."""

    fetch: Fetch
    reading: Reading


def ingest(limit: int = 200) -> Outcome:
    """Read up to `limit` bodies that were fetched and not yet read, oldest first, for a third of a minute at most.

    `done` counts bodies that were feeds, `failed` others; a body that cannot be read is marked with the reason and
    kept. Raises database errors and `workers.Unavailable`: they say nothing about the body.
    """
    waiting = Fetch.objects.filter(ingested_at=None, body__isnull=False).order_by("pk")
    done = failed = 0
    with leases.claimed(_free(waiting), limit, _LEASE) as keys:
        for good in _ingest(list(waiting.filter(pk__in=keys).values_list("pk", "body_size"))):
            done += good
            failed += not good
    return Outcome(done=done, failed=failed, more=bool(done or failed) and waiting.exists())


def _free(waiting: QuerySet[Fetch]) -> QuerySet[Fetch]:
    """Without the bodies of feeds of which somebody else reads one: they are read in the order in which they came."""
    others = Fetch.objects.filter(feed=OuterRef("feed"), leased_until__gt=timezone.now())
    return waiting.exclude(Exists(others.filter(ingested_at=None, body__isnull=False)))


def ingest_fetch(pk: int) -> bool:
    """Read one body and write what it holds. Tells whether it was a feed (or was read by somebody else)."""
    return all(_ingest([(pk, 0)]))


def _ingest(sizes: Iterable[tuple[int, int]]) -> Iterator[bool]:
    """Read these bodies, several at once, and write them in their order; for each of them whether it was a feed.

    They are told by their keys, each with its size.
    """
    broken: list[bool] = []
    read = workers.stream(READ, _bodies(sizes, broken))
    for group in _groups(read):
        yield from (broken.pop() for _ in range(len(broken)))
        yield from [_mark_broken(group)] if isinstance(group, _Broken) else _write_group(group)
    yield from broken


def _bodies(sizes: Iterable[tuple[int, int]], broken: list[bool]) -> Iterator[tuple[Fetch, Body]]:
    """What the workers are given. A body that is damaged in our own store is marked, and told in `broken`."""
    end = time.monotonic() + _SHIFT
    for keys in _portions(sizes):
        if time.monotonic() > end:
            return
        waiting = Fetch.objects.filter(pk__in=keys, ingested_at=None, body__isnull=False).order_by("pk")
        for fetch in waiting.select_related("feed").only(*_NEEDED):
            packed, fetch.body = fetch.body or b"", None
            try:
                body = unpack(packed)
            except ValueError as error:
                _mark_failed(fetch.pk, str(error))
                broken.append(False)
                continue
            content_type = str(fetch.headers.get("content-type", ""))
            yield fetch, Body(fetch.feed_id, body, fetch.final_url or fetch.feed.url, content_type)


def _portions(sizes: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Keys of bodies that are not too many nor too large to be had at once."""
    portion: list[int] = []
    total = 0
    for key, size in sizes:
        if portion and (len(portion) >= _GROUP or total + size > _GROUP_BYTES):
            yield portion
            portion, total = [], 0
        portion.append(key)
        total += size
    if portion:
        yield portion


@dataclass(frozen=True, slots=True)
class _Broken:
    """A fetch whose body broke its worker."""

    fetch: Fetch
    error: workers.Failed


def _groups(read: Iterable[tuple[Fetch, Reading | workers.Failed]]) -> Iterator[list[_Read] | _Broken]:
    """Bodies in order, in groups that are written together: one of a source, not too large. The broken are alone."""
    group: list[_Read] = []
    total = 0
    try:
        for fetch, reading in read:
            size, source = fetch.body_size, fetch.feed.source_id
            failed = isinstance(reading, workers.Failed)
            full = len(group) >= _GROUP or total + size > _GROUP_BYTES
            if group and (failed or full or any(source == other.fetch.feed.source_id for other in group)):
                yield group
                group, total = [], 0
            if isinstance(reading, workers.Failed):
                yield _Broken(fetch, reading)
                continue
            group.append(_Read(fetch, reading))
            total += size
    except workers.Unavailable:
        # What was read before counts.
        if group:
            yield group
        raise
    if group:
        yield group


def _write_group(group: Sequence[_Read]) -> list[bool]:
    """Write some bodies in one transaction; for each whether it was a feed.

    When anything but the database breaks on the way, each is written by itself, so that one that breaks the program
    holds up no other.
    """
    if len(group) > 1:
        try:
            return _together(group)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.info("a group of bodies is written one by one: %s: %s", type(error).__name__, error)
    return [_write_or_mark(one) for one in group]


def _write_or_mark(one: _Read) -> bool:
    """Write one body; one that breaks the program is marked with the reason, so that it holds up no other."""
    for last in (False, True):
        try:
            return all(_together([one]))
        except (OperationalError, InterfaceError):
            # The database is in trouble, not the body.
            raise
        except Exception as error:
            if isinstance(error, IntegrityError) and not last:
                # Somebody else wrote the same names at the same moment; now they are there to be found.
                continue
            log.exception("fetch %s could not be ingested", one.fetch.pk)
            _mark_failed(one.fetch.pk, f"{type(error).__name__}: {error}")
            break
    return False


def _mark_broken(broken: _Broken) -> bool:
    """Mark a body that broke its worker: the fault may be ours."""
    error = broken.error
    log.error("fetch %s could not be read: %s\n%s", broken.fetch.pk, error, error.report)
    reading = Reading(refusal=f"The feed could not be read: {error}"[:2000])
    with transaction.atomic():
        feed = _take([broken.fetch]).get(broken.fetch.pk)
        if feed is not None:
            _reject(feed, broken.fetch, reading, for_good=False)
    return False


def _together(group: Sequence[_Read]) -> list[bool]:
    """Write what bodies of different sources hold; for each whether it was a feed (or was read by somebody else)."""
    goods: list[bool] = []
    news: list[tuple[Feed, Reading]] = []
    with transaction.atomic():
        taken = _take([one.fetch for one in group])
        known = known_feeds(taken.values())
        ledger = Ledger()
        for one in group:
            fetch, reading = one.fetch, one.reading
            feed = taken.get(fetch.pk)
            if feed is not None and fetch.pushed and not reading.refusal:
                anothers = verdict.is_anothers(feed, fetch, reading.parsed)
                reading = Reading(refusal=anothers) if anothers else reading
            goods.append(not reading.refusal)
            if feed is None:
                continue
            if reading.refusal:
                _reject(feed, fetch, reading)
            elif _write(feed, fetch, reading, ledger, known=feed.pk in known):
                news.append((feed, reading))
        ledger.write()
    _contradict(news)
    return goods


def _contradict(news: Sequence[tuple[Feed, Reading]]) -> None:
    """Hold feeds that brought something, of different sources, against their publishers' others."""
    several = with_others(feed for feed, _ in news) if news else set()
    for feed, reading in news:
        try:
            if feed.pk in several:
                contradict(feed, reading.items)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # The body is written all the same.
            log.exception("feed %s could not be held against the publisher's others", feed.pk)


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
            # One of a source, also when an editor has just given it another.
            feed.source = sources.pop(feed.source_id)
            taken[fetch.pk] = feed
    Fetch.objects.filter(pk__in=list(taken)).update(ingested_at=timezone.now())
    return taken


def _write(feed: Feed, fetch: Fetch, reading: Reading, ledger: Ledger, *, known: bool) -> bool:
    """Enter what a body held in the ledger. Tells whether it brought new entries."""
    matches = match_items(feed, reading.items, set(reading.shared), known=known)
    writer = Writer(feed, fetch, reading.parsed, ledger, known=known)
    writer.write(not_older(matches) if fetch.pushed else matches)
    seen = {match.entry.pk for match in matches if match.entry is not None}
    changed, familiar, described = bool(writer.new or writer.changed), bool(seen), False
    if fetch.pushed:
        # A hub may send the new items alone: those that it leaves out are not gone.
        verdict.accept_pushed(feed, fetch, changed=changed, familiar=familiar, brought=writer.new > 0)
    else:
        if not reading.parsed.cut:
            mark_missing(feed, fetch, reading.items, seen, known=known)
        described = verdict.accept(
            feed, fetch, reading.digest, reading.parsed, changed=changed, familiar=familiar, brought=writer.new > 0
        )
    fetch.entries_seen, fetch.entries_new, fetch.entries_changed = len(reading.items), writer.new, writer.changed
    fetch.detail = "; ".join(reading.parsed.warnings)[:2000]
    ledger.note(feed, fetch, described)
    return bool(writer.new)


def _reject(feed: Feed, fetch: Fetch, reading: Reading, *, for_good: bool = True) -> None:
    reason = reading.refusal
    if fetch.pushed:
        verdict.reject_pushed(feed, fetch)
    else:
        verdict.reject(feed, fetch, reason, timezone.now(), reading.found, for_good=for_good)
    Fetch.objects.filter(pk=fetch.pk).update(ingest_error=reason)


def _mark_failed(pk: int, reason: str) -> None:
    with transaction.atomic():
        Fetch.objects.filter(pk=pk, ingested_at=None).update(ingested_at=timezone.now(), ingest_error=reason[:2000])
