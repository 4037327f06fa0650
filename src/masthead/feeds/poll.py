"""Poll: due feeds are asked, and every exchange is written down with what follows from it.

What a body says is for the next stage: it calls `feeds.verdict` once it has read it. Validators of a new body are
adopted there, so that a body that could not be read is asked for again in full.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import zstandard
from django.db import transaction
from django.utils import timezone

from masthead.core.fetch import FetchRequest, Validators
from masthead.core.types import FetchResult
from masthead.feeds import moves, rhythm, seek
from masthead.feeds.claims import Claim, DueFeeds, due, release
from masthead.feeds.client import fetch_stream, most_under_way
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, FeedState, Fetch
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

    def next_request() -> FetchRequest | None:
        if counts["taken"] >= limit or time.monotonic() >= end:
            return None
        got = feeds.take(held)
        if got is None:
            return None
        counts["taken"] += 1
        held[got.feed.host] = got
        return make_request(got)

    def on_result(request: FetchRequest, result: FetchResult) -> None:
        mine = request.tag
        assert isinstance(mine, Claim)
        good = record(mine, result)
        held.pop(mine.feed.host, None)
        counts["done" if good else "failed"] += 1
        if on_answer is not None:
            on_answer()

    try:
        fetch_stream(next_request, on_result)
    finally:
        for left in held.values():
            release(left)
    more = counts["taken"] > 0 and due(timezone.now()).exists()
    return Outcome(done=counts["done"], failed=counts["failed"], more=more)


def record(held: Claim, result: FetchResult) -> bool:
    """Write one exchange and its consequences in one transaction. Tells whether it was a 200 or 304."""
    now = timezone.now()
    if result.error == "paused":
        release(held)
        return True
    body = zstandard.compress(result.body, 3) if result.body else None
    digest = hashlib.sha256(result.body).hexdigest() if result.body else ""
    with transaction.atomic():
        feed = locked(Feed.objects.filter(pk=held.feed.pk)).first()
        if feed is None:
            return False
        good = result.not_modified or (result.ok and result.status in _WHOLE and bool(result.body))
        same = result.not_modified or (good and digest == feed.body_digest)
        fetch = _fetch_row(feed, result)
        if good and not same:
            fetch.body, fetch.body_size = body, len(result.body)
        else:
            fetch.ingested_at = now
        fetch.save()
        if feed.leased_until != held.lease:
            # The lease ran out and another poller has the feed: what was fetched is kept, the plan is theirs.
            return good
        feed.leased_until = None
        feed.fetched_at = result.started_at
        if good:
            _apply_answer(feed, result, now, same=same)
        else:
            _apply_failure(feed, result, now)
        feed.save()
    return good


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
