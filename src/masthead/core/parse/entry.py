"""An item of RSS or an entry of Atom as a ParsedEntry. One reader for both, because feeds mix their elements."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from masthead.core.parse.bodies import bodies_of
from masthead.core.parse.episode import KEYS as EPISODE_KEYS
from masthead.core.parse.episode import REPLY_KEYS, episode_of, replies_of
from masthead.core.parse.geo import KEYS as PLACE_KEYS
from masthead.core.parse.geo import places_of
from masthead.core.parse.licence import KEYS as LICENCE_KEYS
from masthead.core.parse.licence import licence_of
from masthead.core.parse.links import Link, links_of, page_link, urls
from masthead.core.parse.media import MEDIA_KEYS, enclosures_of, media_of
from masthead.core.parse.moments import instant_of
from masthead.core.parse.names import XML_BASE, Names
from masthead.core.parse.node import (
    Children,
    address,
    base_of,
    children_of,
    first,
    first_text,
    language_of,
    raw_text,
    serialised,
    title_of,
    words_of,
)
from masthead.core.parse.people import authors_of
from masthead.core.types import ParsedAuthor, ParsedEntry, ParsedSource

_PUBLISHED = (
    "pubdate",
    "atom:published",
    "dc:date",
    "atom:issued",
    "dcterms:issued",
    "atom:created",
    "dcterms:created",
)
_UPDATED = ("atom:updated", "dcterms:modified", "atom:modified", "updated", "lastbuilddate")
_AUTHORS = (
    "atom:author",
    "dc:creator",
    "author",
    "|",
    "itunes:author",
    "|",
    "dc:author",
    "dc:contributor",
    "|",
    "media:credit",
)
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_MAX_CATEGORIES = 100
_LISTED = frozenset(("tags", "itunes:keywords", "media:keywords"))
_CATEGORIES = _LISTED | {"category", "atom:category", "dc:subject", "itunes:category"}
_SOURCES = frozenset(("source", "atom:source", "dc:source"))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for every entry of a document: names of elements, base address, the feed's page and authors."""

    names: Names
    base: str
    page: str = ""
    atom: bool = False
    authors: tuple[ParsedAuthor, ...] = ()
    states_base: bool = False


def read_entry(element: etree._Element, around: Surroundings) -> ParsedEntry:
    """The entry that an `item` or `entry` element holds."""
    names = around.names
    children = children_of(element, names)
    stated_base = base_of(element, around.base)
    # Without a base of its own, an RSS item's relative link is written for the site, not for where the feed is served.
    own = around.atom or around.states_base or element.get(XML_BASE)
    link_base = stated_base if own else (around.page or stated_base)
    links = links_of(children, link_base)
    related = any(link.rel != "alternate" for link in links)
    guid = first(children, "guid", "atom:id", "id", "dc:identifier")
    is_permalink = guid is not None and _is_permalink(guid, names)
    link = _link(element, children, links, link_base, guid if is_permalink else None)
    base = stated_base if own else (link or link_base)
    published, published_raw = _date(children, _PUBLISHED)
    updated, updated_raw = _date(children, _UPDATED)
    if not updated_raw and (stated := element.get("LASTMOD")):
        updated, updated_raw = instant_of(stated), stated[:200]
    summary, content, base = bodies_of(children, names, base)
    return ParsedEntry(
        id=raw_text(guid)[:4000] if guid is not None else (element.get(_ABOUT) or "").strip()[:4000],
        link=link,
        title=title_of(first(children, "title", "atom:title", "dc:title", "media:title", "itunes:title")),
        authors=_authors(children, around, stated_base),
        published=published,
        published_raw=published_raw,
        updated=updated,
        updated_raw=updated_raw,
        summary_html=summary,
        content_html=content,
        categories=() if _CATEGORIES.isdisjoint(children) else _categories(element, children, names),
        enclosures=enclosures_of(children, link_base) if related or "enclosure" in children else (),
        media=() if MEDIA_KEYS.isdisjoint(children) else media_of(children, names, link_base),
        license="" if not related and LICENCE_KEYS.isdisjoint(children) else licence_of(children, links),
        source=None if _SOURCES.isdisjoint(children) else _source(children, names, stated_base),
        language=language_of(element, first_text(children, "dc:language", "language")),
        base=base,
        places=() if PLACE_KEYS.isdisjoint(children) else places_of(children, names),
        in_reply_to=() if REPLY_KEYS.isdisjoint(children) else replies_of(children, link_base),
        episode=None if EPISODE_KEYS.isdisjoint(children) else episode_of(children, link_base),
        comments=_comments(children, links, link_base) if related or "comments" in children else "",
        id_is_permalink=is_permalink,
        original=serialised(element),
    )


