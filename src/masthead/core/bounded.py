"""Markup made safe to hand to an HTML5 parser: bounded in depth and in what it can multiply into.

nh3 takes quadratic time in depth, and HTML5 reopens every unclosed formatting element in each new paragraph, so a few
kilobytes can become millions of nodes. Markup written out again from a balanced tree can do neither. It also takes
quadratic time in the characters to be escaped of one text, so that very long texts are handed over in parts.
"""

from __future__ import annotations

import re
from itertools import islice

from masthead.core.tree import inner_html, parse_fragment

_OPENING = re.compile("<[a-zA-Z]")
# So few elements cannot nest or multiply into anything that hurts.
_HARMLESS = 150
_FEW_ESCAPES = 4_000
_PIECE = re.compile(r"[^<>]{1000,1400}?(?=[&\xa0])")
# No element of HTML: what sanitises takes it away and leaves the texts beside each other.
_SEAM = "<x-seam></x-seam>"


def bounded(html: str) -> str:
    """`html` as it is when it has few tags, else rewritten from a tree of at most 200 levels, every element closed."""
    if next(islice(_OPENING.finditer(html), _HARMLESS, None), None) is not None:
        html = inner_html(parse_fragment(html))
    if html.count("&") + html.count("\xa0") > _FEW_ESCAPES:
        return _PIECE.sub(lambda found: found[0] + _SEAM, html)
    return html
