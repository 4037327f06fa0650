"""The standfirst: the publisher's own summary, or else the first paragraph; never both."""

from __future__ import annotations

import re
from html import escape

from rapidfuzz import fuzz

from masthead.core.characters import one_line
from masthead.core.repair.draft import Draft
from masthead.core.types import Block

_LONGEST = 600
_LONGEST_STATED = 2_000
"""Characters of what a publisher calls a summary; a longer one is a text, and would fill lists and front pages."""
_SHORTEST = 30
_COMPARED = 5_000
_FEWEST_PARAGRAPHS = 3


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def settle_standfirst(teaser: str, origin: str, draft: Draft) -> None:
    """Set the standfirst from a stated summary; one that only repeats the beginning of the text is not one.

    Without a summary of its own the first paragraph is moved up, when enough text follows it. A summary that is too
    long to be one stands before the text.
    """
    stated = draft.standfirst or teaser
    place = draft.provenance["standfirst"].origin if draft.standfirst and "standfirst" in draft.provenance else origin
    own = stated and not _repeats_text(stated, draft) and _letters(stated) != _letters(draft.title)
    if own and len(stated) > _LONGEST_STATED:
        draft.body.insert(0, Block(type="paragraph", text=stated, html=escape(stated, quote=False)))
    elif own:
        draft.standfirst = stated
        draft.origin("standfirst", place)
        return
    draft.standfirst = ""
    paragraphs = [index for index, block in enumerate(draft.body) if block.type == "paragraph"]
    if len(paragraphs) < _FEWEST_PARAGRAPHS or paragraphs[0] > 1:
        draft.origin("standfirst", "none")
        return
    first = draft.body[paragraphs[0]]
    if _SHORTEST <= len(first.text) <= _LONGEST and "<a " not in first.html:
        draft.standfirst = one_line(first.text)
        del draft.body[paragraphs[0]]
        draft.origin("standfirst", "text:first-paragraph", method="inferred", confidence=0.8)
    else:
        draft.origin("standfirst", "none")


def _repeats_text(stated: str, draft: Draft) -> bool:
    """Whether a summary is nothing but the beginning of the body, perhaps cut."""
    body = _letters(
        " ".join(block.text for block in draft.body if block.type in ("paragraph", "quote"))[: len(stated) + 400]
    )
    own = _letters(re.sub(r"\s*\S{0,20}(?:…|\.\.\.|\[…\])\s*$", "", stated))
    if not own or not body:
        return bool(body)
    # The beginning tells: comparing a megabyte with another letter by letter takes minutes.
    start = own[:_COMPARED]
    return own in body or (len(own) > 40 and fuzz.ratio(start, body[: len(start)], score_cutoff=90) > 90)
