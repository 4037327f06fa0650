"""Markup to words."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from masthead.core.characters import strip_controls, words
from masthead.core.tree import parse_fragment
from masthead.core.unclosed import without_unclosed

# "embed" is none: it holds nothing, and what a parser puts into it is the text that follows it.
_SILENT = words(
    "script style template noscript iframe svg math object audio video canvas select textarea button head title"
    " noembed noframes applet datalist"
)
_PARAGRAPH = words(
    "p div section article header footer main aside nav h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table figure"
    " figcaption hr address fieldset form details summary caption"
)
_LINE = words("li tr dt dd br option")
_CELL = frozenset(("td", "th"))
# A run of white space within a line; a single blank, which stays as it is, is not looked at.
_INLINE_SPACE = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")
# Tags of which each has one reading only, and references of which likewise.
_SIMPLE_TAG = re.compile(r"<(/?)(p|br|b|i|em|strong)>")
_OTHER_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|nbsp|#39|#8211|#8212|#821[67]|#822[01]|#8230);)")
_MANY_BREAKS = re.compile(r"\n{3,}")


def plain(html: str, *, markup: bool = False) -> str:
    """The words of `html`: blocks parted by a blank line, lines by "\\n". `markup` False: there are no tags in it."""
    if not markup:
        return _tidy(_INLINE_SPACE.sub(" ", html.replace("\n", " ")))
    if (simple := _simple(html)) is not None:
        return simple
    parts: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(parse_fragment(without_unclosed(html)), events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            if not silent:
                parts += (_break(tag), _text(element.text))
        else:
            if not silent:
                parts.append(_break(tag) if tag != "br" else "")
            silent -= tag in _SILENT
            if not silent:
                parts.append(_text(element.tail))
    return _tidy("".join(parts))


def _simple(html: str) -> str | None:
    """The words of markup that no parser could read in another way, several times faster; None for any other.

    That is: paragraphs and phrases, each closed where it was opened and no paragraph within anything, line breaks,
    and the commonest references.
    """
    if "&" in html and _OTHER_REFERENCE.search(html):
        return None
    html = html.replace("\n", " ").replace("\r", " ").replace("<br />", "<br>").replace("<br/>", "<br>")
    pieces = _SIMPLE_TAG.split(html)
    open_tags: list[str] = []
    for place in range(1, len(pieces), 3):
        closing, tag = pieces[place], pieces[place + 1]
        if closing:
            if not open_tags or open_tags.pop() != tag:
                return None
        elif tag != "br":
            if tag == "p" and open_tags:
                return None
            open_tags.append(tag)
        pieces[place], pieces[place + 1] = "", _break(tag)
    if open_tags or any("<" in text for text in pieces[::3]):
        return None
    return _tidy(decode_once("".join(pieces)))


def _text(text: str | None) -> str:
    return text.replace("\n", " ").replace("\r", " ") if text else ""


def _break(tag: str) -> str:
    if tag in _PARAGRAPH:
        return "\n\n"
    if tag in _LINE:
        return "\n"
    return " " if tag in _CELL else ""


def _tidy(text: str) -> str:
    text = strip_controls(text)
    # Of white space, what is printable holds blanks alone; single ones stay as they are.
    if "  " in text or not text.replace("\n", "").isprintable():
        text = _INLINE_SPACE.sub(" ", text)
    if "\n" in text:
        text = _MANY_BREAKS.sub("\n\n", text.replace(" \n", "\n").replace("\n ", "\n"))
    return text.strip()


def decode_once(text: str) -> str:
    """`text` with its character references decoded exactly once."""
    return unescape(text) if "&" in text else text
