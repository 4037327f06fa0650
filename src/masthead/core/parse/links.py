"""Links of feeds and entries, Atom's (RFC 4287 4.2.7) and RSS's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from masthead.core.parse.node import Children, address, base_of, raw_text

PAGES = ("", "text/html", "application/xhtml+xml", "text/plain")
KEYS = ("atom:link", "link", "xhtml:link")
_IANA = "http://www.iana.org/assignments/relation/"
_WEB = ("http://", "https://", "//", "www.")


class Link(NamedTuple):
    """An absolute address with what it is to the feed or entry."""

    rel: str
    url: str
    type: str


def links_of(children: Children, base: str, keys: tuple[str, ...] = KEYS) -> list[Link]:
    """All links with an `href`, in document order; a missing rel is "alternate"."""
    found: list[Link] = []
    for key in keys:
        for element in children.get(key, ()):
            href = element.get("href")
            if href and (url := address(href, base_of(element, base))):
                rel, kind = element.get("rel"), element.get("type")
                found.append(
                    Link(
                        rel.strip().lower().removeprefix(_IANA) if rel else "alternate",
                        url,
                        kind.strip().lower().partition(";")[0] if kind else "",
                    )
                )
    return found


def urls(links: Sequence[Link], *rels: str) -> tuple[str, ...]:
    """The addresses with one of these relations, each once."""
    return tuple(dict.fromkeys(link.url for link in links if not set(link.rel.split()).isdisjoint(rels)))


def page_link(children: Children, links: Sequence[Link], base: str) -> str:
    """The page that the feed or entry is about: RSS `link`, else the alternate link, pages before other types."""
    for element in children.get("link", ()):
        text = raw_text(element)
        if text and (url := address(text, base_of(element, base))):
            return url
    for link in links:
        if link.type in PAGES and (link.rel == "alternate" or "alternate" in link.rel.split()):
            return link.url
    alternates = [link for link in links if "alternate" in link.rel.split()]
    for element in children.get("atom:link", ()):
        text = raw_text(element)
        if text.startswith(_WEB) and (url := address(text, base)):
            return url
    return alternates[0].url if alternates else ""
