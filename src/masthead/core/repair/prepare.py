"""The tree made ready for reading as blocks: what is invisible goes, what only looks like a picture becomes words."""

from __future__ import annotations

import re

import lxml.html
from lxml.html import HtmlElement

from masthead.core.characters import one_line, words
from masthead.core.repair.draft import Draft
from masthead.core.repair.images import read_image
from masthead.core.repair.stills import settle_players

MEDIA = words(
    "img picture figure iframe video audio embed object amp-img amp-youtube amp-vimeo amp-video amp-audio"
    " amp-iframe amp-twitter"
)
BLOCKS = words(
    "address article aside blockquote center dd details div dl dt fieldset figcaption footer form header hr li "
    "main nav ol p"
    " pre section summary table tbody td tfoot th thead tr ul h1 h2 h3 h4 h5 h6"
)
SPLITTING = BLOCKS | MEDIA
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]{0,80}url\(\s*['\"]?([^'\")\s]{1,2000})", re.IGNORECASE)
_PICTURE_CLASS = re.compile(r"(?:^|[\s_-])(?:image|img|photo|picture|figure|thumb(?:nail)?|media)s?(?:$|[\s_-])", re.I)
_PICTURES = ("img", "amp-img", "iframe", "video", "audio", "table", "blockquote", "pre")
_MAX_IMAGES = 1_000
_LETTER = re.compile(r"[^\W\d_]")


def prepare(root: HtmlElement, base: str, draft: Draft) -> None:
    """Change the tree in place, keeping every word: see the functions below for what and why."""
    _read_backgrounds(root)
    settle_players(root, base, draft)
    _settle_pictures(root, base, draft)
    for anchor in list(root.iter("a")):
        if anchor.get("href") and any(child.tag in SPLITTING for child in anchor.iterdescendants()):
            _push_down(anchor)


def _read_backgrounds(root: HtmlElement) -> None:
    """Pictures that a page shows as the background of an empty element become pictures."""
    for element in list(root.iter("div", "span", "a", "figure")):
        style = element.get("style") or ""
        if "url(" not in style or len(element) or (element.text or "").strip():
            continue
        found = _BACKGROUND.search(style)
        shown = element.get("role") == "img" or _PICTURE_CLASS.search(element.get("class") or "")
        if found and shown:
            picture = lxml.html.Element("img")
            picture.set("src", found[1])
            picture.set("alt", element.get("aria-label") or element.get("title") or "")
            element.append(picture)


def _settle_pictures(root: HtmlElement, base: str, draft: Draft) -> None:
    """An emoji drawn as a picture becomes the emoji; pixels and icons go, so that they part no paragraph."""
    for number, image in enumerate(list(root.iter("img"))):
        if number < _MAX_IMAGES and read_image(image, base, draft) is not None:
            continue
        alt = one_line(image.get("alt") or "")
        if alt and len(alt) <= 12 and not alt.isascii() and not _LETTER.search(alt):
            _insert(image, alt)
        figure = next(image.iterancestors("figure"), None)
        image.drop_tree()
        if figure is not None and next(figure.iter(*_PICTURES), None) is None:
            # A caption says nothing without the picture, which could not be read.
            for caption in list(figure.iter("figcaption")):
                caption.drop_tree()


def _insert(element: HtmlElement, text: str) -> None:
    """Put words where `element` stands, before its tail."""
    element.tail = text + (element.tail or "")


def _push_down(anchor: HtmlElement) -> None:
    """A link around blocks becomes a link inside each of them: a block alone would lose it."""
    href = str(anchor.get("href"))
    anchor.tag = "span"
    anchor.attrib.clear()
    _link_runs(anchor, href)


def _link_runs(element: HtmlElement, href: str) -> None:
    children = list(element)
    run = _run(href, element.text)
    element.text = None
    runs: list[HtmlElement] = []
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in SPLITTING or any(inner.tag in SPLITTING for inner in child.iterdescendants()):
            runs += [run, child]
            if child.tag not in MEDIA or child.tag == "figure":
                _link_runs(child, href)
            run = _run(href, tail)
        else:
            run.append(child)
            child.tail = tail
    for part in [*runs, run]:
        if part.tag != "a" or str(part.text_content()).strip():
            element.append(part)


def _run(href: str, text: str | None) -> HtmlElement:
    run: HtmlElement = lxml.html.Element("a")
    run.set("href", href)
    run.text = text
    return run
