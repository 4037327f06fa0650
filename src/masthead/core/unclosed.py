"""Markup that would swallow the text behind it, because its author forgot to close it or closed it as XML does.

HTML takes everything behind `<!--`, `<object>`, `<iframe/>` and the like for their content until they are closed. What
was never closed never had content: the tag goes, the text stays. Scripts and styles are not among these; what is
behind them is code.
"""

from __future__ import annotations

import re

_NAMES = "object|iframe|applet|video|audio|canvas|noembed|noframes"
_START = re.compile(rf"<({_NAMES})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^<>]*>?")


def without_unclosed(html: str) -> str:
    """`html` without such tags and openings of comments; as it is when all are closed."""
    if "<!--" in html:
        html = _without_open_comment(html)
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
