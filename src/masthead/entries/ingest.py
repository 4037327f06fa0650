"""Ingest: bodies of feeds become entries and their versions, each exactly once.

A body is read outside of any transaction, in a worker that can be killed. All that follows from it is written in one,
which begins by taking the body: so a body is taken by one process only, and a death on the way leaves it to be taken
again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from masthead.entries.contradict import contradict
from masthead.entries.match import match_items, not_older
from masthead.entries.missing import mark_missing
from masthead.entries.read import Body, Reading
from masthead.entries.storable import unpack
from masthead.entries.write import Writer
from masthead.feeds import verdict
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, Fetch
from masthead.store.steps import Outcome
from masthead.store.workers import run as workers

log = logging.getLogger(__name__)

READ = workers.Task("masthead.entries.read:read", Body, Reading, seconds=5.0)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A fetch whose body is being read."""

    fetch: Fetch
    body: bytes


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
    for taken, reading in workers.stream(READ, _bodies(keys, broken)):
        yield from (broken.pop() for _ in range(len(broken)))
        yield _write_or_mark(taken, reading)
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


def _write_or_mark(taken: _Taken, reading: Reading | workers.Failed) -> bool:
    """Write one body; one that broke its worker or breaks the program is marked, so that it holds up no other."""
    pk = taken.fetch.pk
    if isinstance(reading, workers.Failed):
        log.error("fetch %s could not be read: %s\n%s", pk, reading, reading.report)
        _reject(taken.fetch, Reading(refusal=f"The feed could not be read: {reading}"[:2000]), for_good=False)
        return False
    for last in (False, True):
        try:
            return _take_and_write(taken, reading)
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


def _take_and_write(taken: _Taken, reading: Reading) -> bool:
    fetch = taken.fetch
    if reading.refusal:
        _reject(fetch, reading)
        return False
    if fetch.pushed and (anothers := verdict.is_anothers(fetch.feed, fetch, reading.parsed)):
        _reject(fetch, Reading(refusal=anothers))
        return False
    news = False
    with transaction.atomic():
        feed = _take(taken.fetch)
        if feed is not None:
            news = _write(feed, fetch, taken.body, reading)
    if feed is not None and news:
        contradict(feed, [item.entry for item in reading.items])
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


def _reject(fetch: Fetch, reading: Reading, *, for_good: bool = True) -> None:
    reason = reading.refusal
    with transaction.atomic():
        feed = _take(fetch)
        if feed is not None:
            if fetch.pushed:
                verdict.reject_pushed(feed, fetch)
            else:
                verdict.reject(feed, fetch, reason, timezone.now(), reading.found, for_good=for_good)
            Fetch.objects.filter(pk=fetch.pk).update(ingest_error=reason)


def _mark_failed(pk: int, reason: str) -> None:
    with transaction.atomic():
        Fetch.objects.filter(pk=pk, ingested_at=None).update(ingested_at=timezone.now(), ingest_error=reason[:2000])
