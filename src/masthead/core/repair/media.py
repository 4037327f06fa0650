"""Figures, pictures and what is embedded (players, posts of other sites) as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.repair.draft import Draft
from masthead.core.repair.elements import drop, spaced_html
from masthead.core.repair.images import is_unseen, read_image, with_caption
from masthead.core.repair.players import page_of
from masthead.core.repair.stills import PLAYERS
from masthead.core.sanitize import sanitize_inline, to_text
from masthead.core.tree import inner_html, parse_fragment
from masthead.core.types import Block, ImageRef
from masthead.core.urls import absolute

EMBED_CLASS = re.compile(
    r"\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|fb-video|bluesky-embed|mastodon-embed"
    r"|telegram-post)\b"
)


_BY_NUMBER = {"amp-youtube": "https://www.youtube.com/embed/", "amp-vimeo": "https://player.vimeo.com/video/"}


def pictures_in(element: HtmlElement, base: str, draft: Draft) -> Iterator[ImageRef]:
    """The pictures of an element and what it holds, in order, each read when it is asked for."""
    for child in element.iter("img", "amp-img"):
        if (image := read_image(child, base, draft)) is not None:
            yield image


def figure_blocks(element: HtmlElement, base: str, draft: Draft) -> list[Block]:
    """A block for each picture of a `figure`, the first with its caption; none when it holds no picture.

    Then what else it holds is yet to be read, and a caption of a picture that could not be read has been taken out.
    """
    images = list(dict.fromkeys(pictures_in(element, base, draft)))
    captions = list(element.iter("figcaption"))
    if not images:
        rest = one_line(str(element.text_content()))
        alone = rest == one_line(" ".join(str(caption.text_content()) for caption in captions))
        alone = alone and next(element.iter("a", *PLAYERS), None) is None
        if alone or next(element.iter("img", "amp-img"), None) is not None:
            # A caption says nothing without the picture, which could not be read.
            for orphan in captions:
                drop(orphan)
        return []
    caption_html = sanitize_inline(" ".join(spaced_html(child) for child in captions), base)
    if not captions:
        for child in [*element.iter("img"), *element.iter("noscript")]:
            drop(child)
        caption_html = sanitize_inline(spaced_html(element), base)
    caption = to_text(caption_html)
    first = with_caption(images[0], caption) if caption else images[0]
    return [
        Block(type="figure", text=first.caption, html=caption_html, image=first),
        *(Block(type="figure", image=image) for image in images[1:]),
        *_players_in(element, base, draft),
    ]


def _players_in(figure: HtmlElement, base: str, draft: Draft) -> Iterator[Block]:
    """What a figure embeds besides its pictures."""
    for player in figure.iter(*PLAYERS):
        if next(player.iterancestors(*PLAYERS), None) is None and (block := embed_block(player, base, draft)):
            yield block


def is_embed_quote(element: HtmlElement) -> bool:
    """Whether a quotation is what a script was to make a post of another site of."""
    return EMBED_CLASS.search(element.get("class") or "") is not None


def embed_quote(element: HtmlElement, base: str, draft: Draft) -> Block:
    """A post of another site: its words, its address, which is the last link, and its picture."""
    image = next(pictures_in(element, base, draft), None)
    links = [str(a.get("href")) for a in element.iter("a") if a.get("href")]
    url = absolute(links[-1], base) if links else absolute(element.get("cite") or "", base)
    html = inner_html(element)
    text = to_text(html)
    return Block(type="embed", text=text, html=sanitize_inline(html, base), url=url, title=text[:120], image=image)


def embed_block(element: HtmlElement, base: str, draft: Draft) -> Block | None:
    """A player or frame as a link to what it shows; None when it names no address, or only counts readers."""
    url = next((found for raw in _addresses(element) if (found := absolute(raw, base))), "")
    if not url:
        return None
    if is_unseen(element):
        draft.mend("tracking-pixel", "body", url, "", "An invisible frame that only counts readers was removed.")
        return None
    still = absolute(element.get("poster") or "", base)
    image = ImageRef(still, alt=to_text(element.get("data-still-alt") or "")) if still else None
    return Block(type="embed", url=page_of(url), title=to_text(element.get("title") or ""), image=image)


def _addresses(element: HtmlElement) -> Iterator[str]:
    """What may be the address of what a player shows, best first."""
    if element.tag in _BY_NUMBER and (number := element.get("data-videoid") or ""):
        yield _BY_NUMBER[element.tag] + number
    for name in ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-original", "data"):
        yield element.get(name) or ""
    for child in element.iter("source", "embed", "iframe"):
        yield child.get("src") or ""
    if document := element.get("srcdoc"):
        for anchor in parse_fragment(document[:20_000]).iter("a"):
            yield anchor.get("href") or ""
