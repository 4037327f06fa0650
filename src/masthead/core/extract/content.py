"""Where the article stands on its page: the smallest element that holds nearly all of the prose.

Prose is what stands in paragraphs and is not a link. From `body` we go down as long as one child holds most of what is
left; text density as evidence follows Kohlschütter et al., "Boilerplate Detection using Shallow Text Features" (2010).
"""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

from masthead.core.characters import words
from masthead.core.extract.boilerplate import Weight, cards_among, is_boilerplate

_PROSE_TAGS = words("p blockquote pre li td dd div section article span font center h1 h2 h3 h4 h5 h6")
_INLINE = words(
    "a abbr b bdi bdo br cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt u"
    " var wbr"
)
_SHORTEST = 40  # characters that a piece of text needs to count as prose
_DOMINANT = 0.75  # share of the prose that one child must hold for us to go down into it
_NO_CONTAINERS = ("p", "blockquote", "li", "ul", "ol", "table", "tr", "td")
_ITEMPROPS = ("articleBody", "reviewBody", "text")


def find_content(root: HtmlElement) -> tuple[HtmlElement | None, Weight]:
    """Prune the tree `root`; the element that holds the article, and its weight. None when there is no prose."""
    body = root.find("body")
    if body is None:
        return None, Weight(0, 0, 0)
    weights = _weigh(body)
    _prune(body, weights)
    weights = _weigh(body)
    element = _stated(body, weights)
    element = _descend(element, weights)
    weight = weights[element]
    return (element, weight) if weight.prose else (None, weight)


def _weigh(root: HtmlElement) -> dict[HtmlElement, Weight]:
    """The weight of each element, from the leaves up."""
    weights: dict[HtmlElement, Weight] = {}
    stack: list[list[int]] = []  # text, links, prose, own inline text that is no link
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            stack.append([0, 0, 0, 0])
            if isinstance(tag, str) and tag not in ("script", "style", "template", "noscript") and element.text:
                _count(stack[-1], element.text, link=tag == "a")
            continue
        text, links, prose, own = stack.pop()
        if not isinstance(tag, str):
            if stack and element.tail:
                _count(stack[-1], element.tail, link=False)
            continue
        if tag == "a":
            links, own, prose = text, 0, 0
        if tag not in _INLINE:
            prose += own if own >= _SHORTEST and tag in _PROSE_TAGS else 0
            own = 0
        weights[element] = Weight(text, links, prose)
        if stack:
            above = stack[-1]
            above[0] += text
            above[1] += links
            above[2] += prose
            above[3] += own
            if element.tail:
                _count(above, element.tail, link=False)
    return weights


def _count(counters: list[int], text: str, *, link: bool) -> None:
    length = len(text.strip())
    counters[0] += length
    if not link:
        counters[3] += length


def _prune(body: HtmlElement, weights: dict[HtmlElement, Weight]) -> None:
    prose = weights[body].prose
    stack = [body]
    while stack:
        element = stack.pop()
        children = [child for child in element if child in weights]
        cards = cards_among(children, weights) if len(children) > 2 else []
        if sum(weights[card].prose for card in cards) > 0.8 * prose:
            cards = []
        for child in list(element):
            if child not in weights or child in cards or is_boilerplate(child, weights[child], prose):
                child.drop_tree()
            else:
                stack.append(child)


def _stated(body: HtmlElement, weights: dict[HtmlElement, Weight]) -> HtmlElement:
    """The element that the page itself calls the article's body, where it holds most of the prose."""
    whole = weights[body].prose
    for path in (*(f".//*[@itemprop='{name}']" for name in _ITEMPROPS), ".//article", ".//main"):
        found = [element for element in body.iterfind(path) if element in weights]
        if not found:
            continue
        best = max(found, key=lambda element: weights[element].prose)
        if weights[best].prose >= 0.5 * whole:
            return best
    return body


def _descend(element: HtmlElement, weights: dict[HtmlElement, Weight]) -> HtmlElement:
    while whole := weights[element].prose:
        inner = [child for child in element if child in weights]
        best = max(inner, key=lambda child: weights[child].prose, default=None)
        if best is None or best.tag in _NO_CONTAINERS or weights[best].prose < _DOMINANT * whole:
            break
        element = best
    return element
