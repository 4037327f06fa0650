"""Pointers to other reports that stand in the prose ("Read more" and a link) become related cards."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.repair.draft import Draft
from masthead.core.repair.vocabulary import RELATED_ALONE, RELATED_START, RELATED_VERB
from masthead.core.sanitize import to_text
from masthead.core.tree import parse_fragment
from masthead.core.types import Block, ImageRef, RelatedCard

_MAX_TITLE = 220
_MAX_RUN = 12
_DEAD = re.compile(r"<a(?![^<>]*\shref=)(?:\s[^<>]*)?>(.*?)</a>", re.DOTALL)
# An element that sets a label apart from what follows it.
_SET_APART = re.compile(r"\s*(?:<(?:p|div)>\s*)?<(b|strong|em|i|small|u|mark)\b[^<>]*>(?P<label>[^<>]{1,80})</\1>")
_HEADLINE = 4  # words from which a link's words are a headline
WHY = "A pointer to another report stood in the text; it became a related card."
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
        draft.mend("related-card", "body", before, "; ".join(card.url or card.title for card in cards), WHY)
        add_cards(cards, draft)
        index += used
    return kept


def take_embedded(root: HtmlElement, draft: Draft) -> None:
    """Take out, as cards, other reports that a blog engine embedded (a quotation around a link, and a frame)."""
    for quote in list(root.iter("blockquote")):
        if "wp-embedded-content" not in (quote.get("class") or ""):
            continue
        links = [(str(a.get("href") or ""), one_line(str(a.text_content()))) for a in quote.iter("a")]
        cards = [RelatedCard(label="", title=title[:_MAX_TITLE], url=url) for url, title in links if title and url][:1]
        if cards:
            draft.mend("related-card", "body", str(quote.text_content()), cards[0].url, WHY)
            add_cards(cards, draft)
            quote.drop_tree()
    for frame in list(root.iter("iframe")):
        if "wp-embedded-content" in (frame.get("class") or ""):
            frame.drop_tree()


def add_cards(cards: list[RelatedCard], draft: Draft) -> None:
    """Add `cards` to the draft's, each address (a title, where it has none) once."""
    known = {card.url or card.title for card in draft.related}
    for card in cards:
        if (card.url or card.title) not in known:
            known.add(card.url or card.title)
            draft.related.append(card)


def _alone(blocks: list[Block], index: int, own_url: str) -> tuple[list[RelatedCard], int] | None:
    """A label standing alone, followed by blocks that are nothing but links and their pictures."""
    label = blocks[index]
    if label.type not in ("paragraph", "heading") or len(label.text) > 60:
        return None
    named = RELATED_ALONE.match(label.text)
    if named is None:
        return None
    own = {url for url, _ in _links(label)}
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
        if own and {url for url, _ in links} - own:
            # A label that is a link itself is one only of a card that leads to the same place.
            return None
        used += 1
    if picture is not None and cards:
        used -= 1
    return (cards, used) if cards else None


def _inside(block: Block, own_url: str) -> tuple[list[RelatedCard], int] | None:
    """A label and its links in one block: paragraph, quote, list, table or figure."""
    if block.type not in _CARD_TYPES or len(block.text) > 1200:
        return None
    found = _label_of(block.text) or _unmarked(block)
    if found is None:
        return None
    label, following = found
    links = [
        (url, title)
        for url, words in _links(block)
        if (not url or url != own_url) and not RELATED_ALONE.match(words) and (title := _without_label(words))
    ]
    # Each line may have a label of its own.
    rest = "\n".join(_without_label(line) for line in following.split("\n"))
    if not links or without(rest, [title for _, title in links]):
        return None
    return _cards(label, links, block.image), 1


def _label_of(text: str) -> tuple[str, str] | None:
    """A label at the beginning of a text, and what follows it."""
    found = RELATED_START.match(text) or _label_line(text) or RELATED_VERB.match(text)
    return (found[1], text[found.end() :]) if found else None


def _unmarked(block: Block) -> tuple[str, str] | None:
    """A label that no colon parts from its link: set apart by capitals or an element, or before a whole headline.

    "Read more about the storm" with two words linked is a sentence; "SEE ALSO" and a headline is none.
    """
    links = _links(block)
    text = one_line(block.text)
    head = text.partition(links[0][1])[0] if links else ""
    found = RELATED_ALONE.match(head) if head else None
    if found is None:
        return None
    element = _SET_APART.match(block.html)
    apart = found[1].isupper() or (element is not None and RELATED_ALONE.match(to_text(element["label"])) is not None)
    apart = apart or all(len(title.split()) >= _HEADLINE for _, title in links)
    return (found[1], text[len(head) :]) if apart else None


def _without_label(line: str) -> str:
    """A line or a link's words without a label and colon before them."""
    found = RELATED_START.match(line) or RELATED_VERB.match(line)
    return line[found.end() :].strip() if found else line


def _label_line(text: str) -> re.Match[str] | None:
    first, _, rest = text.partition("\n")
    return RELATED_ALONE.match(first) if rest else None


def _only_links(block: Block, own_url: str) -> list[tuple[str, str]]:
    """The links of a block that holds nothing else and leads elsewhere; empty when it holds more."""
    if block.type not in _CARD_TYPES or len(block.text) > 1200:
        return []
    links = [link for link in _links(block) if not link[0] or link[0] != own_url]
    return [] if without(block.text, [title for _, title in links]) else links


def without(text: str, titles: list[str]) -> str:
    """What is left of `text` besides the titles of its links and punctuation."""
    flat = one_line(text)
    for title in sorted(titles, key=len, reverse=True):
        flat = flat.replace(one_line(title), " ")
    return re.sub(r"[\W_]+", "", flat)


def _links(block: Block) -> list[tuple[str, str]]:
    """The links of a block as (address, title), those without words left out; "" where a link's address was lost."""
    if "<a" not in block.html:
        return []
    found = []
    for anchor in parse_fragment(block.html).iter("a"):
        url = str(anchor.get("href") or "")
        title = one_line(to_text(_html_of(anchor)))
        if title and (not url or url.startswith("http")):
            found.append((url, title))
    return found


def _html_of(anchor: HtmlElement) -> str:
    return unescape(str(anchor.text_content())).replace("<", "&lt;")


def _cards(label: str, links: list[tuple[str, str]], picture: ImageRef | None) -> list[RelatedCard]:
    words = one_line(label)
    cards = [
        RelatedCard(label=words, title=title[:_MAX_TITLE], url=url, url_method="stated" if url else "none")
        for url, title in links
    ]
    if picture is not None and cards:
        cards[0] = replace(cards[0], image=replace(picture, caption=""))
    return cards


def without_dead_links(block: Block) -> Block:
    """`block` with the words alone of links that lost their address. Its HTML has passed the gate."""
    if "<a" not in block.html and not any("<a" in item for item in block.items):
        return block
    return replace(
        block, html=_DEAD.sub(r"\1", block.html), items=tuple(_DEAD.sub(r"\1", item) for item in block.items)
    )


def mark_inferred(draft: Draft, inferred: frozenset[str]) -> None:
    """Mark the cards whose host was concluded, not stated."""
    draft.related = [replace(card, url_method="inferred") if card.url in inferred else card for card in draft.related]
