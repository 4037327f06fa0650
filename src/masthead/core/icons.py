"""The icons that a publisher offers, and which of them to ask for: pure, from a page and from what its feed says.

We show icons at 16 to 48 CSS pixels, on screens of twice that density: 64 to 128 pixels are wanted. SVG is never asked
for, because nothing here draws it safely. A web app manifest is not read: it would cost one request more, and sites
that have one name their touch icon in the page as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from masthead.core.parse.decode import decode
from masthead.core.urls import absolute

How = Literal["declared", "touch", "feed", "guessed"]

MOST_TRIED = 4
"""Addresses of one publisher that are asked for in one visit at most, the last resort included."""
_MOST_FOUND = 30
_HEAD = 1_000_000  # characters: icons stand in the head
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})\Z")
_IN_NAME = re.compile(r"(?<!\d)(\d{2,3})x(\d{2,3})(?!\d)")
# What is taken for the size, in pixels on a side, where none is stated: as those who make such icons mostly have it.
_USUAL = {"declared": 32, "touch": 180, "feed": 32, "guessed": 32}
_ORDER: tuple[How, ...] = ("declared", "touch", "feed", "guessed")
_TOUCH = frozenset(("apple-touch-icon", "apple-touch-icon-precomposed"))
_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark")


@dataclass(frozen=True, slots=True)
class Offer:
    """An icon by its address. `size`: pixels on its shorter side as stated, 0 when nothing is. `dark`: for dark pages.

    `how`: declared as the site's icon, as one for a phone's screen, by the feed, or only guessed.
    """

    url: str
    how: How = "declared"
    size: int = 0
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A home page as received, and the address that it came from."""

    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What a page declares, in its order."""

    icons: tuple[Offer, ...] = ()


def declared(page: Page) -> Offers:
    """The icons that a page's link elements declare (HTML 4.6.7.8; `apple-touch-icon` as widely used). Never raises.

    SVG and `data:` are left out.
    """
    root = _tree(decode(page.body).text[:_HEAD])
    if root is None:
        return Offers()
    hrefs = (element.get("href") or "" for element in root.iter("base"))
    base = absolute(next(filter(None, hrefs), ""), page.url) or page.url
    found: dict[str, Offer] = {}
    for link in root.iter("link"):
        rels = set((link.get("rel") or "").lower().split())
        how: How | None = "touch" if rels & _TOUCH else "declared" if "icon" in rels else None
        url = absolute(link.get("href") or "", base) if how else ""
        if how is None or not url or _is_svg(url, link.get("type") or ""):
            continue
        dark = bool(_DARK.search((link.get("media") or "").lower()))
        found.setdefault(url, Offer(url, how, _size(link.get("sizes") or "", url), dark))
        if len(found) >= _MOST_FOUND:
            break
    return Offers(tuple(found.values()))


def _tree(text: str) -> lxml.html.HtmlElement | None:
    """The page as a tree, its head included; None when there is nothing in it."""
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", no_network=True)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _is_svg(url: str, kind: str) -> bool:
    return "svg" in kind.lower() or urlsplit(url).path.lower().endswith((".svg", ".svgz"))


def _size(stated: str, url: str) -> int:
    """The best of the sizes that are stated, else the one that stands in the file's name; 0 for none."""
    sizes = [min(int(found[1]), int(found[2])) for word in stated.lower().split() if (found := _SIZE.match(word))]
    if not sizes and (named := _IN_NAME.search(urlsplit(url).path.rpartition("/")[2])):
        sizes = [min(int(named[1]), int(named[2]))]
    return min(sizes, key=_misfit, default=0)


def _misfit(size: int) -> tuple[int, int]:
    """How badly a size serves, in steps, then in pixels: 0 is sharp everywhere and light; too small is worst."""
    steps = ((96, 5 if size < 32 else 4 if size < 48 else 3 if size < 64 else 1), (257, 0), (513, 1))
    return next((step for bound, step in steps if size < bound), 2), abs(size - 128)


def ranked(offers: Iterable[Offer], home: str = "", feed: str = "") -> tuple[Offer, ...]:
    """What to ask for, best first, each address once, four at most.

    `feed`: the picture that the feed gives of itself. Last comes `/favicon.ico` of `home`, which is asked for by
    every browser where a page declares nothing.
    """
    # Of two that are alike the later one (HTML 4.6.7.8); sorting keeps that order.
    all_offers = list(offers)[::-1]
    if feed and not _is_svg(feed, ""):
        all_offers.append(Offer(feed, "feed", _size("", feed)))
    best = sorted(all_offers, key=_rank)
    last = [Offer(url, "guessed")] if (url := absolute("/favicon.ico", home) if home else "") else []
    chosen: dict[str, Offer] = {}
    for offer in best:
        if len(chosen) < MOST_TRIED - len(last):
            chosen.setdefault(offer.url, offer)
    for offer in last:
        chosen.setdefault(offer.url, offer)
    return tuple(chosen.values())


def _rank(offer: Offer) -> tuple[bool, int, int, int]:
    step, pixels = _misfit(offer.size or _USUAL[offer.how])
    return offer.dark, step, _ORDER.index(offer.how), pixels
