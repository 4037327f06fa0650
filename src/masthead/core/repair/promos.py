"""Lines that sell, ask, or belong to the feed's machinery leave the prose; the facts they carry are kept."""

from __future__ import annotations

import re

from masthead.core.repair.blocks import without_edges
from masthead.core.repair.draft import Draft
from masthead.core.repair.links import is_short_link
from masthead.core.repair.vocabulary import (
    CONTACT,
    CONTINUE,
    COPYRIGHT,
    FIRST_ON,
    PROMO,
    PROMO_HEADING,
    PROMO_WHOLE,
    RIGHTS,
    TAGS,
    WRITER,
)
from masthead.core.sanitize import sanitize_inline, to_text
from masthead.core.tree import parse_fragment
from masthead.core.types import Block, SourceRef

_ELLIPSIS = re.compile(
    r"(?<!\s)\s*(?:\[\s*(?:…|\.\.\.|&#8230;|&hellip;)\s*\]|\(\s*…\s*\)|…\s*\[\+\d+ chars\]|\[\+\d+ chars\])"
    r"\s*((?:</\w+>\s*)*)$"
)
_TRAILING_LINK = re.compile(r"<a [^<>]*>([^<>]{1,260})</a>\s*[.»›→]*$")
_BEFORE_LINK = re.compile(r"(?:…|\.\.\.|\[…\])$")
_SENTENCES = re.compile(r"(?<=[.!?؟])\s+|\n")
_MAX_PROMO = 240
_MAX_FOOT = 400
_MAX_TAG_WORDS = 4
_MAX_SITE = 60
# Lines about a site's own rights and tags stand at the end.
_FOOT = 4
_WHY = "A line that advertises or asks readers for something was removed."


def take_promos(blocks: list[Block], own_url: str, draft: Draft) -> list[Block]:
    """`blocks` without promotional lines, "appeared first on" and "continue reading"."""
    kept: list[Block] = []
    for index, block in enumerate(blocks):
        if index >= len(blocks) - _FOOT and block.type == "paragraph" and _is_footer(block, draft):
            continue
        if block.type in ("paragraph", "heading", "quote") and _first_on(block, draft):
            continue
        if block.type in ("paragraph", "heading") and _continue(block, own_url, draft):
            continue
        if block.type in ("paragraph", "heading", "quote", "list", "figure") and _is_promo(block):
            draft.mend("promo", "body", block.text, "", _WHY)
            if kept and kept[-1].type in ("heading", "paragraph") and PROMO_HEADING.match(kept[-1].text):
                draft.mend("promo", "body", kept.pop().text, "", _WHY)
            continue
        kept.append(_without_tail(block, own_url, draft))
    return [block for block in kept if block.text or block.type not in ("paragraph", "heading")]


def _is_promo(block: Block) -> bool:
    if block.type == "figure":
        # A banner: its words are in its alternative text.
        return not block.text and block.image is not None and bool(PROMO.match(block.image.alt))
    if len(block.text) <= _MAX_PROMO and PROMO_WHOLE.match(block.text):
        return True
    if len(block.text) > _MAX_PROMO or block.type == "heading":
        return False
    sentences = _SENTENCES.split(block.text)
    return all(PROMO.match(sentence) for sentence in sentences if sentence.strip())


def _is_footer(block: Block, draft: Draft) -> bool:
    """A claim of rights, how to reach the writer, or a list of tags; all are kept, in their place."""
    if len(block.text) > _MAX_FOOT:
        return False
    sentences = [part for part in _SENTENCES.split(block.text) if part.strip()]
    if _names_writer(block.text, draft) and all(CONTACT.match(sentence) for sentence in sentences):
        draft.page.setdefault("after", []).append(block.text)
        draft.mend("promo", "body", block.text, "", _WHY)
        return True
    if COPYRIGHT.match(block.text) or RIGHTS.search(sentences[0] if sentences else ""):
        draft.page.setdefault("after", []).append(block.text)
        draft.mend("footer", "body", block.text, "", "A line about the rights of the site was taken out of the text.")
        return True
    if (found := TAGS.match(block.text)) is None:
        return False
    names = [name.strip(" #.") for name in re.split(r"[,;،|\n]", found["names"])]
    if not all(name and len(name.split()) <= _MAX_TAG_WORDS for name in names):
        return False
    draft.categories = tuple(dict.fromkeys([*draft.categories, *names]))[:30]
    draft.mend("footer", "body", block.text, "", "A list of tags was taken out of the text; the tags are kept.")
    return True


def _names_writer(text: str, draft: Draft) -> bool:
    return WRITER.search(text) is not None or any(name in text for name in draft.byline)


def _links(block: Block) -> list[tuple[str, str]]:
    if "<a " not in block.html:
        return []
    anchors = parse_fragment(block.html).iter("a")
    return [(str(a.get("href") or ""), str(a.text_content()).strip()) for a in anchors]


def _first_on(block: Block, draft: Draft) -> bool:
    found = FIRST_ON.match(block.text.strip())
    if found is None:
        return False
    site = next((value for name, value in found.groupdict().items() if name.startswith("s") and value), "").strip()
    links = _links(block)
    if not links and (len(site) > _MAX_SITE or "," in site or (site[:1].islower() and "." not in site)):
        # Prose that happens to use these words: a name is short and begins with a capital.
        return False
    for url, words in links:
        if words and words == site:
            if not draft.source.name:
                draft.source = SourceRef(name=site, url=url)
                draft.origin("source", "text:appeared-first-on", confidence=0.9)
        elif url.startswith("http") and not draft.canonical_url and not is_short_link(url):
            draft.canonical_url = url
            draft.origin("canonical_url", "text:appeared-first-on", confidence=0.9)
    if site and not draft.source.name:
        draft.source = SourceRef(name=site)
        draft.origin("source", "text:appeared-first-on", confidence=0.8)
    draft.mend(
        "appeared-first",
        "body",
        block.text,
        "",
        "A line that feeds add about where the report appeared first was removed; the source is kept.",
    )
    return True


def _continue(block: Block, own_url: str, draft: Draft) -> bool:
    if len(block.text) > 160 or not CONTINUE.match(block.text):
        return False
    _keep_link(_links(block), own_url, draft)
    draft.mend(
        "continue-reading",
        "body",
        block.text,
        "",
        'A "continue reading" line was removed; the link to the report is kept.',
    )
    return True


def _keep_link(links: list[tuple[str, str]], own_url: str, draft: Draft) -> None:
    if links and not draft.canonical_url and not own_url and links[0][0].startswith("http"):
        draft.canonical_url = links[0][0]
        draft.origin("canonical_url", "text:continue-reading", confidence=0.7)


def _without_tail(block: Block, own_url: str, draft: Draft) -> Block:
    """A paragraph without a "continue reading" link or "[…]" at its end."""
    if block.type != "paragraph":
        return block
    html = block.html
    found = _TRAILING_LINK.match(html, max(0, html.rfind("<a ")))
    if found and CONTINUE.match(to_text(found[1])):
        _keep_link(_links(block)[-1:], own_url, draft)
        html = f"{_BEFORE_LINK.sub('', without_edges(html[: found.start()])).rstrip()}…"
    elif not _ELLIPSIS.search(html):
        return block
    html = sanitize_inline(_ELLIPSIS.sub(r"…\1", html))
    text = to_text(html)
    draft.mend("continue-reading", "body", block.text[-120:], text[-120:], "The mark of a cut text was made plain.")
    return Block(type="paragraph", text=text, html=html)
