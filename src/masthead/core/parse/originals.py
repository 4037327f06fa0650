"""Each item as its publisher wrote it: the bytes between its tags, with the names that its document declares."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

from lxml import etree

from masthead.core.parse.names import local


class OpenSectionError(ValueError):
    """A section marked CDATA is not closed where it should be: the tree may lack items that it swallowed."""


def originals_of(body: bytes, items: list[etree._Element]) -> list[bytes] | None:
    """The bytes of each item of a well-formed document in UTF-8; None when they cannot be told for certain.

    Raises `OpenSectionError` where that is because a section marked CDATA never ends.
    """
    found = _certain(body, items)
    if found is None and body.count(b"<![CDATA[") > body.count(b"]]>"):
        raise OpenSectionError
    return found


def _certain(body: bytes, items: list[etree._Element]) -> list[bytes] | None:
    """They are certain when the items stand side by side, and their tags stand in the bytes just as often as there are
    items: then none stands inside a comment, a CDATA section or another item. Declarations of the document are repeated
    in each, so that it can be read alone.
    """
    parent = items[0].getparent() if items else None
    if parent is None or any(item.tag != items[0].tag or item.getparent() is not parent for item in items):
        return None
    prefix, name = items[0].prefix, local(str(items[0].tag))
    opening = f"<{prefix}:{name}".encode() if prefix else f"<{name}".encode()
    tags = re.compile(rb"<(/?)" + re.escape(opening[1:]) + rb"(?=[\s/>])")
    places = [(found.start(), found[1]) for found in tags.finditer(body)]
    if len(places) != 2 * len(items):
        return None
    declared = _declarations(parent)
    found: list[bytes] = []
    for (start, first), (end, last) in zip(places[::2], places[1::2], strict=True):
        after = start + len(opening)
        if first or not last or b"xmlns" in body[after : body.find(b">", after)]:
            return None
        found.append(b"".join((opening, declared, body[after : body.index(b">", end) + 1])))
    return found


def _declarations(element: etree._Element) -> bytes:
    """The namespaces in force, as attributes."""
    spaces = (
        (f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in element.nsmap.items() if prefix != "xml"
    )
    return "".join(f" {name}={quoteattr(uri)}" for name, uri in spaces).encode()
