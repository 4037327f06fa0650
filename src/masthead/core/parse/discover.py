"""The feeds of a web page: those it declares, those it links to, and the addresses where feeds often are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from masthead.core.characters import one_line
from masthead.core.parse.decode import decode
from masthead.core.tree import parse_fragment
from masthead.core.urls import absolute

How = Literal["declared", "linked", "guessed"]

_TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/rdf+xml": "rss",
    "application/feed+json": "json",
    "application/json": "json",
    "application/xml": "",
    "text/xml": "",
    "application/x.atom+xml": "atom",
    "application/x-atom+xml": "atom",
    "text/rss+xml": "rss",
}
_DECLARED_ALWAYS = frozenset(
    kind for kind in _TYPES if "rss" in kind or "atom" in kind or "feed" in kind or "rdf" in kind
)
_FEED_PATH = re.compile(
    r"(?:\.(?:rss|rdf|atom)|/(?:rss|feed|feeds|atom|index\.xml|rss\.xml|feed\.xml|atom\.xml|feed\.json)/?)\Z", re.I
)
_NO_FEED = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp3|mp4|css|js)\Z", re.IGNORECASE)
_FEED_WORDS = re.compile(r"\b(?:rss|atom|feed|rdf)\b", re.IGNORECASE)
_GUESSES = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/feed/", "/rss/")
_MAX_PAGE = 3_000_000
_MAX_FOUND = 50


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page points to. `format`: "rss", "atom", "json" or "" (not said); "guessed" may not exist."""

    url: str
    title: str = ""
    format: str = ""
    how: How = "declared"


def discover(html: bytes | str, url: str = "", *, guess: bool = False) -> tuple[FoundFeed, ...]:
    """The feeds of the page `html` got from `url`, surest first, each address once, at most 50. Never raises.

    Declared: `<link rel="alternate feed" type=...>`. Linked: `<a href>` that names a feed. `guess` adds well-known
    addresses on the page's host as candidates to try.
    """
    text = decode(html[:_MAX_PAGE]).text if isinstance(html, bytes) else html[:_MAX_PAGE]
    root = _tree(text)
    base = _base(root, url)
    found: dict[str, FoundFeed] = {}
    for feed in (*_declared(root, base), *_linked(root, base), *(_guessed(url) if guess else ())):
        if feed.url and feed.url not in found and len(found) < _MAX_FOUND:
            found[feed.url] = feed
    return tuple(found.values())


def _tree(text: str) -> lxml.html.HtmlElement:
    """The page as a tree; its head counts, so it is not read as a fragment unless it cannot be read whole."""
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", no_network=True)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return parse_fragment("")


def _base(root: lxml.html.HtmlElement, url: str) -> str:
    for element in root.iter("base"):
        if href := element.get("href"):
            return absolute(href, url) or url
    return url


def _declared(root: lxml.html.HtmlElement, base: str) -> list[FoundFeed]:
    found = []
    for link in root.iter("link"):
        rels = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        if "stylesheet" in rels or not {"alternate", "feed", "service.feed"} & set(rels):
            continue
        # "application/json" and "text/xml" declare anything; a feed says so in its address, title or relation.
        named = (
            _FEED_WORDS.search(f"{link.get('href')} {link.get('title')}") or "feed" in rels or "service.feed" in rels
        )
        if kind in _DECLARED_ALWAYS or (named and (kind in _TYPES or ("feed" in rels and not kind))):
            title = one_line(link.get("title") or "")[:200]
            found.append(FoundFeed(absolute(link.get("href") or "", base), title, _TYPES.get(kind, "")))
    return found


def _linked(root: lxml.html.HtmlElement, base: str) -> list[FoundFeed]:
    found = []
    for anchor in root.iter("a"):
        url = absolute(anchor.get("href") or "", base)
        if not url:
            continue
        kind = (anchor.get("type") or "").lower()
        try:
            path = urlsplit(url).path
        except ValueError:
            continue
        if kind in _DECLARED_ALWAYS or (_FEED_PATH.search(path) and not _NO_FEED.search(path)):
            title = one_line(str(anchor.text_content()))[:200]
            found.append(FoundFeed(url, title, _TYPES.get(kind, ""), "linked"))
    return found


def _guessed(url: str) -> list[FoundFeed]:
    return [FoundFeed(absolute(path, url), how="guessed") for path in _GUESSES if absolute(url)]
