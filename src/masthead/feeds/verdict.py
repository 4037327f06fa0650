"""What the next stage found in a body, written onto the feed that brought it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from masthead.core.types import ParsedFeed
from masthead.core.urls import absolute, host_of
from masthead.feeds import moves, rhythm
from masthead.feeds.models import Feed, FeedState, Fetch, Source
from masthead.feeds.naming import default_name, free_slug
from masthead.store.rows import update_rows

# fmt: off
# What a reading changes of a feed.
_TOLD = (
    "url", "host", "state", "reason", "title", "home_url", "language", "due_at", "not_before", "due_why", "interval",
    "failures", "succeeded_at", "changed_at", "etag", "last_modified", "elsewhere", "body_digest", "hints", "moved_to",
    "moved_since", "moved_count", "hub",
)
_DESCRIBED = ("home_url", "description", "language", "licence", "icon_url")
# fmt: on


def accept(feed: Feed, fetch: Fetch, body: bytes, parsed: ParsedFeed, *, changed: bool, familiar: bool) -> bool:
    """The body was a feed: adopt its validators, hints and description, and plan by them.

    `changed`: it brought new or changed entries; `familiar`: it held entries already known, so that it is the same
    feed as before. Tells whether the source was described too. Nothing is stored but a source's new name: give the feed
    to `store` in the transaction that writes the entries.
    """
    headers: Mapping[str, str] = {k: v for k, v in fetch.headers.items() if isinstance(v, str)}
    moment = fetch.started_at
    rhythm.adopt_validators(feed, fetch.final_url or feed.url, headers, not_modified=False)
    feed.body_digest = hashlib.sha256(body).hexdigest()
    feed.hints = rhythm.with_feed_hints(feed.hints, parsed.hints)
    moves.recognise(feed, familiar=familiar)
    feed.failures, feed.reason, feed.succeeded_at = 0, "", moment
    if changed:
        feed.changed_at = moment
    _describe(feed, parsed)
    moves.settle(feed, moment)
    if feed.fetched_at is not None and feed.leased_until is None:
        rhythm.plan_success(feed, feed.fetched_at, changed=changed)
    feed.host = host_of(feed.url)[:255]
    return _describe_source(feed.source, feed, parsed)


def store(feeds: Sequence[Feed], described: Iterable[Source]) -> None:
    """Write feeds that were accepted, and sources that were described on the way."""
    update_rows(feeds, _TOLD)
    update_rows(sorted(described, key=lambda source: source.pk), _DESCRIBED)


def reject(feed: Feed, fetch: Fetch, reason: str, now: datetime) -> None:
    """The body was no feed. One that never worked is refused; one that did is asked again later."""
    feed.reason = reason[:500]
    if feed.succeeded_at is None:
        feed.state = FeedState.REFUSED
    if feed.leased_until is None:
        rhythm.plan_failure(feed, max(now, fetch.started_at), status=fetch.status, headers={})
    feed.save()


def _describe(feed: Feed, parsed: ParsedFeed) -> None:
    feed.title = parsed.title[:500] or feed.title
    feed.home_url = absolute(parsed.link, feed.url)[:2000] or feed.home_url
    feed.language = feed.language or parsed.language[:35]
    feed.hub = next((hub for hub in parsed.hubs if absolute(hub, feed.url)), "")[:2000]


def _describe_source(source: Source, feed: Feed, parsed: ParsedFeed) -> bool:
    """Fill what the operator left open. A name of our own making gives way to the feed's title, once."""
    filled: dict[str, Any] = {}
    if parsed.title.strip() and source.name == default_name(feed.url):
        filled["name"] = parsed.title.strip()[:200]
        filled["slug"] = free_slug(filled["name"], source.pk)
    offered = {
        "home_url": feed.home_url,
        "description": parsed.description.strip()[:5000],
        "language": parsed.language[:35],
        "licence": parsed.license[:500],
        "icon_url": absolute(parsed.image, feed.url)[:2000],
    }
    filled |= {name: value for name, value in offered.items() if value and not getattr(source, name)}
    for name, value in filled.items():
        setattr(source, name, value)
    if "slug" in filled:
        # At once, so that the next to be named finds it taken.
        source.save(update_fields=["name", "slug"])
    return bool(filled)
