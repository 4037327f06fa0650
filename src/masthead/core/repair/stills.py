"""The still picture of what is embedded: where the page or the item states one, else by the public rule of its host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.repair.draft import Draft
from masthead.core.repair.images import best_of_srcset, read_image
from masthead.core.repair.players import film_key, still_of
from masthead.core.tree import parse_fragment
from masthead.core.types import Block, ImageRef, ParsedMedia
from masthead.core.urls import absolute

PLAYERS = ("iframe", "video", "embed", "object", "amp-youtube", "amp-video", "amp-iframe", "amp-vimeo", "amp-audio")
_STATED = re.compile(r"(?:^|-)(?:poster|thumb(?:nail)?|still|preview|placeholder|cover|splash|image|img)(?:-|$)")
_PICTURE = re.compile(
    r"^(?:https?:)?//[^\s\"'<>{}]{4,2000}$|^/?[^\s\"'<>{}:]{1,1000}\.(?:jpe?g|png|webp|avif|gif)(?:\?|$)", re.I
)
# Elements that hold a player and the picture that stands for it until it plays.
_HOLDER = re.compile(
    r"(?:^|[\s_-])(?:o?embed\w*|video\w*|player\w*|iframe\w*|facade|lite|lazy\w*|audio\w*|map|poster|preview|still)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 240
_MAX_PLAYERS = 200
Films = Mapping[str, tuple[str, str]]
"""What is stated of films elsewhere, by `film_key`: (address of the still, title); either may be empty."""


def settle_players(root: HtmlElement, base: str, draft: Draft) -> None:
    """Give every player in the tree its still as `poster` and its caption as `title`; both leave the text."""
    for element in list(root.iter(*PLAYERS))[:_MAX_PLAYERS]:
        picture = None
        if not (still := _in_attributes(element, base) or _in_document(element, base)):
            picture = _picture_near(element)
            image = read_image(picture, base, draft) if picture is not None else None
            still = image.src if image else ""
            if image and image.alt and not element.get("data-still-alt"):
                element.set("data-still-alt", image.alt)
        if still:
            element.set("poster", still)
            if picture is not None:
                _take_out(picture)
        _take_caption(element)


def _in_attributes(element: HtmlElement, base: str) -> str:
    for name, value in element.attrib.items():
        stated = str(value).strip()
        if (
            _STATED.search(str(name).removeprefix("data-"))
            and _PICTURE.match(stated)
            and (url := absolute(stated, base))
        ):
            return url
    return ""


def _in_document(element: HtmlElement, base: str) -> str:
    """The picture of a frame's own document (`srcdoc`), which is shown until the player is wanted."""
    document = element.get("srcdoc") or ""
    if "<img" not in document.lower():
        return ""
    image = next(parse_fragment(document[:20_000]).iter("img"), None)
    if image is None:
        return ""
    return absolute(image.get("src") or "", base) or best_of_srcset(image.get("srcset") or "", base)


def _picture_near(element: HtmlElement) -> HtmlElement | None:
    """The one picture within a player, beside it for browsers without scripts, or in the element that holds both."""
    inside = list(element.iter("img", "amp-img"))
    if inside:
        return inside[0]
    for beside, between in ((element.getnext(), element.tail), (element.getprevious(), None)):
        if beside is not None and beside.tag == "noscript" and not (between or "").strip():
            inside = list(beside.iter("img"))
            if len(inside) == 1 and not str(beside.text_content()).strip():
                return inside[0]
    holder = element
    for _ in range(3):
        parent = holder.getparent()
        if parent is None or len(list(parent.iter(*PLAYERS))) > 1 or _words_beside(parent):
            return None
        holder = parent
        pictures = list(holder.iter("img", "amp-img"))
        if len(pictures) == 1 and _HOLDER.search(f"{holder.get('class') or ''} {holder.tag!s}"):
            return pictures[0]
        if len(pictures) > 1:
            return None
    return None


def _words_beside(holder: HtmlElement) -> bool:
    """Whether an element has words of its own, the caption of a figure and what a player holds aside."""
    silent = sum(
        len(str(found.text_content())) for found in holder.iter("figcaption", *PLAYERS, "script", "style", "button")
    )
    return len(one_line(str(holder.text_content()))) > silent


def _take_out(picture: HtmlElement) -> None:
    parent = picture.getparent()
    picture.drop_tree()
    if parent is not None and parent.tag in ("noscript", "picture", "a") and not str(parent.text_content()).strip():
        grandparent = parent.getparent()
        if grandparent is not None and next(parent.iter(*PLAYERS), None) is None:
            parent.drop_tree()


def _take_caption(element: HtmlElement) -> None:
    """A figure's caption says what its player shows better than the player's own title."""
    figure = next(element.iterancestors("figure"), None)
    if figure is None or len(list(figure.iter(*PLAYERS))) > 1 or next(figure.iter("img", "amp-img"), None) is not None:
        return
    captions = list(figure.iter("figcaption"))
    words = one_line(str(captions[0].text_content())) if len(captions) == 1 else ""
    if words and len(words) <= _LONGEST_CAPTION and captions[0].find(".//a") is None:
        element.set("title", words)
        captions[0].drop_tree()


def films_of_media(files: Iterable[ParsedMedia]) -> dict[str, tuple[str, str]]:
    """What an item states of its films."""
    return {film_key(media.url): (media.still, media.title) for media in files if media.still}


def settle_stills(blocks: list[Block], films: Films, draft: Draft) -> list[Block]:
    """`blocks` whose embeds have the still and title that `films` states of them, else a still by public rule."""
    return [_settled(block, films, draft) if block.type == "embed" and block.url else block for block in blocks]


def _settled(block: Block, films: Films, draft: Draft) -> Block:
    still, title = films.get(film_key(block.url), ("", ""))
    block = replace(block, title=block.title or title)
    if block.image is not None:
        return block
    if still:
        return replace(block, image=ImageRef(still))
    if computed := still_of(block.url):
        draft.mend(
            "computed-still",
            "images",
            block.url,
            computed,
            "The publisher named no still picture of a film; the one that its host keeps was taken.",
        )
        return replace(block, image=ImageRef(computed))
    return block
