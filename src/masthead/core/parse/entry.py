"""An item of RSS or an entry of Atom as a ParsedEntry. One reader for both, because feeds mix their elements."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from lxml import etree

from masthead.core.dates import instant
from masthead.core.parse.licence import licence_of
from masthead.core.parse.links import Link, links_of, page_link, urls
from masthead.core.parse.media import enclosures_of, media_of
from masthead.core.parse.names import XML_BASE, Names
from masthead.core.parse.node import (
    Children,
    address,
    base_of,
    children_of,
    first,
    first_text,
    html_of,
    language_of,
    raw_text,
    serialised,
    title_of,
    words_of,
)
from masthead.core.parse.people import authors_of
from masthead.core.parse.rebase import own_base, rebased
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
_SUMMARY = ("description", "atom:summary", "summary", "dc:description", "abstract")
_CONTENT = ("content:encoded", "atom:content", "content", "xhtml:body", "xhtml:div", "fullitem", "body")
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_MAX_CATEGORIES = 100


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
    guid = first(children, "guid", "atom:id", "id", "dc:identifier")
    is_permalink = guid is not None and _is_permalink(guid, names)
    link = _link(element, children, links, link_base, guid if is_permalink else None)
    base = stated_base if own else (link or link_base)
    published, published_raw = _date(children, _PUBLISHED)
    updated, updated_raw = _date(children, _UPDATED)
    summary, content, base = _bodies(children, names, base)
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
        categories=_categories(children),
        enclosures=enclosures_of(children, link_base),
        media=media_of(children, names, link_base),
        license=licence_of(children, links),
        source=_source(children, names, stated_base),
        language=language_of(element, first_text(children, "dc:language", "language")),
        base=base,
        comments=address(first_text(children, "comments"), link_base) or next(iter(urls(links, "replies")), ""),
        id_is_permalink=is_permalink,
        original=serialised(element),
    )


def _is_permalink(guid: etree._Element, names: Names) -> bool:
    if names[str(guid.tag)] != "guid":
        return False
    stated = next((str(value) for name, value in guid.attrib.items() if str(name).lower() == "ispermalink"), "true")
    return stated.strip().lower() != "false" and raw_text(guid).startswith(("http://", "https://"))


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
        for element in children.get(key, ()):
            raw = raw_text(element)[:200]
            if moment := instant(raw):
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


def _categories(children: Children) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for key in ("category", "atom:category", "dc:subject"):
        for element in children.get(key, ()):
            text = words_of(
                element.get("label") or raw_text(element) or element.get("term") or element.get("text") or ""
            )
            found.setdefault(text[:200])
    for key in ("itunes:keywords", "media:keywords"):
        for element in children.get(key, ()):
            for word in raw_text(element)[:5000].split(","):
                found.setdefault(words_of(word)[:200])
    found.pop("", None)
    return tuple(found)[:_MAX_CATEGORIES]


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


def _bodies(children: Children, names: Names, base: str) -> tuple[str, str, str]:
    """Summary, content and the base that both resolve against: the content's own where it states one."""
    summary, content = first(children, *_SUMMARY), _content(children)
    whose = content if content is not None else summary
    target = own_base(whose, base) or base
    found = rebased(html_of(summary), own_base(summary, base) or base, target), html_of(content)
    if not any(found):
        return _said_elsewhere(children, names), "", target
    return *found, target


def _content(children: Children) -> etree._Element | None:
    """The fullest content: what is marked as HTML before what is not."""
    candidates = [part for key in _CONTENT for part in children.get(key, ()) if len(part) or (part.text or "").strip()]
    for element in candidates:
        if "html" in (element.get("type") or "html"):
            return element
    readable = ("text", "application/octet-stream")
    return next((part for part in candidates if (part.get("type") or "text").lower().startswith(readable)), None)


def _said_elsewhere(children: Children, names: Names) -> str:
    """What podcasts and video sites say of an item, which is plain text."""
    inside = {key: list(value) for key, value in children.items()}
    for group in (*children.get("media:group", ()), *children.get("media:content", ())):
        for key, value in children_of(group, names).items():
            inside.setdefault(key, []).extend(value)
    found = first(
        inside, "media:description", "itunes:summary", "googleplay:description", "itunes:subtitle", "media:text"
    )
    if found is None:
        return ""
    text = raw_text(found)
    return text if found.get("type") == "html" or "</" in text else escape(text, quote=False).replace("\n", "<br>\n")
