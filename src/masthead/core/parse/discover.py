"""The feeds of a web page: those it declares, those it links to, and the addresses where feeds often are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml import etree

from masthead.core.characters import one_line
from masthead.core.parse.decode import decode
from masthead.core.parse.places import places
from masthead.core.parse.platforms import hosted
from masthead.core.tree import parse_fragment
from masthead.core.urls import absolute, host_of, without_feed_scheme

How = Literal["declared", "linked", "guessed"]

_TYPES = {
    "application/rss+xml": "rss",
    "application/rss": "rss",
    "application/x-rss+xml": "rss",
    "application/xml+rss": "rss",
    "text/rss+xml": "rss",
    "text/rss": "rss",
    "application/rdf+xml": "rss",
    "application/rdf": "rss",
    "application/atom+xml": "atom",
    "application/atom": "atom",
    "application/x.atom+xml": "atom",
    "application/x-atom+xml": "atom",
    "text/atom+xml": "atom",
    "text/atom": "atom",
    "application/feed+json": "json",
    "application/json": "json",
    "application/xml": "",
    "text/xml": "",
}
_DECLARED_ALWAYS = frozenset(
    kind for kind in _TYPES if "rss" in kind or "atom" in kind or "feed" in kind or "rdf" in kind
)
_RELATIONS = frozenset(("alternate", "feed", "service.feed"))
_FEED_PATH = re.compile(
    r"(?:\.(?:rss|rdf|atom)|/(?:rss|feed|feeds|atom|index\.xml|rss\.xml|feed\.xml|atom\.xml|feed\.json|rss\.php)/?)\Z",
    re.I,
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|output)=(?:rss2?|atom|rdf|feed)(?:&|\Z)", re.IGNORECASE)
_NO_FEED = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp3|mp4|css|js)\Z", re.IGNORECASE)
_FEED_WORDS = re.compile(r"\b(?:rss|atom|feeds?|rdf)\b", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:rss(?:[ -]?feed)?|atom(?:[ -]?feed)|web ?feed|xml feed)\b", re.IGNORECASE)
# A reader service's "subscribe" button carries the feed's address as its last part.
_CARRIED = re.compile(r"[/=](https?(?:://|%3A%2F%2F)[^&\s]+)\Z", re.IGNORECASE)
_SUBSCRIBES = re.compile(r"/(?:feeds?|subscri\w{1,9}|add-?feed)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"/comments?/|[?&]feed=comments|\bcomments?\b|kommentar|commentaire|comentario|комментари", re.I)
_META = re.compile(rb"<meta[^<>]{0,200}?(charset\s*=\s*[\"']?\s*[\w.:\-]+)", re.IGNORECASE)
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

    Declared: `<link rel="alternate feed" type=...>`; feeds of comments stand behind the others. Then those that the
    page's own address tells, and linked ones: `<a href>` that names a feed. A directory's record in JSON (`feedUrl`)
    declares its feed. `guess` adds candidates to try (see `core.parse.places`).
    """
    text = _decoded(html[:_MAX_PAGE]) if isinstance(html, bytes) else html[:_MAX_PAGE]
    if text[:200].lstrip("\ufeff \t\r\n").startswith("{"):
        return _recorded(text, url)
    root = _tree(text)
    base = _base(root, url)
    declared = sorted(_declared(root, base), key=lambda feed: bool(_COMMENTS.search(f"{feed.url} {feed.title}")))
    guesses = [FoundFeed(place, how="guessed") for place in places(url, text)] if guess else []
    found: dict[str, FoundFeed] = {}
    for feed in (*declared, *_addressed(root, base, url), *_linked(root, base), *guesses):
        if feed.url and feed.url != url and feed.url not in found and len(found) < _MAX_FOUND:
            found[feed.url] = feed
    return tuple(found.values())


