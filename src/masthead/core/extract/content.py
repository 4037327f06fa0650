"""Where the article stands on its page: the smallest element that holds nearly all of the prose.

Prose is what stands in paragraphs and is not a link. From `body` we go down as long as one child holds most of what is
left; text density as evidence follows Kohlschütter et al., "Boilerplate Detection using Shallow Text Features" (2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from masthead.core.characters import words
from masthead.core.extract.boilerplate import Weight, cards_among, is_boilerplate
from masthead.core.extract.hidden import place_late_parts
from masthead.core.extract.live import posts_of
from masthead.core.repair.links import registrable_domain

_PROSE_TAGS = words("p blockquote pre li td dd div section article span font center h1 h2 h3 h4 h5 h6")
_INLINE = words(
    "a abbr b bdi bdo br cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt u"
    " var wbr"
)
_SILENT = ("script", "style", "template", "noscript")
_SHORTEST = 40  # characters that a piece of text needs to count as prose
_SHORTEST_INTRODUCTION = 250  # characters of prose that make the introduction of a live blog a report
_DOMINANT = 0.75  # share of the prose that one child must hold for us to go down into it
_WRAPPER = 0.97
_NO_CONTAINERS = ("p", "blockquote", "li", "ul", "ol")
_ITEMPROPS = ("articleBody", "reviewBody", "text")


@dataclass(slots=True)
class Content:
    """`element`: what holds the article, None when there is no prose. `live`: whether posts of a live blog were cut."""

    element: HtmlElement | None
    weight: Weight
    live: bool = False


def find_content(root: HtmlElement, openings: Sequence[str] = (), url: str = "") -> Content:
    """Prune the tree `root` to its article. `openings`: how the posts of a live blog begin (`core.extract.live`).

    `url`: the page's own address.
    """
    body = root.find("body")
    if body is None:
        return Content(None, Weight(0, 0, 0))
    place_late_parts(body)
    weights = _weigh(body)
    _prune(body, weights, registrable_domain(url))
    weights = _weigh(body)
    if live := _cut_posts(body, weights, openings):
        weights = _weigh(body)
    element = _stated(body, weights)
    element = _descend(element, weights)
    weight = weights[element]
    return Content(element if weight.prose else None, weight, live)


def _cut_posts(body: HtmlElement, weights: dict[HtmlElement, Weight], openings: Sequence[str]) -> bool:
    """Cut the posts of a live blog, where enough stands before them to be its report."""
    posts = posts_of(body, openings) if openings else []
    rest = weights[body].prose - sum(weights[post].prose for post in posts if post in weights)
    if not posts or rest < _SHORTEST_INTRODUCTION:
        return False
    for post in posts:
        post.drop_tree()
    return True


def _weigh(root: HtmlElement) -> dict[HtmlElement, Weight]:
    """The weight of each element, from the leaves up."""
    weights: dict[HtmlElement, Weight] = {}
    stack: list[list[int]] = [[0, 0, 0, 0]]  # text, links, prose, own inline text that is no link; the last is ours
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            length = len(said.strip()) if (said := element.text) and tag not in _SILENT else 0
            # The words of a comment or an instruction are none.
            length = length if isinstance(tag, str) else 0
            stack.append([length, 0, 0, 0 if tag == "a" else length])
            continue
        text, links, prose, own = stack.pop()
        above = stack[-1]
        if tail := element.tail:
            length = len(tail.strip())
            above[0] += length
            above[3] += length
        if not isinstance(tag, str):
            continue
        if tag == "a":
            links, own, prose = text, 0, 0
        if tag not in _INLINE:
            prose += own if own >= _SHORTEST and tag in _PROSE_TAGS else 0
            own = 0
        weights[element] = Weight(text, links, prose)
        above[0] += text
        above[1] += links
        above[2] += prose
        above[3] += own
    return weights


def _prune(body: HtmlElement, weights: dict[HtmlElement, Weight], site: str) -> None:
    prose = weights[body].prose
    stack = [body]
    while stack:
        element = stack.pop()
        children = [child for child in element if child in weights]
        cards = cards_among(children, weights, site) if len(children) > 2 else []
        if sum(weights[card].prose for card in cards) > 0.8 * prose:
            cards = []
        for child in list(element):
            if child not in weights or child in cards or is_boilerplate(child, weights[child], prose):
                child.drop_tree()
            else:
                stack.append(child)


def _stated(body: HtmlElement, weights: dict[HtmlElement, Weight]) -> HtmlElement:
    """The element that the page itself calls the article's body, where it holds most of the prose."""
    nested = {element: _nested(element, weights) for element in body.iter("article") if element in weights}
    # An article that holds mostly others is a list of them.
    lists = {element for element, inner in nested.items() if 2 * inner > weights[element].prose}
    listed = sum(nested[element] for element in lists if lists.isdisjoint(element.iterancestors("article")))
    whole = weights[body].prose - listed
    for path in (*(f".//*[@itemprop='{name}']" for name in _ITEMPROPS), ".//article", ".//main"):
        found = [
            element
            for element in body.iterfind(path)
            if element in weights and element not in lists and lists.isdisjoint(element.iterancestors("article"))
        ]
        if not found:
            continue
        best = max(found, key=lambda element: weights[element].prose)
        if weights[best].prose >= 0.5 * whole:
            return best
    return body


def _nested(article: HtmlElement, weights: dict[HtmlElement, Weight]) -> int:
    """Characters of prose in the outermost articles inside another."""
    total = 0
    stack = list(article)
    while stack:
        element = stack.pop()
        if element.tag == "article":
            total += weights[element].prose if element in weights else 0
        else:
            stack.extend(element)
    return total


def _descend(element: HtmlElement, weights: dict[HtmlElement, Weight]) -> HtmlElement:
    while whole := weights[element].prose:
        inner = [child for child in element if child in weights]
        best = max(inner, key=lambda child: weights[child].prose, default=None)
        # What the page itself calls the article's text is left only for a mere wrapper within it.
        share = _WRAPPER if element.get("itemprop") in _ITEMPROPS else _DOMINANT
        if best is None or best.tag in _NO_CONTAINERS or weights[best].prose < share * whole:
            break
        element = best
    return element
