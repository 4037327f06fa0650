"""Pointers to other reports that stand in the prose ("Read more" and a link) become related cards."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.repair.draft import Draft
from masthead.core.repair.vocabulary import RELATED_ALONE, RELATED_START
from masthead.core.sanitize import to_text
from masthead.core.tree import parse_fragment
from masthead.core.types import Block, ImageRef, RelatedCard

_MAX_TITLE = 220
_MAX_RUN = 12
_WHY = "A pointer to another report stood in the text; it became a related card."
_CARD_TYPES = ("paragraph", "heading", "quote", "list", "table", "figure")


def take_cards(blocks: list[Block], own_url: str, draft: Draft) -> list[Block]:
    """`blocks` without the pointers to other reports; those are added to `draft.related`, each address once."""
    kept: list[Block] = []
    index = 0
    while index < len(blocks):
        found = _alone(blocks, index, own_url) or _inside(blocks[index], own_url)
        if found is None:
            kept.append(blocks[index])
            index += 1
            continue
        cards, used = found
        before = " / ".join(
            block.text or (block.image.src if block.image else "") for block in blocks[index : index + used]
        )
        draft.mend("related-card", "body", before, "; ".join(card.url for card in cards), _WHY)
        _add(cards, draft)
        index += used
    return kept


def _add(cards: list[RelatedCard], draft: Draft) -> None:
    known = {card.url for card in draft.related}
    for card in cards:
        if card.url not in known:
            known.add(card.url)
            draft.related.append(card)


def _alone(blocks: list[Block], index: int, own_url: str) -> tuple[list[RelatedCard], int] | None:
    """A label standing alone, followed by blocks that are nothing but links and their pictures."""
    label = blocks[index]
    if label.type not in ("paragraph", "heading") or len(label.text) > 60:
        return None
    named = RELATED_ALONE.match(label.text)
    if named is None or any(url for url, _ in _links(label)):
        return None
    cards: list[RelatedCard] = []
    picture: ImageRef | None = None
    used = 1
    for block in blocks[index + 1 : index + 1 + _MAX_RUN]:
        links = _only_links(block, own_url)
        if block.type == "figure" and not links:
            if picture is not None or (cards and block.text):
                break
            picture = block.image
        elif links:
            picture = block.image or picture
            cards += _cards(named[1], links, picture)
            picture = None
        else:
            break
        used += 1
    if picture is not None and cards:
        used -= 1
    return (cards, used) if cards else None


def _inside(block: Block, own_url: str) -> tuple[list[RelatedCard], int] | None:
    """A label and its links in one block: paragraph, quote, list, table or figure."""
    if block.type not in _CARD_TYPES or len(block.text) > 600:
        return None
    named = RELATED_START.match(block.text) or _label_line(block.text)
    if named is None:
        return None
    links = [link for link in _links(block) if link[0] != own_url and not RELATED_ALONE.match(link[1])]
    rest = block.text[named.end() :]
    if not links or _without(rest, [title for _, title in links]):
        return None
    return _cards(named[1], links, block.image), 1


def _label_line(text: str) -> re.Match[str] | None:
    first, _, rest = text.partition("\n")
    return RELATED_ALONE.match(first) if rest else None


def _only_links(block: Block, own_url: str) -> list[tuple[str, str]]:
    """The links of a block that holds nothing else and leads elsewhere; empty when it holds more."""
    if block.type not in _CARD_TYPES or len(block.text) > 1200:
        return []
    links = [link for link in _links(block) if link[0] != own_url]
    return [] if _without(block.text, [title for _, title in links]) else links


def _without(text: str, titles: list[str]) -> str:
    """What is left of `text` besides the titles of its links and punctuation."""
    flat = one_line(text)
    for title in sorted(titles, key=len, reverse=True):
        flat = flat.replace(one_line(title), " ")
    return re.sub(r"[\W_]+", "", flat)


def _links(block: Block) -> list[tuple[str, str]]:
    """The links of a block as (address, title), those without words left out."""
    if "<a " not in block.html:
        return []
    found = []
    for anchor in parse_fragment(block.html).iter("a"):
        url = str(anchor.get("href") or "")
        title = one_line(to_text(_html_of(anchor)))
        if url.startswith("http") and title:
            found.append((url, title))
    return found


def _html_of(anchor: HtmlElement) -> str:
    return unescape(str(anchor.text_content())).replace("<", "&lt;")


def _cards(label: str, links: list[tuple[str, str]], picture: ImageRef | None) -> list[RelatedCard]:
    words = one_line(label)
    cards = [RelatedCard(label=words, title=title[:_MAX_TITLE], url=url) for url, title in links]
    if picture is not None and cards:
        cards[0] = replace(cards[0], image=replace(picture, caption=""))
    return cards


def mark_inferred(draft: Draft, inferred: frozenset[str]) -> None:
    """Mark the cards whose host was concluded, not stated."""
    draft.related = [replace(card, url_method="inferred") if card.url in inferred else card for card in draft.related]
