"""What an entry is filed under: RSS and Atom categories, Dublin Core subjects, iTunes categories, lists of keywords."""

from __future__ import annotations

from lxml import etree

from masthead.core.parse.names import Names
from masthead.core.parse.node import Children, raw_text, words_of

_LISTED = frozenset(("tags", "itunes:keywords", "media:keywords"))
KEYS = _LISTED | {"category", "atom:category", "dc:subject", "itunes:category"}
_MOST = 100
_MOST_LETTERS = 200


def categories_of(parent: etree._Element, children: Children, names: Names) -> tuple[str, ...]:
    """The categories in document order, each once; those inside of others follow them (iTunes)."""
    keys = [key for key in children if key in KEYS]
    elements = children[keys[0]] if len(keys) == 1 else [part for part in parent if names[part.tag] in KEYS]
    found: dict[str, None] = {}
    for element in elements:
        for text in _named(element, names[element.tag]):
            found.setdefault(words_of(text)[:_MOST_LETTERS])
    found.pop("", None)
    return tuple(found)[:_MOST]


def _named(element: etree._Element, key: str) -> list[str]:
    """What one element names: Atom's label before its term, iTunes' attributes, lists parted by commas."""
    if key == "itunes:category":
        return [inner.get("text") or "" for inner in element.iter(str(element.tag))]
    if key in _LISTED:
        return raw_text(element)[:5000].split(",")
    return [element.get("label") or raw_text(element) or element.get("term") or element.get("text") or ""]
