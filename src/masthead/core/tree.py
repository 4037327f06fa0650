"""HTML as an lxml tree that is never deeper or larger than we can walk."""

from __future__ import annotations

import re
import threading

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from masthead.core.characters import strip_controls, without_control_references

MAX_DEPTH = 200
MAX_NODES = 100_000
# libxml2 silently drops what follows beyond this depth, so a document that reaches it is read as words alone.
_PARSER_DEPTH = 2_000
_TAG = re.compile(r"<[/!?]?[a-zA-Z!?/][^<>]*>?")
_parsers = threading.local()
_PROLOG = re.compile(r"\A\s*<\?xml[^>]*>", re.IGNORECASE)


def words_alone(html: str) -> str:
    """`html` with every tag blindly removed: what is left of markup that is an attack or beyond repair."""
    return _TAG.sub(" ", html)


def parse_fragment(html: str) -> HtmlElement:
    """`html` as the children of one `div`. Never raises.

    At most 200 levels, deeper ones flattened; over 100,000 elements the words alone.
    """
    root = _parse(html)
    count, too_deep = _measure(root)
    if count > MAX_NODES or too_deep:
        root = _parse("")
        root.text = words_alone(html)
    return root


def _parser() -> lxml.html.HTMLParser:
    """This thread's parser: to make one takes as long as to read a paragraph."""
    parser: lxml.html.HTMLParser | None = getattr(_parsers, "one", None)
    if parser is None:
        parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
        _parsers.one = parser
    return parser


def _parse(html: str) -> HtmlElement:
    text = _PROLOG.sub("", without_control_references(strip_controls(html)), count=1)
    wrapped = f"<html><body><div>{text}</div></body></html>".encode("utf-8", "replace")
    try:
        document = lxml.html.document_fromstring(wrapped, parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        document = lxml.html.document_fromstring("<html><body><div></div></body></html>")
    body = document.find("body")
    root: HtmlElement = lxml.html.Element("div")
    # The fragment may close our own div early (a stray "</div>"): all that the body holds belongs to it.
    for child in list(body if body is not None else document):
        if child.tag == "div" and not child.attrib and len(root) == 0 and root.text is None:
            root.text = child.text
            root.extend(list(child))
            _append_text(root, child.tail)
        else:
            root.append(child)
    return root


def _append_text(root: HtmlElement, text: str | None) -> None:
    if not text:
        return
    if len(root):
        root[-1].tail = (root[-1].tail or "") + text
    else:
        root.text = (root.text or "") + text


def _measure(root: HtmlElement) -> tuple[int, bool]:
    """The number of elements, and whether the parser gave up. Deeper than 200 levels is flattened on the way."""
    count = depth = 0
    too_deep = False
    flatten: list[HtmlElement] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth == MAX_DEPTH and len(element):
            flatten.append(element)
        too_deep = too_deep or depth >= _PARSER_DEPTH
    if not too_deep:
        for element in flatten:
            words = " ".join(str(part) for part in element.itertext(tag=etree.Element))
            for child in list(element):
                element.remove(child)
            element.text = words
    return count, too_deep


def prune(root: HtmlElement, most: int, deepest: int) -> bool:
    """Cut a tree to `most` elements in document order and `deepest` levels, in place; whether anything was cut.

    What lies deeper becomes words. For libraries that recurse, or take more than linear time.
    """
    count = depth = 0
    beyond: list[HtmlElement] = []
    deep: list[HtmlElement] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if count > most:
            beyond.append(element)
        elif depth == deepest and len(element):
            deep.append(element)
    for element in reversed(beyond):
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    for element in deep:
        words = " ".join(str(part) for part in element.itertext(tag=etree.Element))
        for child in list(element):
            element.remove(child)
        element.text = words
    return bool(beyond or deep)


def inner_html(element: HtmlElement) -> str:
    """What stands inside `element`, as HTML."""
    from html import escape

    parts = [escape(element.text or "", quote=False)]
    parts += [lxml.html.tostring(child, encoding="unicode") for child in element]
    return "".join(parts)
