"""Markup that would swallow the text behind it, because its author forgot to close it or closed it as XML does.

HTML takes everything behind `<!--`, `<object>`, `<iframe/>` and the like for their content until they are closed. What
was never closed never had content: the tag goes, the text stays. Scripts and styles are not among these; what is
behind them is code. Likewise a "<" after the last ">" begins no tag: it is a tag that was cut off, or a sign that
somebody wrote ("if a<b and c").
"""

from __future__ import annotations

import re

from lxml.html import defs

from masthead.core.characters import words

_NAMES = "object|iframe|applet|video|audio|canvas|noembed|noframes"
_START = re.compile(rf"<({_NAMES})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^<>]*>?")
_OPENED = re.compile(r"<(?:[!?]|(/?)([A-Za-z][^\s/<]*))([^<]*)")
_TAGS = defs.tags | words("bdi data dialog main picture search slot template")
# Beginnings of their names: a tag may be cut within its name.
_CUT_TAGS = frozenset(name[:length] for name in _TAGS for length in range(1, len(name) + 1))


def without_unclosed(html: str) -> str:
    """`html` without such tags and openings of comments; as it is when all are closed."""
    if "<!--" in html:
        html = _without_open_comment(html)
    if html.find("<", end := html.rfind(">") + 1) >= 0:
        html = html[:end] + _OPENED.sub(_written, html[end:])
    if _START.search(html) is None:
        return html
    ends = {name for name in _NAMES.split("|") if re.search(rf"</{name}[\s/>]", html, re.IGNORECASE)}
    return _START.sub(lambda found: _kept(found, ends), html)


def _kept(found: re.Match[str], ends: set[str]) -> str:
    return "" if found[0].endswith("/>") or found[1].lower() not in ends else found[0]


def _without_open_comment(html: str) -> str:
    closed = max(html.rfind("-->"), html.rfind("--!>"))
    at = html.find("<!--", max(closed, 0))
    return html if at < 0 else html[:at] + _COMMENT.sub("", html[at:])


def _written(found: re.Match[str]) -> str:
    """What is meant by a "<" that no ">" follows: nothing where a tag was cut off, else the sign."""
    closes, name, rest = found[1], (found[2] or "").lower(), found[3]
    if name in _TAGS and closes:
        return rest
    cut = name in _CUT_TAGS and not rest.strip(" \t\r\n/")
    if cut or (name in _TAGS and "=" in rest):
        return ""
    return f"&lt;{found[0][1:]}"
