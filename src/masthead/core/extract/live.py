"""The posts of a live blog, which are works of their own (schema.org: each `liveBlogUpdate` is a BlogPosting).

The report is what introduces them; they change from minute to minute, and each has its own headline and time. They are
found in the page by the words that its structured data gives for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from masthead.core.extract.jsonld import Thing, text_of, types_of

_SHORTEST = 12  # letters that a post's opening needs to be told by
_LONGEST = 60
_MOST_POSTS = 50
_FEWEST_FOUND = 2
_SAYS = ("headline", "articleBody")
_BLOCKS = ("h2", "h3", "h4", "h5", "h6", "p")


def openings_of(thing: Thing) -> list[str]:
    """How the posts of a live blog begin: their headlines, and the first words of each; empty for any other report."""
    posts = thing.get("liveBlogUpdate")
    if "LiveBlogPosting" not in types_of(thing) or not isinstance(posts, list):
        return []
    said = (text_of(post.get(key)) for post in posts[:_MOST_POSTS] if isinstance(post, dict) for key in _SAYS)
    return [opening for text in said if len(opening := _folded(text[: 3 * _LONGEST])) >= _SHORTEST]


def posts_of(body: HtmlElement, openings: Iterable[str]) -> list[HtmlElement]:
    """The elements that hold the posts of a live blog, and nothing that stands before the first of them."""
    known = set(openings)
    found = [element for element in body.iter(*_BLOCKS) if known and _opens(element, known)]
    if len(found) < _FEWEST_FOUND:
        return []
    shared = _shared(found)
    if shared is None:
        return []
    first = next(child for child in shared if child is found[0] or child in set(found[0].iterancestors()))
    if first.getprevious() is None:
        # A list of posts and nothing else.
        return [shared]
    return [first, *first.itersiblings()]


def _opens(element: HtmlElement, known: set[str]) -> bool:
    words = _folded(str(element.text_content())[: 3 * _LONGEST])
    return len(words) >= _SHORTEST and words in known


def _shared(elements: list[HtmlElement]) -> HtmlElement | None:
    """The innermost element that holds all of `elements`."""
    above = {one: depth for depth, one in enumerate(elements[0].iterancestors())}
    deepest = 0
    for element in elements[1:]:
        depth = next((above[one] for one in element.iterancestors() if one in above), None)
        if depth is None:
            return None
        deepest = max(deepest, depth)
    return next((one for one, depth in above.items() if depth == deepest), None)


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()[:_LONGEST]
