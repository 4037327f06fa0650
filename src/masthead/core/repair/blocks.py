"""A tree of HTML as typed blocks: what the article consists of, without its markup's accidents."""

from __future__ import annotations

import re
from html import escape

from lxml.html import HtmlElement

from masthead.core.characters import one_line, words
from masthead.core.repair.draft import Draft
from masthead.core.repair.elements import drop, outer_html, spaced_html
from masthead.core.repair.media import embed_block, embed_quote, figure_blocks, is_embed_quote, pictures_in
from masthead.core.repair.prepare import BLOCKS, MEDIA, SPLITTING, prepare
from masthead.core.repair.vocabulary import RELATED_ALONE, RELATED_START
from masthead.core.sanitize import sanitize, sanitize_inline, to_text
from masthead.core.tree import inner_html
from masthead.core.types import Block

_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_DROPPED = words("script style template svg math select textarea button input link meta title head map canvas")
# White space is tried from its beginning only: a long run of it would otherwise be read once for each of its letters.
_BREAKS = re.compile(r"(?<!\s)\s*<br\s*/?>(?:\s*<br\s*/?>)+\s*", re.IGNORECASE)
_HEAD_BREAKS = re.compile(r"(?:\s|<br\s*/?>|&nbsp;)+", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MAX_BLOCKS = 2_000


class _Reader:
    """Walks a tree; collects inline content into paragraphs and turns every block element into a block."""

    def __init__(self, base: str, draft: Draft) -> None:
        self.base = base
        self.draft = draft
        self.blocks: list[Block] = []
        self.inline: list[str] = []

    def add(self, block: Block) -> None:
        if not self.full() and (block.text or block.image or block.url or block.type == "rule"):
            self.blocks.append(block)

    def full(self) -> bool:
        """Whether nothing more can be added: what follows is not even read."""
        if len(self.blocks) < _MAX_BLOCKS:
            return False
        self.draft.warn(f"Only the first {_MAX_BLOCKS:,} paragraphs were kept.")
        return True

    def flush(self) -> None:
        html = "".join(self.inline)
        self.inline.clear()
        for part in _BREAKS.split(html):
            if part and not self.full():
                self.paragraph(part)

    def paragraph(self, html: str) -> None:
        html = without_edges(sanitize_inline(html, self.base))
        text = to_text(html)
        if not one_line(text):
            return
        heading = re.fullmatch(r"<(b|strong)>((?:(?!</?\1\b).)*)</\1>", html)
        if (
            heading
            and len(text) <= 100
            and "\n" not in text
            and not re.search(r"[.,;:!?…\"”»)]$", text)
            and "<a " not in html
        ):
            self.add(Block(type="heading", text=text, html=sanitize_inline(heading[2]), level=3))
            return
        self.add(Block(type="paragraph", text=text, html=html))

    def container(self, element: HtmlElement) -> None:
        """The content of an element whose own tag means nothing more than "here is a block"."""
        self.flush()
        self.content(element)
        self.flush()

    def content(self, element: HtmlElement) -> None:
        self.inline.append(escape(element.text or "", quote=False))
        for child in element:
            if self.full():
                break
            self.node(child)
            self.inline.append(escape(child.tail or "", quote=False))

    def node(self, element: HtmlElement) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _DROPPED:
            return
        if tag in _HEADINGS:
            self.heading(element, tag)
        elif (handler := _HANDLERS.get(tag)) is not None:
            self.flush()
            handler(self, element)
        elif tag in BLOCKS:
            self.container(element)
        elif any(child.tag in SPLITTING for child in element.iterdescendants()):
            self.content(element)
        else:
            self.inline.append(outer_html(element))

    def heading(self, element: HtmlElement, tag: str) -> None:
        self.flush()
        media = [child for child in element.iterdescendants() if child.tag in MEDIA]
        for child in media:
            self.node(child)
            drop(child)
        self.flush()
        html = sanitize_inline(inner_html(element), self.base)
        self.add(Block(type="heading", text=to_text(html).replace("\n", " "), html=html, level=_HEADINGS[tag]))

    def quote(self, element: HtmlElement) -> None:
        if is_embed_quote(element):
            self.add(embed_quote(element, self.base, self.draft))
            return
        inner = _Reader(self.base, self.draft)
        inner.container(element)
        words_of = [block for block in inner.blocks if block.type in ("paragraph", "heading", "list", "quote")]
        cite = ""
        cited = element.find(".//cite")
        if cited is None and (footer := element.find(".//footer")) is not None:
            cited = footer
        if cited is not None:
            cite = to_text(inner_html(cited)).strip(" —–-\n")
            words_of = [block for block in words_of if block.text.strip(" —–-\n") != cite]
        if words_of:
            html = "".join(f"<p>{block.html}</p>" if block.type != "list" else block.html for block in words_of)
            text = "\n\n".join(block.text for block in words_of)
            self.add(Block(type="quote", text=text, html=sanitize(html, self.base), cite=cite))
        for block in inner.blocks:
            if block not in words_of and block.type not in ("paragraph", "heading"):
                self.add(block)

    def list(self, element: HtmlElement) -> None:
        items: list[str] = []
        texts: list[str] = []
        for item in element:
            if item.tag not in ("li", "dt", "dd"):
                if isinstance(item.tag, str):
                    self.node(item)
                continue
            for media in [child for child in item.iterdescendants() if child.tag in MEDIA]:
                self.node(media)
                drop(media)
            html = without_edges(sanitize_inline(spaced_html(item), self.base))
            if text := to_text(html):
                items.append(html)
                texts.append(text)
        if items:
            tag = "ol" if element.tag == "ol" else "ul"
            body = "".join(f"<li>{item}</li>" for item in items)
            self.add(
                Block(
                    type="list",
                    text="\n".join(texts),
                    html=f"<{tag}>{body}</{tag}>",
                    ordered=tag == "ol",
                    items=tuple(items),
                )
            )

    def table(self, element: HtmlElement) -> None:
        rows = list(element.iter("tr"))
        widest = max((sum(1 for cell in row if cell.tag in ("td", "th")) for row in rows), default=0)
        nested = any(
            child.tag in ("table", "figure", "p", "blockquote", "iframe")
            for cell in element.iter("td")
            for child in cell
        )
        if widest < 2 or (nested and len(rows) < 3):
            self.container(element)
            return
        images = list(pictures_in(element, self.base, self.draft))
        for child in list(element.iter("img", "picture")):
            drop(child)
        html = sanitize(outer_html(element), self.base)
        text = to_text(html)
        # The picture of a card laid out as a table belongs to the card; any other stands by itself.
        card = RELATED_START.match(text) or RELATED_ALONE.match(text.partition("\n")[0])
        self.add(Block(type="table", text=text, html=html, image=images[0] if card and images else None))
        if not card:
            for image in dict.fromkeys(images):
                self.add(Block(type="figure", image=image))

    def figure(self, element: HtmlElement) -> None:
        figures = figure_blocks(element, self.base, self.draft)
        for block in figures:
            self.add(block)
        if not figures:
            self.container(element)

    def image(self, element: HtmlElement) -> None:
        for image in pictures_in(element, self.base, self.draft):
            if not any(block.image and block.image.src == image.src for block in self.blocks):
                self.add(Block(type="figure", image=image))
                return

    def embed(self, element: HtmlElement) -> None:
        if (block := embed_block(element, self.base, self.draft)) is not None:
            self.add(block)

    def code(self, element: HtmlElement) -> None:
        for line_end in element.iter("br", "div", "li", "tr"):
            # Lines that markup parts, and not the text itself, are lines none the less.
            if not (line_end.tail or "").startswith("\n"):
                line_end.tail = f"\n{line_end.tail or ''}"
        text = str(element.text_content()).strip("\n")
        self.add(Block(type="code", text=text, html=escape(text, quote=False)))

    def rule(self, _: HtmlElement) -> None:
        self.add(Block(type="rule"))

    def noscript(self, element: HtmlElement) -> None:
        if element.find(".//img") is not None:
            self.image(element)


_HANDLERS = {
    "blockquote": _Reader.quote, "ul": _Reader.list, "ol": _Reader.list, "dl": _Reader.list, "table": _Reader.table,
    "figure": _Reader.figure, "img": _Reader.image, "amp-img": _Reader.image, "picture": _Reader.image,
    "noscript": _Reader.noscript,
    "iframe": _Reader.embed, "video": _Reader.embed, "audio": _Reader.embed, "embed": _Reader.embed,
    "object": _Reader.embed, "amp-youtube": _Reader.embed, "amp-vimeo": _Reader.embed, "amp-video": _Reader.embed,
    "amp-audio": _Reader.embed, "amp-iframe": _Reader.embed,
    "pre": _Reader.code, "hr": _Reader.rule,
}  # fmt: skip


def read_blocks(root: HtmlElement, base: str, draft: Draft) -> list[Block]:
    """The blocks of a tree, in order; text without paragraphs is parted at double line breaks."""
    prepare(root, base, draft)
    reader = _Reader(base, draft)
    reader.container(root)
    return without_edge_rules(reader.blocks)


def without_edges(html: str) -> str:
    """Sanitised inline HTML without white space and line breaks at its edges; white space within is one space a run."""
    html = _SPACES.sub(" ", html)
    head = _HEAD_BREAKS.match(html)
    html = html[head.end() :] if head else html
    end = len(html)
    while end:
        if html[end - 1].isspace():
            end -= 1
        elif html.endswith("<br>", 0, end):
            end -= 4
        elif html.endswith("&nbsp;", 0, end):
            end -= 6
        else:
            break
    return html[:end]


def without_edge_rules(blocks: list[Block]) -> list[Block]:
    """`blocks` without rules that part nothing: at either end, or after another."""
    kept: list[Block] = []
    for block in blocks:
        if block.type == "rule" and (not kept or kept[-1].type == "rule"):
            continue
        kept.append(block)
    while kept and kept[-1].type == "rule":
        kept.pop()
    return kept
