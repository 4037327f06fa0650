"""The items of an export, each as an element of its own small document, with the names that the whole one declared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from masthead.core.archive.types import Publication
from masthead.core.characters import one_line
from masthead.core.parse.decode import decode
from masthead.core.parse.names import Names, local
from masthead.core.parse.node import children_of, raw_text
from masthead.core.parse.tree import read_tree
from masthead.core.urls import absolute

_DECLARATION = re.compile(rb"^\s*(<\?xml\b[^>]*\?>)")
_WIDE = re.compile(rb"encoding\s*=\s*[\"']\s*(?:utf-?16|utf-?32|ucs)", re.IGNORECASE)
_ROOT = re.compile(rb"<((?:[A-Za-z][\w.\-]*:)?(?:rss|RDF|feed|channel))(?=[\s>])[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every item: the document's own first and last tag."""

    before: bytes
    after: bytes

    @classmethod
    def of(cls, head: bytes) -> Frame:
        """The frame of the document that begins with `head`."""
        declared = _DECLARATION.match(head)
        declaration = b"" if declared is None or _WIDE.search(declared[1]) else declared[1]
        root = _ROOT.search(head)
        if root is None:
            return cls(declaration + b"<rss>", b"</rss>")
        return cls(declaration + root[0], b"</" + root[1] + b">")

    def item(self, data: bytes) -> etree._Element | None:
        """The element of one item; None when nothing can be read. Damage inside it is mended as in a feed."""
        root, _ = read_tree(decode(self.before + data + self.after).text)
        return None if root is None or not len(root) else root[0]

    def head(self, head: bytes) -> etree._Element | None:
        """What stands before the first item, as a tree."""
        channel = b"</channel>" if re.search(rb"<channel[\s>]", head) else b""
        root, _ = read_tree(decode(head + channel + self.after).text)
        if root is None:
            return None
        return next((child for child in root if local(str(child.tag)) == "channel"), root)


def publication_of(head: etree._Element | None) -> Publication:
    """The site, by the head of its export."""
    if head is None:
        return Publication()
    children = children_of(head, Names(head))
    texts = {key: raw_text(elements[0]) for key, elements in children.items() if elements}
    links = [raw_text(element) or element.get("href") or "" for element in children.get("link", ())]
    alternate = (part for part in children.get("atom:link", ()) if (part.get("rel") or "alternate") == "alternate")
    links += [part.get("href") or "" for part in alternate]
    own = wordpress_fields(head)
    link = next((found for url in (own.get("base_blog_url", ""), *links) if (found := absolute(url))), "")
    return Publication(
        title=one_line(texts.get("title") or texts.get("atom:title") or "")[:200],
        link=link,
        language=(texts.get("language") or texts.get("dc:language") or "").replace("_", "-")[:35],
        description=one_line(texts.get("description") or texts.get("atom:subtitle") or "")[:2000],
    )


def wordpress_fields(element: etree._Element) -> dict[str, str]:
    """The texts of WordPress's own child elements (`wp:post_id` -> "post_id"); the first of each name."""
    found: dict[str, str] = {}
    for child in element:
        tag = str(child.tag)
        if is_wordpress(tag) and not len(child):
            found.setdefault(local(tag), raw_text(child))
    return found


def is_wordpress(tag: str) -> bool:
    """Whether an element's name is of WordPress's export, whatever version, declared or not."""
    space = tag[1:].partition("}")[0] if tag.startswith("{") else ""
    return ("wordpress.org/export" in space and not space.rstrip("/").endswith("excerpt")) or space.endswith(":wp")
