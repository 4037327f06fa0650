"""Pictures of a page with their captions and credits, which body extraction loses: read before, restored after."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.repair.draft import Draft
from masthead.core.repair.images import read_image, with_caption
from masthead.core.types import Block
from masthead.core.urls import absolute

_CREDIT_CLASSES = ("credit", "copyright", "photographer", "byline", "source", "attribution")


@dataclass(slots=True)
class Figures:
    """Caption and credit by the address as it stands in the page."""

    captions: dict[str, tuple[str, str]] = field(default_factory=dict)

    def restore(self, draft: Draft, base: str) -> None:
        """Give the figures of `draft.body` their captions, and drop paragraphs that are nothing but a caption."""
        known = {absolute(src, base): value for src, value in self.captions.items()}
        words = {caption for caption, _ in known.values() if caption}
        body: list[Block] = []
        for block in draft.body:
            if block.type == "paragraph" and block.text in words:
                continue
            if block.type == "figure" and block.image and (found := known.get(block.image.src)):
                caption, credit = found
                image = with_caption(block.image, caption) if caption else block.image
                image = replace(image, credit=image.credit or credit)
                block = replace(block, image=image, text=image.caption)
            body.append(block)
        draft.body = body


def add_captions(root: HtmlElement) -> Figures:
    """Read the captions of a page's figures; give lazy pictures their real address in the tree."""
    figures = Figures()
    scratch = Draft()
    for image in root.iter("img"):
        found = read_image(image, "http://relative.invalid/", scratch)
        if found is None:
            continue
        src = (
            found.src.removeprefix("http://relative.invalid")
            if found.src.startswith("http://relative.invalid")
            else found.src
        )
        image.set("src", src)
        figure = _figure_of(image)
        if figure is not None:
            figures.captions[src] = _caption(figure)
    return figures


def _figure_of(image: HtmlElement) -> HtmlElement | None:
    for ancestor in image.iterancestors():
        if ancestor.tag == "figure":
            return ancestor
        if ancestor.tag in ("article", "main", "body", "section"):
            return None
    return None


def _caption(figure: HtmlElement) -> tuple[str, str]:
    """The words of a figure's caption, and the credit where an element of its own holds it."""
    caption = figure.find(".//figcaption")
    if caption is None:
        return "", ""
    credit = ""
    text = one_line(str(caption.text_content()))
    for element in caption.iter("span", "cite", "small", "div", "p", "em"):
        name = (element.get("class") or "").lower()
        if element.tag in ("cite", "small") or any(word in name for word in _CREDIT_CLASSES):
            credit = one_line(str(element.text_content()))
            if credit and credit != text:
                text = text.replace(credit, "").strip(" |–—-/")
            break
    return text, credit.strip(" ©()").removeprefix("Credit:").strip()
