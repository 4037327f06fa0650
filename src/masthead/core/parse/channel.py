"""A tree as a ParsedFeed: RSS 0.9x to 2.0, RDF (RSS 0.90, 1.0, 1.1), Atom 0.3 and 1.0, CDF."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from masthead.core.dates import instant
from masthead.core.parse.entry import Surroundings, read_entry
from masthead.core.parse.hints import hints_of
from masthead.core.parse.licence import RESOURCE, licence_of
from masthead.core.parse.links import Link, links_of, page_link, urls
from masthead.core.parse.media import media_of
from masthead.core.parse.names import XML_BASE, Names, local
from masthead.core.parse.node import (
    Children,
    address,
    base_of,
    children_of,
    first,
    first_text,
    home,
    language_of,
    raw_text,
    title_of,
)
from masthead.core.parse.originals import originals_of
from masthead.core.parse.people import authors_of
from masthead.core.types import ParsedEntry, ParsedFeed

MAX_ITEMS = 10_000
MAX_SEARCHED = 100_000
ROOTS = frozenset(("rss", "rdf", "feed", "channel", "entry"))
_UPDATED = ("lastbuilddate", "pubdate", "atom:updated", "dc:date", "atom:modified", "dcterms:modified", "updated")
_AUTHORS = ("atom:author", "author", "dc:creator", "itunes:author")
_OLD_ATOM = ("purl.org/atom/ns", "example.com/newformat", "example.com/necho", "purl.org/echo")
_VERSION = re.compile(r"\d\.\d{1,2}")


def is_feed(root: etree._Element | None) -> bool:
    """Whether a document element begins a feed."""
    return root is not None and local(str(root.tag)).lower() in ROOTS


def read_channel(root: etree._Element, url: str, warnings: list[str], body: bytes = b"") -> ParsedFeed:
    """The feed that a document element holds; `url` is where it was got from and may be empty.

    `body`: the bytes that the tree was made of, when they are UTF-8 and sound; items keep theirs. Raises
    `OpenSectionError` (see `originals`) when they may not be.
    """
    names = Names(root)
    kind = local(str(root.tag)).lower()
    holder = root if kind in ("feed", "channel") else _channel(root, names)
    base = base_of(root, url)
    if holder is not None and holder is not root:
        base = base_of(holder, base)
    children = {} if holder is None or kind == "entry" else children_of(holder, names)
    if kind == "rdf":
        children = _with_siblings(children, children_of(root, names))
    links = links_of(children, base)
    bare = raw_text(children["link"][0]) if "link" in children else ""
    page = (home(bare, base) if bare else "") or page_link(children, links, base)
    if page and not base:
        base, links = page, links_of(children, page)
    atom = kind in ("feed", "entry")
    authors = authors_of(children, names, base, keys=_AUTHORS) if atom else ()
    states_base = any(node is not None and node.get(XML_BASE) for node in (root, holder))
    around = Surroundings(names, base, page, atom, authors, states_base)
    found = _items(root, names)
    if len(found) > MAX_ITEMS:
        warnings.append(f"more than {MAX_ITEMS} items; the first {MAX_ITEMS} were read")
    language = first_text(children, "language", "dc:language").replace("_", "-")[:35] or language_of(root)
    if not language and holder is not None:
        language = language_of(holder)
    return ParsedFeed(
        format=_format(root, kind),
        title=title_of(first(children, "title", "atom:title", "dc:title")),
        link=page,
        description=title_of(
            first(
                children,
                *("description", "atom:subtitle", "atom:tagline", "itunes:summary", "abstract", "dc:description"),
                *("itunes:subtitle", "googleplay:description", "media:description"),
            )
        ),
        language=language,
        updated=_updated(children) or (instant(holder.get("LASTMOD") or "") if holder is not None else None),
        license=licence_of(children, links),
        image=_image(children, names, base),
        icon=address(first_text(children, "atom:icon"), base),
        hints=hints_of(children, names),
        hubs=urls(links, "hub"),
        self_link=_first(links, "self"),
        next_link=_first(links, "next"),
        archive_links=urls(links, "prev-archive", "archives", "next-archive"),
        entries=_entries(found[:MAX_ITEMS], around, body),
        warnings=tuple(warnings),
    )


def _entries(items: list[etree._Element], around: Surroundings, body: bytes) -> tuple[ParsedEntry, ...]:
    own = originals_of(body, items) if body else None
    if own is None:
        return tuple([read_entry(item, around) for item in items])
    return tuple([read_entry(item, around, original) for item, original in zip(items, own, strict=True)])


def _channel(root: etree._Element, names: Names) -> etree._Element | None:
    if local(str(root.tag)).lower() == "entry":
        return root
    holders = [child for child in root if names[str(child.tag)] == "channel"]
    if holders:
        return holders[0]
    # RSS whose author forgot the channel: the document element holds its parts.
    return root if any(names[str(child.tag)] in ("title", "item", "link") for child in root) else None


def _with_siblings(children: Children, siblings: Children) -> Children:
    """RDF keeps what belongs to a channel beside it: there `image` and `textinput` say what the channel only names."""
    return {**siblings, **children, **{key: siblings[key] for key in ("image",) if key in siblings}}


def _items(root: etree._Element, names: Names) -> list[etree._Element]:
    """The items in document order, wherever the document keeps them; none is inside another."""
    if local(str(root.tag)).lower() == "entry":
        return [root]
    tags = {"item", "entry", "atom:entry"}
    found: list[etree._Element] = []
    inside = [iter(root)]
    while inside and len(found) <= MAX_ITEMS:
        for child in inside[-1]:
            name = names[str(child.tag)]
            if name in tags:
                found.append(child)
            elif len(child) and (name in ("channel", "items", "?:channel") or len(inside) == 1):
                inside.append(iter(child))
                break
        else:
            inside.pop()
    if found:
        return found
    # None where they belong: then inside of whatever there is.
    return [node for node in islice(root.iter(etree.Element), MAX_SEARCHED) if names[str(node.tag)] in tags][
        : MAX_ITEMS + 1
    ]


def _format(root: etree._Element, kind: str) -> str:
    space = str(root.tag)[1:].partition("}")[0].lower() if "}" in str(root.tag) else ""
    spaces = {space, *(str(value).lower() for value in root.nsmap.values())}
    if kind in ("feed", "entry"):
        old = root.get("version") == "0.3" or any(name in space for name in _OLD_ATOM)
        return "atom-0.3" if old else "atom-1.0"
    if kind == "rdf":
        if any("simple/0.9" in name for name in spaces):
            return "rss-0.90"
        return "rss-1.1" if any("rss1.1" in name for name in spaces) else "rss-1.0"
    if kind == "channel":
        return "cdf" if any(local(str(child.tag)).isupper() for child in root) or root.get("HREF") else "rss-2.0"
    found = _VERSION.match((root.get("version") or "").strip())
    # Every later RSS 2 calls itself 2.0 in its specification; "2.01" and "2.1" are what some programs wrote for it.
    return "rss-2.0" if found is None or found[0].startswith("2.") else f"rss-{found[0]}"


def _updated(children: Children) -> str | None:
    for key in _UPDATED:
        for element in children.get(key, ()):
            if moment := instant(raw_text(element)):
                return moment
    return None


def _image(children: Children, names: Names, base: str) -> str:
    for element in children.get("image", ()):
        stated = first_text(children_of(element, names), "url") or element.get(RESOURCE) or element.get("href") or ""
        if url := address(stated, base):
            return url
    if url := address(first_text(children, "atom:logo", "atom:icon"), base):
        return url
    for key, attribute in (("itunes:image", "href"), ("googleplay:image", "href"), ("media:thumbnail", "url")):
        for element in children.get(key, ()):
            if url := address(element.get(attribute) or "", base):
                return url
    pictures = media_of(
        {key: children[key] for key in ("media:content", "media:group") if key in children}, names, base
    )
    return next((one.url for one in pictures if one.medium == "image"), "")


def _first(links: list[Link], rel: str) -> str:
    return next(iter(urls(links, rel)), "")
