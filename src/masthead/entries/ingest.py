"""Ingest: bodies of feeds become entries and their versions, each exactly once.

Bodies are read outside of any transaction, in workers that can be killed. All that follows from some of them is written
in one, which begins by taking the bodies: so a body is taken by one process only, and a death on the way leaves it to
be taken again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from masthead.entries.contradict import contradict
from masthead.entries.ledger import Ledger
from masthead.entries.match import known_feeds, match_items, not_older
from masthead.entries.missing import mark_missing
from masthead.entries.read import Body, Reading
from masthead.entries.storable import unpack
from masthead.entries.write import Writer
from masthead.feeds import verdict
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, Fetch, Source
from masthead.store.steps import Outcome
from masthead.store.workers import run as workers

log = logging.getLogger(__name__)
# So many bodies, so large together, are written in one transaction.
_GROUP, _GROUP_BYTES = 25, 4_000_000

READ = workers.Task("masthead.entries.read:read", Body, Reading, seconds=5.0)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A fetch whose body is being read."""

    fetch: Fetch
    body: bytes


@dataclass(frozen=True, slots=True)
class _Read:
    """A fetch whose body was read."""

    fetch: Fetch
    body: bytes
    reading: Reading


def ingest(limit: int = 50) -> Outcome:
    """Read up to `limit` bodies that were fetched and not yet read, oldest first.

    `done` counts bodies that were feeds, `failed` others; a body that cannot be read is marked with the reason and
    kept. Raises database errors and `workers.Unavailable`: they say nothing about the body.
    """
    waiting = Fetch.objects.filter(ingested_at=None, body__isnull=False).order_by("pk")
    done = failed = 0
    keys = list(waiting.values_list("pk", flat=True)[:limit])
    for good in _ingest(keys):
        done += good
        failed += not good
    return Outcome(done=done, failed=failed, more=bool(done or failed) and waiting.exists())


def ingest_fetch(pk: int) -> bool:
    """Read one body and write what it holds. Tells whether it was a feed (or was read by somebody else)."""
    return all(_ingest([pk]))


def _ingest(keys: Iterable[int]) -> Iterator[bool]:
    """Read these bodies, several at once, and write them in their order; for each of them whether it was a feed."""
    broken: list[bool] = []
    read = workers.stream(READ, _bodies(keys, broken))
    for group in _groups(read):
        yield from (broken.pop() for _ in range(len(broken)))
        yield from [_mark_broken(group)] if isinstance(group, _Broken) else _write_group(group)
    yield from broken


def _bodies(keys: Iterable[int], broken: list[bool]) -> Iterator[tuple[_Taken, Body]]:
    """What the workers are given. A body that is damaged in our own store is marked, and told in `broken`."""
    for pk in keys:
        fetch = Fetch.objects.select_related("feed").filter(pk=pk, ingested_at=None, body__isnull=False).first()
        if fetch is None or fetch.body is None:
            continue
        try:
            body = unpack(fetch.body)
        except ValueError as error:
            _mark_failed(pk, str(error))
            broken.append(False)
            continue
        content_type = str(fetch.headers.get("content-type", ""))
        yield _Taken(fetch, body), Body(fetch.feed_id, body, fetch.final_url or fetch.feed.url, content_type)


@dataclass(frozen=True, slots=True)
class _Broken:
    """A fetch whose body broke its worker."""

    fetch: Fetch
    error: workers.Failed


def _groups(read: Iterable[tuple[_Taken, Reading | workers.Failed]]) -> Iterator[list[_Read] | _Broken]:
    """Bodies in order, in groups that are written together: one of a source, not too large. The broken are alone."""
    group: list[_Read] = []
    total = 0
    try:
        for taken, reading in read:
            size, source = len(taken.body), taken.fetch.feed.source_id
            failed = isinstance(reading, workers.Failed)
            full = len(group) >= _GROUP or total + size > _GROUP_BYTES
            if group and (failed or full or any(source == other.fetch.feed.source_id for other in group)):
                yield group
                group, total = [], 0
            if isinstance(reading, workers.Failed):
                yield _Broken(taken.fetch, reading)
                continue
            group.append(_Read(taken.fetch, taken.body, reading))
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
            elif _write(feed, fetch, one.body, reading, ledger, known=feed.pk in known):
                news.append((feed, reading))
        ledger.write()
    for feed, reading in news:
        try:
            contradict(feed, [item.entry for item in reading.items])
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # The body is written all the same.
            log.exception("feed %s could not be held against the publisher's others", feed.pk)
    return goods


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


def _write(feed: Feed, fetch: Fetch, body: bytes, reading: Reading, ledger: Ledger, *, known: bool) -> bool:
    """Enter what a body held in the ledger. Tells whether it brought new entries."""
    matches = match_items(feed, reading.items, set(reading.shared), known=known)
    writer = Writer(feed, fetch, reading.parsed, ledger, known=known)
    writer.write(not_older(matches) if fetch.pushed else matches, reading.digests)
    seen = {match.entry.pk for match in matches if match.entry is not None}
    changed, familiar, described = bool(writer.new or writer.changed), bool(seen), False
    if fetch.pushed:
        # A hub may send the new items alone: those that it leaves out are not gone.
        verdict.accept_pushed(feed, fetch, changed=changed, familiar=familiar, brought=writer.new > 0)
    else:
        if not reading.parsed.cut:
            mark_missing(feed, fetch, (item.entry for item in reading.items), seen, known=known)
        described = verdict.accept(
            feed, fetch, body, reading.parsed, changed=changed, familiar=familiar, brought=writer.new > 0
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