def _decoded(page: bytes) -> str:
    """The page's text; what its `meta` element calls its encoding counts as if its server had said so."""
    named = _META.search(page[:4096])
    return decode(page, named[1].decode("ascii", "replace") if named else "").text


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


def _address(element: lxml.html.HtmlElement, base: str) -> str:
    return absolute(without_feed_scheme(element.get("href") or ""), base)


def _declared(root: lxml.html.HtmlElement, base: str) -> list[FoundFeed]:
    found = []
    for link in root.iter("link"):
        rels = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        # Some write the type where the relation belongs.
        kind = next((rel for rel in rels if rel in _DECLARED_ALWAYS), kind)
        if "stylesheet" in rels or not (_RELATIONS & set(rels) or kind in rels):
            continue
        href, feedlike = link.get("href") or "", {"feed", "service.feed"} & set(rels)
        # "application/json" and "text/xml" declare anything; a feed says so in its address, title or relation.
        named = bool(_FEED_WORDS.search(f"{href} {link.get('title')}") or feedlike) and "oembed" not in href.lower()
        if kind in _DECLARED_ALWAYS or (named and (kind in _TYPES or (feedlike and not kind))):
            title = one_line(link.get("title") or "")[:200]
            found.append(FoundFeed(_address(link, base), title, _TYPES.get(kind, "")))
    return found


def _addressed(root: lxml.html.HtmlElement, base: str, url: str) -> list[FoundFeed]:
    """What the page's address tells, and the one that it calls its canonical one, on the same host."""
    canonical = ""
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            canonical = absolute(link.get("href") or "", base)
            break
    own = [canonical] if canonical and host_of(canonical) == host_of(url) else []
    return [FoundFeed(told.url, told.title) for page in (url, *own) for told in hosted(page)]


def _linked(root: lxml.html.HtmlElement, base: str) -> list[FoundFeed]:
    found = []
    for anchor in root.iter("a"):
        url = _address(anchor, base)
        if not url:
            continue
        kind = (anchor.get("type") or "").lower().partition(";")[0].strip()
        title = one_line(str(anchor.text_content()))[:200]
        # A scheme of feed readers, and a reader service's button, speak of nothing but feeds.
        meant = without_feed_scheme(anchor.get("href") or "") != (anchor.get("href") or "").strip()
        carried = _CARRIED.search(url)
        if carried and host_of(url) != host_of(base):
            meant = meant or bool(_SUBSCRIBES.search(url, 0, carried.start()))
            url = absolute(unquote(carried[1])) or url
        if meant or kind in _DECLARED_ALWAYS or _looks_like_one(url, f"{title} {anchor.get('title') or ''}"):
            found.append(FoundFeed(url, title, _TYPES.get(kind, ""), "linked"))
    return found


def looks_like_feed(url: str) -> bool:
    """Whether an address by itself is rather a feed's than a page's."""
    return _looks_like_one(url, "RSS feed")


def _looks_like_one(url: str, words: str) -> bool:
    """Whether an anchor's address, or its address and words together, are those of a feed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if _NO_FEED.search(parts.path):
        return False
    if _FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query):
        return True
    # Words alone name a page about feeds as often as a feed.
    return bool(_LABEL.search(words) and re.search(r"\.xml\Z|\bfeeds\.", f"{parts.netloc}{parts.path}", re.IGNORECASE))


def _recorded(text: str, url: str) -> tuple[FoundFeed, ...]:
    """The feeds that a directory's answer in JSON names: `{"results": [{"feedUrl", "collectionName"}]}`."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    results = record.get("results") if isinstance(record, dict) else None
    found: dict[str, FoundFeed] = {}
    for result in results if isinstance(results, list) else ():
        if isinstance(result, dict) and isinstance(result.get("feedUrl"), str):
            address = absolute(result["feedUrl"], url)
            if address and len(found) < _MAX_FOUND:
                found.setdefault(address, FoundFeed(address, one_line(str(result.get("collectionName") or ""))[:200]))
    return tuple(found.values())
