"""What the next stage found in a body, written onto the feed that brought it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from masthead.core.parse import FoundFeed
from masthead.core.repair.language import normal_tag
from masthead.core.types import ParsedFeed
from masthead.core.urls import absolute, host_of
from masthead.feeds import moves, rhythm, seek
from masthead.feeds.models import Feed, FeedState, Fetch, Source
from masthead.feeds.naming import default_name, free_slug
from masthead.feeds.websub import polling, trust
from masthead.feeds.websub.discover import is_own, stated
from masthead.store.rows import update_rows

# fmt: off
# What a reading changes of a feed.
_TOLD = (
    "url", "host", "state", "reason", "title", "home_url", "language", "due_at", "not_before", "due_why", "interval",
    "failures", "succeeded_at", "changed_at", "etag", "last_modified", "elsewhere", "body_digest", "hints", "moved_to",
    "moved_since", "moved_count", "hub", "hubs", "topic", "self_due_at", "told_until",
)
_DESCRIBED = ("home_url", "description", "language", "licence", "icon_url")
# fmt: on


def accept(
    feed: Feed, fetch: Fetch, digest: str, parsed: ParsedFeed, *, changed: bool, familiar: bool, brought: bool = False
) -> bool:
    """The body of this `digest` (SHA-256) was a feed: adopt its validators, hints and description, and plan by them.

    `changed`: it brought new or changed entries, `brought`: new ones; `familiar`: it held entries already known, so
    that it is the same feed as before. A document that breaks off is asked for again in full, unless the one before
    did so too: then that is how its server writes. Tells whether the source was described too. Nothing is stored but
    a source's new name: give the feed to `store` in the transaction that writes the entries.
    """
    headers = _headers(fetch)
    moment = fetch.started_at
    if brought:
        trust.found_by_poll(feed, moment)
    if feed.topic:
        trust.shown(feed)
    if parsed.cut and not feed.hints.get("cut"):
        _note_cut(feed, moment, changed=changed, offered=not headers.keys().isdisjoint(("etag", "last-modified")))
        return False
    rhythm.adopt_validators(feed, fetch.final_url or feed.url, headers, not_modified=False)
    feed.body_digest = digest
    feed.hints = {**feed.hints, "cut": bool(parsed.cut)}
    feed.hints = rhythm.with_feed_hints(feed.hints, parsed.hints)
    entered = seek.entered(feed)
    feed.hints = seek.settled(feed.hints)
    moves.recognise(feed, familiar=familiar)
    feed.failures, feed.reason, feed.succeeded_at = 0, "", moment
    if changed:
        feed.changed_at = moment
    _describe(feed, parsed)
    _note_hub(feed, parsed, headers, fetch.final_url or feed.url, moment)
    moves.settle(feed, moment)
    if feed.fetched_at is not None and feed.leased_until is None:
        rhythm.plan_success(feed, feed.fetched_at, changed=changed)
    feed.host = host_of(feed.url)[:255]
    return _describe_source(feed.source, feed, parsed, default_name(entered))


def store(feeds: Sequence[Feed], described: Iterable[Source]) -> None:
    """Write feeds that were accepted, and sources that were described on the way."""
    update_rows(feeds, _TOLD)
    update_rows(sorted(described, key=lambda source: source.pk), _DESCRIBED)


def _note_cut(feed: Feed, moment: datetime, *, changed: bool, offered: bool) -> None:
    """Something is missing at the end: validators stay as they were, and the next request is for all of it.

    A server that offers validators is asked as soon as others that do, not as one that can only send everything.
    """
    feed.hints = {**feed.hints, "cut": True}
    feed.reason = "the document ends before its end; the items that are whole were read, and it is asked for again"
    feed.succeeded_at = feed.succeeded_at or moment
    if changed:
        feed.failures, feed.changed_at = 0, moment
    if feed.fetched_at is not None and feed.leased_until is None:
        if changed:
            rhythm.plan_success(feed, feed.fetched_at, changed=True, offered=offered)
        else:
            rhythm.plan_failure(feed, feed.fetched_at, status=0, headers={})


def reject(
    feed: Feed,
    fetch: Fetch,
    reason: str,
    now: datetime,
    found: Sequence[FoundFeed] | None = None,
    *,
    for_good: bool = True,
) -> None:
    """The body was no feed. One that never worked is refused; one that did is asked again later.

    `found`: it was a page (or a directory's record) that leads to these; a new subscription follows it (`feeds.seek`).
    `for_good` False: the fault may be ours, so that no feed is refused for it.
    """
    feed.reason = reason[:500]
    if found is not None and (seek.page_found(feed, found, now) or feed.due_at is None):
        feed.save()
        return
    if feed.succeeded_at is None and for_good:
        feed.state = FeedState.REFUSED
    if feed.leased_until is None:
        rhythm.plan_failure(feed, now, status=fetch.status, headers={})
    feed.save()


def accept_pushed(feed: Feed, fetch: Fetch, *, changed: bool, familiar: bool, brought: bool = False) -> None:
    """What a hub sent was the feed's. It says nothing of the feed's server: validators, hints and plan stay.

    `brought`: it held new entries. The caller gives the feed to `store`.
    """
    if changed:
        feed.changed_at = fetch.started_at
    trust.delivered(feed, familiar=familiar, brought=fetch.started_at if brought else None)


def is_anothers(feed: Feed, fetch: Fetch, parsed: ParsedFeed) -> str:
    """Why what a hub sent is not of this feed: it calls itself otherwise; "" when it may be."""
    itself = stated(parsed, _headers(fetch), fetch.final_url).itself
    if not itself or is_own(itself, feed.url, feed.topic, fetch.final_url):
        return ""
    return f"the hub sent another feed's document: it calls itself {itself}"


def reject_pushed(feed: Feed, fetch: Fetch) -> None:
    """What a hub sent cannot be used. The feed is none the worse for it; it is asked itself."""
    polling.news(feed.pk, fetch.started_at, "its hub sent what could not be used")


def _headers(fetch: Fetch) -> Mapping[str, str]:
    return {name: value for name, value in fetch.headers.items() if isinstance(value, str)}


def _note_hub(feed: Feed, parsed: ParsedFeed, headers: Mapping[str, str], url: str, moment: datetime) -> None:
    """Note the hubs that the feed names, and its own address: where it stands, or one that `websub.own` has proved."""
    said = stated(parsed, headers, url)
    feed.hubs = list(said.hubs)
    if feed.hub not in said.hubs:
        feed.hub = next(iter(said.hubs), "")
    if not feed.hub or not said.itself or is_own(said.itself, feed.url, url):
        feed.topic, feed.self_due_at = said.itself if feed.hub else "", None
        feed.hints.pop("self", None)
        return
    known = feed.hints.get("self") or {}
    if known.get("url") != said.itself:
        known = {"url": said.itself}
        feed.hints["self"], feed.self_due_at = known, moment
    feed.topic = said.itself if known.get("same") else ""


def _describe(feed: Feed, parsed: ParsedFeed) -> None:
    feed.title = parsed.title[:500] or feed.title
    feed.home_url = absolute(parsed.link, feed.url)[:2000] or feed.home_url
    feed.language = feed.language or normal_tag(parsed.language[:35])


def _describe_source(source: Source, feed: Feed, parsed: ParsedFeed, made: str) -> bool:
    """Fill what the operator left open. A name of our own making (`made`) gives way to the feed's title, once."""
    filled: dict[str, Any] = {}
    if parsed.title.strip() and source.name in (made, default_name(feed.url)):
        filled["name"] = parsed.title.strip()[:200]
        filled["slug"] = free_slug(filled["name"], source.pk)
    offered = {
        "home_url": feed.home_url,
        "description": parsed.description.strip()[:5000],
        "language": normal_tag(parsed.language[:35]),
        "licence": parsed.license[:500],
        "icon_url": absolute(parsed.icon or parsed.image, feed.url)[:2000],
    }
    filled |= {name: value for name, value in offered.items() if value and not getattr(source, name)}
    for name, value in filled.items():
        setattr(source, name, value)
    if "slug" in filled:
        # At once, so that the next to be named finds it taken.
        source.save(update_fields=["name", "slug"])
    return bool(filled)
