"""What the page behind an item may add to it. Pure, without Django."""

from __future__ import annotations

import re

from masthead.core.characters import words
from masthead.core.types import ParsedEntry
from masthead.core.urls import absolute
from masthead.entries.plain import plain_of

# Below so many characters a text is a teaser.
_TEASER = 500
# Up to so many, one that says no more than the summary is a teaser as well.
_SAME_AS_SUMMARY = 1500
# So far from its end the words are looked for that say that there is more.
_ENDING = 200
_ENDS_SHORT = re.compile(
    r"(…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\]"
    r"|(?:read (?:more|the full|on)|continue reading|weiterlesen|mehr lesen|lire la suite|en savoir plus|leer más"
    r"|seguir leyendo|читать (?:далее|дальше|полностью)|اقرأ المزيد)\b[^.!?]{0,60})[\s»›→>.\])]*\Z",
    re.IGNORECASE,
)

# One of these stands in whatever `_ENDS_SHORT` finds: looked for first, since hardly any text has it.
_SIGNS = words("… ... hellip read continue lesen suite savoir leer leyendo читать المزيد")


def page_address(entry: ParsedEntry) -> str:
    """The absolute address of the item's page; "" when it has none."""
    return absolute(entry.link, entry.base)[:2000]


def is_teaser(entry: ParsedEntry) -> bool:
    """Whether the item's text is short, says no more than its summary, or breaks off."""
    content, summary = plain_of(entry.content_html).strip(), plain_of(entry.summary_html).strip()
    text = content or summary
    if len(text) < _TEASER:
        return True
    ending = text[-_ENDING:]
    lower = ending.lower()
    if any(sign in lower for sign in _SIGNS) and _ENDS_SHORT.search(ending):
        return True
    return len(text) <= _SAME_AS_SUMMARY and (not content or content == summary)
