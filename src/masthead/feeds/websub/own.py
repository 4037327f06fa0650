"""Whether a feed that calls itself by another address may be asked for at its hub under that one (WebSub section 4).

The stated address is the topic, but anybody may state anybody's. One that is not the feed's own by its spelling is
fetched, once a month at most: it has to lead to the feed's own address, or to be the same feed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import zstandard
from django.db import transaction
from django.utils import timezone

from masthead.core.fetch import FetchRequest
from masthead.core.types import FetchResult
from masthead.feeds.client import fetch_many
from masthead.feeds.locking import feed_locked
from masthead.feeds.models import Feed, FeedState, Fetch
from masthead.feeds.queries import same_address
from masthead.feeds.websub.alike import Document, Finding, Pair
from masthead.feeds.websub.discover import is_own
from masthead.store.workers import run as workers

COMPARE = workers.Task("masthead.feeds.websub.alike:compare", Pair, Finding, seconds=10.0)
_AGAIN = timedelta(days=30)
# After an answer that says nothing.
_SOON = timedelta(days=1)
_AT_ONCE = 20
_MOST_BYTES = 64_000_000


def look(now: datetime) -> int:
    """Look at stated addresses whose time has come. Returns how many were looked at."""
    due = Feed.objects.filter(self_due_at__lte=now, state=FeedState.ACTIVE).order_by("self_due_at", "pk")
    asked = [FetchRequest(url, kind="feed", tag=feed) for feed, url in _claimed(list(due[:_AT_ONCE]), now)]
    found: list[tuple[Feed, FetchResult]] = []

    def take(request: FetchRequest, result: FetchResult) -> None:
        assert isinstance(request.tag, Feed)
        found.append((request.tag, result))

    if asked:
        fetch_many(asked, take)
    for feed, result in found:
        difference = _difference(feed, result)
        if difference is not None:
            _settle(feed, difference)
    return len(asked)


def _claimed(feeds: list[Feed], now: datetime) -> Iterator[tuple[Feed, str]]:
    """The feeds that are ours to look at, with the addresses that they state."""
    for feed in feeds:
        later = Feed.objects.filter(pk=feed.pk, self_due_at=feed.self_due_at)
        if not later.update(self_due_at=now + _SOON):
            continue
        url = str((feed.hints.get("self") or {}).get("url", ""))
        if not url:
            Feed.objects.filter(pk=feed.pk).update(self_due_at=None)
        elif (other := same_address(url)) is not None and other.pk != feed.pk:
            # Its hub tells us under that feed's name already.
            _settle(feed, f"feed {other.pk} has that address")
        else:
            yield feed, url


def _difference(feed: Feed, result: FetchResult) -> str | None:
    """Why what stands at the stated address is not this feed; "" when it is; None when that cannot be told now."""
    if result.error in ("address", "scheme"):
        return result.error_detail
    if result.error or result.status in (408, 425, 429) or result.status >= 500:
        return None
    if not result.ok or not result.body:
        return f"its server answered {result.status}{'' if not result.ok else ' with an empty body'}"
    if is_own(result.final_url, feed.url):
        return ""
    last = Fetch.objects.filter(feed=feed, body__isnull=False, pushed=False).order_by("-started_at", "-pk").first()
    if last is None or last.body is None:
        return None
    ours = Document(
        zstandard.decompress(bytes(last.body), max_output_size=_MOST_BYTES),
        last.final_url or feed.url,
        str(last.headers.get("content-type", "")),
    )
    headers = result.headers
    theirs = Document(result.body, result.final_url, headers.get("content-type", ""), headers.get("link", ""))
    try:
        return workers.call(COMPARE, Pair(ours, theirs, result.url)).difference
    except workers.Failed as error:
        return f"what stands there cannot be read: {error}"


def _settle(feed: Feed, difference: str) -> None:
    """Write down what was found, unless the feed states another address by now."""
    now = timezone.now()
    url = feed.hints["self"]["url"]
    with transaction.atomic():
        row = feed_locked(feed.pk)
        if row is None or (row.hints.get("self") or {}).get("url") != url:
            return
        found = {"url": url, "same": not difference, "why": difference[:300]}
        row.hints = {**row.hints, "self": found}
        row.topic, row.self_due_at = "" if difference or not row.hub else url, now + _AGAIN
        row.save(update_fields=["hints", "topic", "self_due_at"])