def _is_permalink(guid: etree._Element, names: Names) -> bool:
    """Whether an RSS guid is an address, and not said to be none."""
    if names[guid.tag] != "guid" or not raw_text(guid).startswith(("http://", "https://")):
        return False
    stated = guid.get("isPermaLink")
    if stated is None and len(guid.attrib):
        stated = next((str(value) for name, value in guid.attrib.items() if str(name).lower() == "ispermalink"), None)
    return stated is None or stated.strip().lower() != "false"


def _link(
    element: etree._Element, children: Children, links: list[Link], base: str, permalink: etree._Element | None
) -> str:
    """The publisher's page of the entry: past a feed service's redirect, else as linked, else a permanent guid."""
    found = address(first_text(children, "feedburner:origlink"), base) or page_link(children, links, base)
    if not found and permalink is not None:
        found = address(raw_text(permalink), base)
    if not found:
        content = next((part for part in children.get("atom:content", ()) if part.get("src")), None)
        found = address(content.get("src") or "", base) if content is not None else ""
    found = found or address(element.get("href") or element.get("HREF") or element.get(_ABOUT) or "", base)
    # Nothing links to the page: an Atom id that is a web address mostly is that page.
    return found or next((url for part in children.get("atom:id", ()) if (url := address(raw_text(part)))), "")


def _date(children: Children, keys: tuple[str, ...]) -> tuple[str | None, str]:
    """The first certain moment among the elements, with its words; else the first words."""
    words = ""
    for key in keys:
        for element in children[key] if key in children else ():
            raw = raw_text(element)[:200]
            if moment := instant_of(raw):
                return moment, raw
            words = words or raw
    return None, words


def _authors(children: Children, around: Surroundings, base: str) -> tuple[ParsedAuthor, ...]:
    """The entry's own authors; in Atom else those of its source, else the feed's (RFC 4287 4.2.1)."""
    own = authors_of(children, around.names, base, keys=_AUTHORS)
    if own or not around.atom:
        return own
    for source in children.get("atom:source", ()):
        found = authors_of(children_of(source, around.names), around.names, base, keys=_AUTHORS)
        if found:
            return found
    return around.authors


def _categories(parent: etree._Element, children: Children, names: Names) -> tuple[str, ...]:
    """The categories in document order, each once; those inside of others follow them (iTunes)."""
    keys = [key for key in _CATEGORIES if key in children]
    elements = children[keys[0]] if len(keys) == 1 else [part for part in parent if names[part.tag] in _CATEGORIES]
    found: dict[str, None] = {}
    for element in elements:
        for word in _category(element, names[element.tag]):
            found.setdefault(words_of(word)[:200])
    found.pop("", None)
    return tuple(found)[:_MAX_CATEGORIES]


def _category(element: etree._Element, key: str) -> list[str]:
    """What one element names: Atom's label before its term, iTunes' attributes, lists parted by commas."""
    if key == "itunes:category":
        return [inner.get("text") or "" for inner in element.iter(element.tag)]
    if key in _LISTED:
        return raw_text(element)[:5000].split(",")
    return [element.get("label") or raw_text(element) or element.get("term") or element.get("text") or ""]


def _comments(children: Children, links: list[Link], base: str) -> str:
    """The page of the comments: RSS `comments`, else a link to replies (RFC 4685)."""
    return address(first_text(children, "comments"), base) or next(iter(urls(links, "replies")), "")


def _source(children: Children, names: Names, base: str) -> ParsedSource | None:
    for element in children.get("source", ()):
        title, url = words_of(raw_text(element)), address(element.get("url") or element.get("href") or "", base)
        if title or url:
            return ParsedSource(title, url)
    for element in children.get("atom:source", ()):
        inside = children_of(element, names)
        links = links_of(inside, base_of(element, base))
        url = page_link(inside, links, base) or next(iter(urls(links, "self")), "")
        title = title_of(first(inside, "atom:title", "title"))
        if title or url:
            return ParsedSource(title, url or address(first_text(inside, "atom:id")))
    if text := first_text(children, "dc:source"):
        url = address(text)
        return ParsedSource("" if url else words_of(text), url)
    return None
