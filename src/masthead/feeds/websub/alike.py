"""Whether two documents are the same feed. Pure, without Django: it runs in a worker that can be killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.types import ParsedEntry
from masthead.core.urls import without_scheme
from masthead.feeds.websub.discover import is_own, stated

# So many items both must hold, where they have so many.
_AGREEMENT = 3


@dataclass(frozen=True, slots=True)
class Document:
    """What stood at an address. `link`: the answer's `Link` header, "" where there was none."""

    body: bytes
    url: str
    content_type: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A feed's own document, and the one at the address that it calls its own."""

    ours: Document
    theirs: Document
    claimed: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`difference`: why they are not the same feed, in words; "" when they are."""

    difference: str = ""


def compare(pair: Pair) -> Finding:
    """Hold the documents against each other."""
    try:
        ours, theirs = (
            parse_feed(one.body, url=one.url, content_type=one.content_type) for one in (pair.ours, pair.theirs)
        )
    except NotAFeed:
        return Finding("no feed stands there")
    headers = {"link": pair.theirs.link} if pair.theirs.link else {}
    itself = stated(theirs, headers, pair.theirs.url).itself
    if itself and not is_own(itself, pair.claimed, pair.theirs.url):
        return Finding(f"the feed there calls itself {itself}")
    if _plain(ours.title) != _plain(theirs.title):
        return Finding("a feed of another title stands there")
    if not aligned(names(ours.entries), names(theirs.entries)):
        return Finding("a feed of other items stands there")
    return Finding()


def names(entries: Sequence[ParsedEntry]) -> list[str]:
    """What items are called, in their order: by guid, else by address, else by title."""
    return list(dict.fromkeys(entry.id or without_scheme(entry.link) or entry.title for entry in entries))


def aligned(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two lists are windows of one: each may go on further at its ends, but between shared items none is alone.

    So a feed of one section is told from the feed of the whole house, of which it holds a part.
    """
    shared = set(ours) & set(theirs)
    if not shared or len(shared) < min(_AGREEMENT, len(ours), len(theirs)):
        return False
    for one in (ours, theirs):
        places = [place for place, name in enumerate(one) if name in shared]
        if places[-1] - places[0] + 1 != len(places):
            return False
    return True


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()
