"""Markup made safe to hand to an HTML5 parser: bounded in depth and in what it can multiply into.

nh3 takes quadratic time in depth, and HTML5 reopens every unclosed formatting element in each new paragraph, so a few
kilobytes can become millions of nodes. Markup written out again from a balanced tree can do neither.
"""

from __future__ import annotations

import re
from itertools import islice

from masthead.core.tree import inner_html, parse_fragment

_OPENING = re.compile("<[a-zA-Z]")
# So few elements cannot nest or multiply into anything that hurts.
_HARMLESS = 150


def bounded(html: str) -> str:
    """`html` as it is when it has few tags, else rewritten from a tree of at most 200 levels, every element closed."""
    if next(islice(_OPENING.finditer(html), _HARMLESS, None), None) is None:
        return html
    return inner_html(parse_fragment(html))
