"""Under which licence a feed or entry stands: its address where one is stated, else the words about rights."""

from __future__ import annotations

import re
from collections.abc import Sequence

from masthead.core.parse.links import Link, urls
from masthead.core.parse.node import Children, address, raw_text, title_of

RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_LICENCE_ADDRESS = re.compile(r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/[\w.\-/]+")
_MAX_WORDS = 500
_STATED = ("cc:license", "dcterms:license", "license")
_WORDS = ("atom:rights", "dc:rights", "dcterms:rights", "copyright", "atom:copyright", "media:copyright")
# What has none of these, and no link, states no licence.
KEYS = frozenset((*_STATED, *_WORDS))


def licence_of(children: Children, links: Sequence[Link]) -> str:
    """Address of the licence (creativeCommons module, cc, rel="license"), else the statement of rights, else ""."""
    for key in _STATED:
        for element in children.get(key, ()):
            url = address(element.get(RESOURCE) or raw_text(element))
            if url:
                return url
    if links and (stated := urls(links, "license")):
        return stated[0]
    for key in _WORDS:
        for element in children.get(key, ()):
            words = title_of(element)
            if found := _LICENCE_ADDRESS.search(words):
                return found[0]
            if words:
                return words[:_MAX_WORDS]
    return ""
