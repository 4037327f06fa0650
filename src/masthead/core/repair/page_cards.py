"""Pointers to other reports in a whole page, which body extraction drops: read before it runs, in the article only."""

from __future__ import annotations

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.repair.draft import Draft
from masthead.core.repair.links import clean_link
from masthead.core.repair.related import WHY, add_cards, without
from masthead.core.repair.vocabulary import RELATED_ALONE
from masthead.core.types import Block, RelatedCard

_LABELS = ("p", "div", "span", "h2", "h3", "h4", "h5", "h6", "b", "strong")
_LISTS = ("ul", "ol", "div")
_MAX_LABEL = 60
_MAX_CARDS = 12


def read_page_cards(root: HtmlElement, base: str, draft: Draft) -> None:
    """Add the links of every list under a label ("More on this story") inside the page's article as related cards."""
    for article in root.iter("article"):
        for element in article.iter(*_LABELS):
            label = _label(element)
            below = _below(element, article) if label else None
            if below is None:
                continue
            links = [(str(a.get("href") or ""), one_line(str(a.text_content()))) for a in below.iter("a")]
            links = [(clean_link(url, base), title) for url, title in links if title][:_MAX_CARDS]
            if not links or without(str(below.text_content()), [title for _, title in links]):
                continue
            cards = [RelatedCard(label, title, url) for url, title in links if url and url != draft.canonical_url]
            draft.mend("related-card", "body", label, "; ".join(card.url for card in cards), WHY)
            add_cards(cards, draft)


def drop_labels(body: list[Block], draft: Draft) -> list[Block]:
    """`body` without labels whose links are cards already."""
    labels = {card.label for card in draft.related if card.label}
    return [block for block in body if block.type not in ("paragraph", "heading") or block.text not in labels]


def _label(element: HtmlElement) -> str:
    """The words of an element that is nothing but a label; "" for any other."""
    if len(element) > 1 or len(element.text or "") > _MAX_LABEL:
        return ""
    words = one_line(str(element.text_content()))
    found = RELATED_ALONE.match(words) if len(words) <= _MAX_LABEL else None
    return found[1] if found and element.find(".//a") is None else ""


def _below(element: HtmlElement, article: HtmlElement) -> HtmlElement | None:
    """The list that stands after a label, or after the element that holds nothing but it."""
    while element.getnext() is None:
        parent = element.getparent()
        if parent is None or parent is article or len(parent) != 1 or (parent.text or "").strip():
            return None
        element = parent
    following = element.getnext()
    return following if following is not None and following.tag in _LISTS else None
