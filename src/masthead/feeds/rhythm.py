"""The schedule's pure plans and the server's validators, written onto a feed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from masthead.core.fetch.target import TargetRefused, parse_target
from masthead.core.records import from_builtins, to_builtins
from masthead.core.types import FeedHints
from masthead.feeds import schedule
from masthead.feeds.models import Feed

_ETAG_ROOM, _DATE_ROOM = 2000, 500


def _spread() -> float:
    """A feed's share of the jitter: 0 to 1, new each time."""
    return secrets.randbelow(1_000_001) / 1_000_000


def with_freshness(stored: dict[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    """A feed's stored hints with the freshness that holds after this answer."""
    return {**stored, "fresh_for": schedule.freshness(headers, stored.get("fresh_for"))}


def with_feed_hints(stored: dict[str, Any], hints: FeedHints) -> dict[str, Any]:
    """A feed's stored hints with what its document says now."""
    return {**stored, **to_builtins(hints)}


def hints_of(feed: Feed, *, offered: bool = False) -> schedule.Hints:
    """All that was said about the feed's rhythm. `offered`: its server gave validators that were not adopted."""
    document = from_builtins(feed.hints, FeedHints)
    validated = offered or bool(feed.etag or feed.last_modified or feed.elsewhere)
    return schedule.Hints(document, feed.hints.get("fresh_for"), validated, feed.hints.get("late", 0))


def note_lateness(feed: Feed, planned: datetime | None) -> None:
    """Remember by how much the exchange at hand came later than `planned`, for its next plan."""
    late = 0
    if planned is not None and feed.fetched_at is not None:
        late = max(0, min(int((feed.fetched_at - planned).total_seconds()), 86_400))
    feed.hints.pop("late", None)
    if late:
        feed.hints["late"] = late


def adopt_validators(feed: Feed, final_url: str, headers: Mapping[str, str], *, not_modified: bool) -> None:
    """Keep what the server gave to ask with, for the very address that gave it.

    A 200 replaces all of it, also by nothing; a 304 replaces what it names (RFC 9110 section 15.4.5). One that is
    too long to be kept whole is not kept: it must go back byte for byte.
    """
    etag, last_modified = headers.get("etag", ""), headers.get("last-modified", "")
    etag = etag if len(etag) <= _ETAG_ROOM else ""
    last_modified = last_modified if len(last_modified) <= _DATE_ROOM else ""
    direct = final_url == feed.url or not redirected(feed, final_url)
    old_etag, old_modified = feed.etag, feed.last_modified
    if not direct:
        known = feed.elsewhere if feed.elsewhere.get("url") == final_url else {}
        old_etag, old_modified = known.get("etag", ""), known.get("last_modified", "")
    if not_modified:
        etag, last_modified = etag or old_etag, last_modified or old_modified
    if direct:
        feed.etag, feed.last_modified, feed.elsewhere = etag, last_modified, {}
    else:
        feed.etag, feed.last_modified = "", ""
        given = {"url": final_url, "etag": etag, "last_modified": last_modified}
        feed.elsewhere = given if etag or last_modified else {}


def redirected(feed: Feed, final_url: str) -> bool:
    """Whether the answer came from another address than the feed's own, spelling aside."""
    try:
        return parse_target(feed.url).url != final_url
    except TargetRefused:
        return True


def plan_success(feed: Feed, now: datetime, *, changed: bool | None, offered: bool = False) -> None:
    """Set when the feed is due after a 200 or 304. Failures are forgotten only once the body was read.

    `offered`: its server gave validators that were not adopted, because something is missing from the body.
    """
    failures = feed.failures
    history = schedule.History(feed.interval, failures)
    floor = settings.MASTHEAD.poll_floor
    told = feed.told_until is not None and feed.told_until > now
    plan = schedule.after_success(
        now,
        hints_of(feed, offered=offered),
        history,
        changed=changed,
        floor=floor,
        spread=_spread(),
        told=told,
    )
    _write(feed, plan)
    if feed.news_at is not None and feed.fetched_at is not None and feed.news_at >= feed.fetched_at:
        # The hub spoke while we asked: what it meant may not have been there yet.
        feed.due_at, feed.due_why = plan.not_before, "its hub said that there is news"
    feed.failures = failures


def plan_failure(feed: Feed, now: datetime, *, status: int, headers: Mapping[str, str]) -> None:
    """Set when the feed is due after an error, and count it."""
    plan = schedule.after_failure(
        now,
        schedule.History(feed.interval, feed.failures),
        status=status,
        headers=headers,
        floor=settings.MASTHEAD.poll_floor,
        spread=_spread(),
    )
    _write(feed, plan)


def _write(feed: Feed, plan: schedule.Plan) -> None:
    feed.due_at, feed.not_before = plan.due_at, plan.not_before
    feed.interval, feed.failures, feed.due_why = plan.interval, plan.failures, plan.why[:300]
