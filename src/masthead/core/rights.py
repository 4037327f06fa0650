"""What of an article may be shown, by its source's rights policy."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from masthead.core.types import Block, CleanArticle

Effective = Literal["full", "excerpt", "link"]

_OPEN_LICENCE = re.compile(
    r"creativecommons\.org/(?:licenses/by(?:-sa)?/|publicdomain/)"
    r"|\bCC[ -]?BY(?:[ -]SA)?(?:[ -]?\d(?:\.\d)?)?(?![ -]?(?:N[CD]|-))\b"
    r"|\bCC[ -]?0\b|\bpublic domain\b"
    r"|\bcreative commons (?:attribution(?:[ -]share[ -]?alike)?|zero)\b(?![ -](?:non|no[ -]deriv))",
    re.IGNORECASE,
)
_RESTRICTED = re.compile(r"\b(?:by-)?n[cd]\b|non-?commercial|no-?deriv", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？؟][\"'”’»)]*\s")


@lru_cache(maxsize=1024)
def is_open_licence(licence: str) -> bool:
    """Whether `licence` (a name or an address) lets anyone republish the whole text.

    CC BY, CC BY-SA, CC0 and public domain do. Non-commercial and no-derivatives licences do not: the site may carry
    advertising, and it repairs and cuts texts.
    """
    return bool(_OPEN_LICENCE.search(licence)) and not _RESTRICTED.search(licence)


def effective_policy(policy: str, licence: str) -> Effective:
    """`policy` of a source where it has one; else "full" under an open licence and "excerpt" otherwise."""
    if policy == "full":
        return "full"
    if policy == "excerpt":
        return "excerpt"
    if policy == "link":
        return "link"
    return "full" if is_open_licence(licence) else "excerpt"


def permitted(article: CleanArticle, policy: str, *, excerpt_characters: int, images: bool) -> CleanArticle:
    """The part of `article` that may be shown.

    "full": all. "excerpt": standfirst and body together at most `excerpt_characters` characters of plain text, no
    quotations. "link": headline, date, byline and source alone. `images` False: no picture anywhere.
    """
    if not images:
        article = _without_images(article)
    effective = effective_policy(policy, article.license)
    if effective == "full":
        return article
    if effective == "link":
        return replace(article, standfirst="", body=(), text="", images=(), lead_image=None, related=(), quotes=())
    standfirst = excerpt(article.standfirst, excerpt_characters)
    body = _first_paragraphs(article.body, excerpt_characters - len(standfirst))
    lead = article.lead_image
    return replace(
        article,
        standfirst=standfirst,
        body=body,
        text="\n\n".join(block.text for block in body),
        images=(lead,) if lead else (),
        quotes=(),
    )


def _without_images(article: CleanArticle) -> CleanArticle:
    return replace(
        article,
        images=(),
        lead_image=None,
        body=tuple(replace(block, image=None) for block in article.body if block.type != "figure"),
        related=tuple(replace(card, image=None) for card in article.related),
    )


def _first_paragraphs(body: tuple[Block, ...], room: int) -> tuple[Block, ...]:
    """Whole paragraphs while they fit, the last one cut; markup is given up where a paragraph is cut."""
    kept: list[Block] = []
    for block in body:
        if block.type != "paragraph":
            continue
        if len(block.text) <= room:
            kept.append(block)
            room -= len(block.text)
            continue
        if room >= 40:
            words = excerpt(block.text, room)
            kept.append(Block(type="paragraph", text=words, html=_escape(words)))
        break
    return tuple(kept)


def excerpt(text: str, characters: int) -> str:
    """`text` cut to at most `characters`: at a sentence end in the second half, else at a word with "…"."""
    if len(text) <= characters:
        return text
    if characters <= 1:
        return ""
    head = text[:characters]
    ends = [found.end() for found in _SENTENCE_END.finditer(head)]
    if ends and ends[-1] > characters // 2:
        return head[: ends[-1]].rstrip()
    head = head[: characters - 1]
    if not text[characters - 1].isspace() and " " in head:
        head = head[: head.rindex(" ")]
    return head.rstrip(" ,;:–—-") + "…"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
