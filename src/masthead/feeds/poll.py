"""Poll: due feeds are asked, and every exchange is written down with what follows from it.

What a body says is for the next stage: it calls `feeds.verdict` once it has read it. Validators of a new body are
adopted there, so that a body that could not be read is asked for again in full.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

import zstandard
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from masthead.core.fetch import FetchRequest, Validators
from masthead.core.types import FetchResult
from masthead.core.urls import host_of
from masthead.feeds import moves, rhythm, seek
from masthead.feeds.claims import Claim, DueFeeds, due, release_all
from masthead.feeds.client import fetch_batches, most_under_way
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, FeedState, Fetch
from masthead.store.rows import held_by, insert_rows, update_rows
from masthead.store.steps import Outcome

# A run stops taking feeds after so long, so that the caller gets to its other duties.
_SHIFT = 120.0
# Answers that bring a feed whole. A 226 (RFC 3229) would bring a part; none is asked for, and none is taken.
_WHOLE = (200, 203)
# A longer header is left out whole: a validator must go back byte for byte or not at all.
_HEADER_ROOM = 2000
# fmt: off
_KEPT_HEADERS = frozenset((
    "age", "cache-control", "content-encoding", "content-language", "content-location", "content-type", "date", "etag",
    "expires", "last-modified", "link", "location", "retry-after", "server", "x-robots-tag",
))
# What an exchange changes of a feed.
_PLANNED = (
    "url", "host", "state", "reason", "due_at", "not_before", "due_why", "leased_until", "interval", "failures",
    "fetched_at", "succeeded_at", "etag", "last_modified", "elsewhere", "body_digest", "hints", "moved_to",
    "moved_since", "moved_count",
)
# fmt: on


def make_request(held: Claim) -> FetchRequest:
    """The conditional request for a claimed feed."""
    feed = held.feed
    other = feed.elsewhere
    return FetchRequest(
        url=feed.url,
        etag=feed.etag,
        last_modified=feed.last_modified,
        elsewhere={other["url"]: Validators(other["etag"], other["last_modified"])} if other else {},
        tag=held,
    )


def poll_due(limit: int = 5000, *, on_answer: Callable[[], None] | None = None) -> Outcome:
    """Ask every feed that is due, at most `limit` of them, and write down what came.

    While slow servers are waited for, feeds go on being taken. `done` counts answers, `failed` errors; `on_answer` is
    called after each.
    """
    feeds = DueFeeds(doubtful=most_under_way() // 2)
    held: dict[str, Claim] = {}
    counts = {"taken": 0, "done": 0, "failed": 0}
    end = time.monotonic() + _SHIFT

    def next_requests(room: int) -> list[FetchRequest]:
        room = min(room, limit - counts["taken"])
        if room <= 0 or time.monotonic() >= end:
            return []
        got = feeds.take(held, room, failing=sum(1 for mine in held.values() if mine.feed.failures))
        counts["taken"] += len(got)
        held.update((mine.feed.host, mine) for mine in got)
        return [make_request(mine) for mine in got]

    def on_results(results: Sequence[tuple[FetchRequest, FetchResult]]) -> None:
        pairs = [(cast(Claim, request.tag), result) for request, result in results]
        for good in record_all(pairs):
            counts["done" if good else "failed"] += 1
            if on_answer is not None:
                on_answer()
        for mine, _ in pairs:
            held.pop(mine.feed.host, None)

    try:
        fetch_batches(next_requests, on_results)
    finally:
        release_all(held.values())
    more = counts["taken"] > 0 and due(timezone.now()).exists()
    return Outcome(done=counts["done"], failed=counts["failed"], more=more)


def record(held: Claim, result: FetchResult) -> bool:
    """Write one exchange and its consequences in one transaction. Tells whether it was a 200 or 304."""
    return record_all([(held, result)])[0]


def record_all(pairs: Sequence[tuple[Claim, FetchResult]]) -> list[bool]:
    """Write exchanges and their consequences in one transaction. Tells for each whether it was a 200 or 304.

    When the database refuses what is to be written, each is written in a transaction of its own, so that one that
    cannot be stored takes no other with it.
    """
    try:
        return _record(pairs)
    except (DataError, IntegrityError):
        if len(pairs) == 1:
            raise
        return [record(held, result) for held, result in pairs]


def _record(pairs: Sequence[tuple[Claim, FetchResult]]) -> list[bool]:
    release_all([held for held, result in pairs if result.error == "paused"])
    # Packed before the transaction: others wait to write.
    kept = {id(result): _keep(result) for _, result in pairs if result.body}
    goods: list[bool] = []
    fetches: list[Fetch] = []
    planned: list[Feed] = []
    with transaction.atomic():
        keys = [held.feed.pk for held, result in pairs if result.error != "paused"]
        feeds = {feed.pk: feed for feed in locked(Feed.objects.filter(pk__in=keys).order_by("pk"))}
        now = timezone.now()
        before = {pk: held_by(feed, _PLANNED) for pk, feed in feeds.items()}
        for held, result in pairs:
            feed = feeds.get(held.feed.pk)
            if result.error == "paused" or feed is None:
                goods.append(result.error == "paused")
                continue
            body, digest = kept.get(id(result), (None, ""))
            good = result.not_modified or (result.ok and result.status in _WHOLE and bool(result.body))
            same = result.not_modified or (good and digest == feed.body_digest)
            fetch = _fetch_row(feed, result)
            if good and not same:
                fetch.body, fetch.body_size = body, len(result.body)
            else:
                fetch.ingested_at = now
            goods.append(good)
            fetches.append(fetch)
            if feed.leased_until != held.lease:
                # The lease ran out and another poller has the feed: what was fetched is kept, the plan is theirs.
                continue
            feed.leased_until = None
            feed.fetched_at = result.started_at
            rhythm.note_lateness(feed, held.due_at)
            if good:
                _apply_answer(feed, result, now, same=same)
            else:
                _apply_failure(feed, result, now)
            feed.host = host_of(feed.url)[:255]
            planned.append(feed)
        insert_rows(fetches)
        update_rows(planned, _PLANNED, before)
    return goods


def _keep(result: FetchResult) -> tuple[bytes, str]:
    """A body as it is stored, and its digest."""
    return zstandard.compress(result.body, 3), hashlib.sha256(result.body).hexdigest()


def _fetch_row(feed: Feed, result: FetchResult) -> Fetch:
    headers: dict[str, Any] = {
        name: value for name, value in result.headers.items() if name in _KEPT_HEADERS and len(value) <= _HEADER_ROOM
    }
    if result.redirects:
        headers["redirects"] = [[hop.status, hop.url, hop.target] for hop in result.redirects]
    return Fetch(
        feed=feed,
        started_at=result.started_at,
        elapsed=result.elapsed,
        status=result.status,
        error=result.error or "",
        detail=_said(result),
        final_url=result.final_url[:2000],
        headers=headers,
    )


def _said(result: FetchResult) -> str:
    """An exchange that brought nothing to read, in words; "" when it brought something."""
    if result.error:
        return result.error_detail
    if result.ok and not result.body and not result.not_modified:
        return f"the server answered {result.status} with an empty body"
    if result.not_modified or result.status in _WHOLE:
        return ""
    return f"the server answered {result.status}"


def _apply_answer(feed: Feed, result: FetchResult, now: datetime, *, same: bool) -> None:
    moves.note(feed, result.redirects, now)
    feed.hints = rhythm.with_freshness(feed.hints, result.headers)
    if same:
        # Nothing is left to be read: the feed is well, and what it gave to ask with next time counts at once.
        rhythm.adopt_validators(feed, result.final_url, result.headers, not_modified=result.not_modified)
        feed.failures, feed.reason, feed.succeeded_at = 0, "", now
        moves.settle(feed, now)
    rhythm.plan_success(feed, now, changed=False if same else None)


def _apply_failure(feed: Feed, result: FetchResult, now: datetime) -> None:
    if seek.failed(feed, result.status, now):
        return
    feed.reason = _said(result)[:500]
    if result.status == 410:
        feed.state = FeedState.GONE
        feed.reason = "the server answered 410 Gone: the publisher ended this feed"
    elif result.error in ("address", "scheme") and feed.succeeded_at is None:
        feed.state = FeedState.REFUSED
    rhythm.plan_failure(feed, now, status=result.status, headers=result.headers)
