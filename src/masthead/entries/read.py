"""A body read: parsed, its items named. Pure, without Django: it runs in a worker that can be killed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from masthead.core.parse import FoundFeed, NotAFeed, discover, parse_feed
from masthead.core.types import ParsedFeed
from masthead.entries.identity import shared_guids
from masthead.entries.item import Item, make_items
from masthead.entries.storable import storable_feed
from masthead.store.workers.task import Task


@dataclass(frozen=True, slots=True)
class Body:
    """What a feed's address answered. `feed`: the key of the feed, which names of its own items carry."""

    feed: int
    body: bytes
    url: str
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A body read: the feed, its items ready to be stored, and guids that name nothing.

    `parsed` is without its entries, which are in `items`. `refusal`: why it is no feed; then the rest is empty but for
    `found`. `digest` is the SHA-256 of the body.
    """

    parsed: ParsedFeed = field(default_factory=lambda: ParsedFeed(""))
    items: tuple[Item, ...] = ()
    shared: frozenset[str] = frozenset()
    refusal: str = ""
    digest: str = ""
    # Where it was a page, or a directory's record: the feeds that it leads to.
    found: tuple[FoundFeed, ...] | None = None


def read(body: Body) -> Reading:
    """Parse a body and name its items."""
    try:
        parsed = storable_feed(parse_feed(body.body, url=body.url, content_type=body.content_type))
    except NotAFeed as error:
        leads = error.is_page or body.body[:1] == b"{"
        found = tuple(discover(body.body, body.url, guess=True)) if leads else None
        return Reading(refusal=f"{error}{_alternatives(error.feeds)}", found=found)
    if parsed.cut == "inside":
        # Half an item has no name, or half a one: it would be known again as nobody.
        parsed = replace(parsed, entries=parsed.entries[:-1])
    entries = parsed.entries
    return Reading(
        replace(parsed, entries=()),
        tuple(make_items(body.feed, entries, home=parsed.link)),
        frozenset(shared_guids(body.feed, entries, parsed.link)),
        digest=hashlib.sha256(body.body).hexdigest(),
    )


READ = Task("masthead.entries.read:read", Body, Reading, seconds=5.0)
"""`read`, for workers."""


def warm() -> None:
    """Read a small feed, so that what is made at the first use is made once for all workers."""
    item = b"<item><guid>1</guid><title>A</title><description>&lt;p&gt;B&amp;amp;C&lt;/p&gt;</description></item>"
    read(Body(0, b"<rss version='2.0'><channel><title>T</title>" + item + b"</channel></rss>", "https://a.example/"))


def _alternatives(feeds: Sequence[str]) -> str:
    """The feeds that a page names, as the end of a sentence; "" when it names none."""
    if not feeds:
        return ""
    return f". The page names {'this feed' if len(feeds) == 1 else 'these feeds'}: {', '.join(feeds[:5])}"
