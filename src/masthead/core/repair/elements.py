"""Elements of a tree as the HTML that stands for them."""

from __future__ import annotations

from html import escape

import lxml.html
from lxml.html import HtmlElement

from masthead.core.repair.prepare import BLOCKS


def drop(element: HtmlElement) -> None:
    """Take an element out, its tail left in place; one that went with what held it is gone already."""
    if element.getparent() is not None:
        element.drop_tree()


def outer_html(element: HtmlElement) -> str:
    """An element as HTML, without the text that follows it."""
    return lxml.html.tostring(element, encoding="unicode", with_tail=False)


def spaced_html(element: HtmlElement) -> str:
    """What is inside an element, block children parted by a line break so that their words do not run together."""
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        outer = lxml.html.tostring(child, encoding="unicode")
        block = child.tag in BLOCKS
        parts.append(f"{'<br>' if block and any(part.strip() for part in parts) else ''}{outer}")
    return "".join(parts)
