"""A page's bytes, decoded, as a tree."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from masthead.core.characters import strip_controls, without_control_references


def parse_document(text: str) -> HtmlElement:
    """A whole page as a tree. Never raises."""
    text = re.sub(r"^\s*<\?xml[^>]*>", "", without_control_references(strip_controls(text)), count=1)
    parser = lxml.html.HTMLParser(huge_tree=True, remove_pis=True, encoding="utf-8")
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return lxml.html.document_fromstring("<html><body></body></html>")
