"""An item of RSS or an entry of Atom as a ParsedEntry. One reader for both, because feeds mix their elements."""

from __future__ import annotations

import re

from lxml import etree

from masthead.core.parse.bodies import bodies_of
from masthead.core.parse.categories import categories_of
from masthead.core.parse.episode import episode_of, replies_of
from masthead.core.parse.geo import places_of
from masthead.core.parse.licence import licence_of
from masthead.core.parse.links import PAGES, Link, links_of, page_link, urls
from masthead.core.parse.media import enclosures_of, media_of
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
from masthead.core.parse.plan import AUTHORS, Surroundings
from masthead.core.types import ParsedAuthor, ParsedEntry, ParsedSource

__all__ = ["Surroundings", "read_entry"]

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_MAX_ID = 4000
# An Atom id that is a path: it should be an absolute address (RFC 4287 4.2.6), and is told apart from others as one.
_RELATIVE = re.compile(r"(?!//)[^\s:?#/]*/[^\s:]*\Z")


def read_entry(element: etree._Element, around: Surroundings, original: bytes = b"") -> ParsedEntry:
    """The entry that an `item` or `entry` element holds; `original`: its own bytes, where they are known."""
    names = around.names
    children = children_of(element, names)
    plan = around.plan(children)
    stated_base = base_of(element, around.base)
    # Without a base of its own, an RSS item's relative link is written for the site, not for where the feed is served.
    own = around.atom or around.states_base or element.get(XML_BASE)
    link_base = stated_base if own else (around.page or stated_base)
    links = links_of(children, link_base, plan.links) if plan.links else []
    related = any(link.rel != "alternate" for link in links)
    guid = first(children, *plan.guid)
    identity = raw_text(guid) if guid is not None else (element.get(_ABOUT) or "").strip()
    if around.atom and _RELATIVE.match(identity):
        identity = address(identity, stated_base) or identity
    is_permalink = guid is not None and _is_permalink(guid, identity, names)
    link = _link(element, children, links, link_base, identity if is_permalink else "")
    base = stated_base if own else (link or link_base)
    published, published_raw = _date(children, plan.published)
    updated, updated_raw = _date(children, plan.updated)
    if not updated_raw and (stated := element.get("LASTMOD")):
        updated, updated_raw = instant_of(stated), stated[:200]
    summary, content, base = bodies_of(children, names, base, plan)
    return ParsedEntry(
        id=identity[:_MAX_ID],
        link=link,
        title=title_of(first(children, *plan.title)),
        authors=_authors(children, around, stated_base, plan.authors),
        published=published,
        published_raw=published_raw,
        updated=updated,
        updated_raw=updated_raw,
        summary_html=summary,
        content_html=content,
        categories=categories_of(element, children, names) if plan.categories else (),
        enclosures=enclosures_of(children, link_base) if related or plan.enclosure else (),
        media=media_of(children, names, link_base) if plan.media else (),
        license=licence_of(children, links) if related or plan.licence else "",
        source=_source(children, names, stated_base) if plan.source else None,
        language=language_of(element, first_text(children, *plan.language)),
        base=base,
        places=places_of(children, names) if plan.places else (),
        in_reply_to=replies_of(children, link_base) if plan.replies else (),
        episode=episode_of(children, link_base) if plan.episode else None,
        comments=_comments(children, links, link_base) if related or plan.comments else "",
        id_is_permalink=is_permalink,
        original=original or serialised(element),
    )


def _is_permalink(guid: etree._Element, identity: str, names: Names) -> bool:
    """Whether an RSS guid is an address, and not said to be none."""
    if not identity.startswith(("http://", "https://")) or names[guid.tag] != "guid":
        return False
    stated = guid.get("isPermaLink")
    if stated is None and len(guid.attrib):
        stated = next((str(value) for name, value in guid.attrib.items() if str(name).lower() == "ispermalink"), None)
    return stated is None or stated.strip().lower() != "false"


def _link(element: etree._Element, children: Children, links: list[Link], base: str, permalink: str) -> str:
    """The publisher's page of the entry: past a feed service's redirect, else as linked, else a permanent guid."""
    found = ""
    if "feedburner:origlink" in children:
        found = address(first_text(children, "feedburner:origlink"), base)
    found = found or page_link(children, links, base) or address(permalink, base)
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
        for element in children[key]:
            raw = raw_text(element)[:200]
            if moment := instant_of(raw):
                return moment, raw
            words = words or raw
    return None, words


def _authors(children: Children, around: Surroundings, base: str, keys: tuple[str, ...]) -> tuple[ParsedAuthor, ...]:
    """The entry's own authors; in Atom else those of its source, else the feed's (RFC 4287 4.2.1)."""
    own = authors_of(children, around.names, base, keys=keys) if keys else ()
    if own or not around.atom:
        return own
    for source in children.get("atom:source", ()):
        found = authors_of(children_of(source, around.names), around.names, base, keys=AUTHORS)
        if found:
            return found
    return around.authors


def _comments(children: Children, links: list[Link], base: str) -> str:
    """The page of the comments: RSS `comments`, else a link to replies (RFC 4685), pages before feeds of them."""
    replies = sorted((link for link in links if "replies" in link.rel.split()), key=lambda link: link.type not in PAGES)
    return address(first_text(children, "comments"), base) or (replies[0].url if replies else "")


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
