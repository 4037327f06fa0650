"""The markup of an article's body: our own reading of the page, and trafilatura's where ours is in doubt."""

from __future__ import annotations

from dataclasses import dataclass, field

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from masthead.core.extract.content import find_content
from masthead.core.extract.figures import Figures, add_captions
from masthead.core.extract.page_meta import PageMeta
from masthead.core.extract.tree import parse_document
from masthead.core.tree import inner_html

# trafilatura's time grows with the square of a page's depth: what is deeper or larger than articles are is not
# given to it.
_DEEPEST = 150
_MOST_ELEMENTS = 15_000
_LONGEST_NAMES = 600_000  # characters of classes and ids, each of which it searches several times
_ENOUGH = 250  # characters of prose from which our own reading is believed


@dataclass(slots=True)
class Body:
    """`html`: what the article consists of, "" when there is none. `figures`: captions that `html` lost on the way.
    `live`: the page is a live blog, and `html` its introduction.
    """

    html: str = ""
    figures: Figures = field(default_factory=Figures)
    live: bool = False


def find_body(root: HtmlElement, text: str, meta: PageMeta, url: str) -> Body:
    """The article's body in the page `text`, whose tree is `root`; the tree is used up.

    `meta`: what the page states about itself. `url`: its address.

    Ours keeps figures, lists, tables and embeds as they stand. It is in doubt where there is little prose, or where no
    element below `body` holds most of it; then trafilatura reads the page afresh.
    """
    content = find_content(root, meta.live, url)
    element, weight = content.element, content.weight
    own = inner_html(element) if element is not None else ""
    if element is not None and element.tag != "body" and weight.prose >= _ENOUGH:
        return Body(own, live=content.live)
    fresh = parse_document(text)
    if _is_beyond(fresh):
        return Body(own)
    # Finding nothing, trafilatura takes the text that structured data states: as one block, and from behind walls.
    for script in list(fresh.iter("script")):
        script.drop_tree()
    figures = add_captions(fresh)
    precise = _extracted(fresh, precise=True)
    if weight.prose >= _ENOUGH:
        return Body(precise, figures) if precise else Body(own)
    found = max((precise, _extracted(fresh, precise=False)), key=len)
    return Body(found, figures) if found else Body(own)


def _extracted(root: HtmlElement, *, precise: bool) -> str:
    try:
        found = trafilatura.extract(
            root,
            output_format="html",
            include_images=True,
            include_links=True,
            include_comments=False,
            favor_precision=precise,
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError, etree.LxmlError):
        # A fault of the library on one odd page must not lose what the page says about itself.
        return ""
    return found or ""


def _is_beyond(root: HtmlElement) -> bool:
    count = depth = names = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        names += len(element.get("class") or "") + len(element.get("id") or "")
        if depth > _DEEPEST or count > _MOST_ELEMENTS or names > _LONGEST_NAMES:
            return True
    return False
