"""Markup that has a base of its own (xml:base on the text element, as blog engines write it)."""

from __future__ import annotations

from urllib.parse import urljoin

from lxml import etree

from masthead.core.parse.names import XML_BASE
from masthead.core.tree import inner_html, parse_fragment

_ADDRESSES = ("href", "src", "cite", "poster", "longdesc")


def own_base(element: etree._Element | None, base: str) -> str:
    """The base that a text element, or the lone element in it, states for itself; "" when it states none."""
    if element is None:
        return ""
    own = element.get(XML_BASE) or (element[0].get(XML_BASE) if len(element) == 1 else None)
    joined = _join(base, own) if own else ""
    return joined if joined.startswith(("http://", "https://")) else ""


def rebased(html: str, base: str, target: str) -> str:
    """`html`, whose addresses resolve against `base`, so that they resolve against `target`: relative ones absolute."""
    if base == target or not ("=" in html and "<" in html):
        return html
    root = parse_fragment(html)
    for node in root.iter(etree.Element):
        for name in _ADDRESSES:
            if value := node.get(name):
                node.set(name, _join(base, value))
    return inner_html(root)


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return url
