"""The hubs and the own address that a feed states (WebSub section 4): in the `Link` header, else in the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag

from masthead.core.parse.link_header import linked
from masthead.core.types import ParsedFeed
from masthead.core.urls import absolute, without_scheme

_ROOM = 2000
# A feed may name several; nobody asks more of them.
_MOST_HUBS = 4


@dataclass(frozen=True, slots=True)
class Stated:
    """`hubs`: those to ask, best first; `itself`: the address that the feed gives as its own. Empty: it states none."""

    hubs: tuple[str, ...] = ()
    itself: str = ""


def stated(parsed: ParsedFeed, headers: Mapping[str, str], url: str) -> Stated:
    """What a document and its answer's headers state; `url` is where it was got from. The header goes first."""
    header = headers.get("link", "")
    hubs = linked(header, url, "hub") or tuple(absolute(hub, url) for hub in parsed.hubs)
    itself = next(iter(linked(header, url, "self")), "") or absolute(parsed.self_link, url)
    usable = dict.fromkeys(hub for hub in hubs if hub and len(hub) <= _ROOM)
    # Those under TLS first, otherwise as the publisher has them.
    ordered = sorted(usable, key=lambda hub: not hub.startswith("https:"))[:_MOST_HUBS]
    return Stated(tuple(ordered), urldefrag(itself).url if len(itself) <= _ROOM else "")


def is_own(address: str, *places: str) -> bool:
    """Whether an address is that of the feed: one of the places where it stands, spelling aside.

    Anything else would have a hub send us what another feed publishes, under this feed's name.
    """
    return bool(address) and without_scheme(address) in {without_scheme(place) for place in places if place}
