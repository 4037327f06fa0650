"""Feeds that an address or a page offers, and which of them we have. Nothing in this module fetches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from masthead.core.parse import FoundFeed
from masthead.core.parse.platforms import hosted
from masthead.core.urls import without_feed_scheme
from masthead.feeds.queries import same_address

# A word before a colon is a scheme, unless a port follows.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that a page names; `known` is the number of the feed that has its address already."""

    url: str
    title: str = ""
    known: int | None = None


def full_address(text: str) -> str:
    """An address as somebody types it, with its scheme."""
    text = without_feed_scheme(text)
    if text.startswith("//"):
        return f"https:{text}"
    return text if not text or _SCHEME.match(text) else f"https://{text}"


def offers_of(found: Sequence[FoundFeed]) -> tuple[Offer, ...]:
    """Found feeds, each with the feed that has its address already."""
    return tuple(Offer(f.url, f.title, known.pk if (known := same_address(f.url)) else None) for f in found)


def told_by_address(url: str) -> tuple[Offer, ...]:
    """The feeds that the address of a page tells by its platform's rule, without a request; () when it tells none."""
    return offers_of([FoundFeed(told.url, told.title) for told in hosted(url)])
