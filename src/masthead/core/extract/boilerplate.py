# ruff: noqa: E501 (tables of words)
"""What stands around an article on its page, known by tag, role, state and general class words, and taken out.

A word of a class or id speaks for itself only where it is the name of a part ("related-posts", "shareBar"). `_ALWAYS` are parts
that are never the article; `_SHORT` are parts of its head and foot (byline, date, tags), which go when they are short.
Nothing goes that holds a large share of the page's prose: a wrapper may be called "has-sidebar".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lxml.html import HtmlElement

from masthead.core.characters import words
from masthead.core.extract.hidden import is_hidden
from masthead.core.repair.links import registrable_domain
from masthead.core.repair.media import EMBED_CLASS

DROPPED_TAGS = words(
    "script style template nav form button select textarea input svg math canvas object applet dialog menu label noindex"
    " link meta head title map fieldset"
)
_NEVER_TEXT = words("script style template svg math link meta head title canvas map object applet noindex")
_ALWAYS = words(
    "nav navbar navigation breadcrumb breadcrumbs menu footer sidebar related relateds recommended recommendation recommendations"
    " recirc recirculation readmore share shares sharing sharebar sharethis sharedaddy addthis social socials newsletter newsletters"
    " subscribe subscription signup promo promos promotion advert adverts advertisement advertising ads adsbox sponsored comments"
    " cookie cookies consent gdpr popup popover modal pagination pager trending popular outbrain taboola"
    " tooltip poll quiz donate donation cta"
    " whatsapp telegram follow more-stories most-read print-only noprint no-print a11y rating ratings"
    " liked likes disclosure skip-link skip-to author-bio about-author author-info author-box byline-bio play-button"
)
_SHORT = words(
    "ad banner byline bylines author authors dateline date datetime timestamp time published pubdate updated meta metadata postmeta"
    " tags tag taglist topics keywords category categories kicker eyebrow credit credits copyright caption teaser teasers bio"
    " reading-time readtime views counter toolbar tools actions action login register download app apps gallery slideshow"
    " breadcrumbs audio player listen comment language language-switcher print prev previous next infobox widget link links"
    " suggestion suggestions suggested upnext alsoread also-read stories"
)
# Readers' words and the page's foot: they may be longer than the article and still go.
_WHATEVER_LENGTH = words(
    "comments disqus comment-list commentlist respond comments-area related-posts related-articles related-stories related-content"
    " related-news recommended recommendations more-stories more-news more-articles read-next"
)
_CAPTIONS = words("caption credit credits gallery slideshow")
_INLINE = words("a abbr b code em font i mark q s small span strong sub sup time u br wbr")
_ROLES = words("navigation banner contentinfo complementary search dialog alert menu menubar toolbar alertdialog form")
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
# Every box that these page builders make is a "widget" by name, paragraphs too.
_BUILDER = re.compile(r"^elementor-(?:widget(?:-wrap|-container)?|element)\b-?")
# Boxes that a widespread plugin of a blog engine inserts between paragraphs, advertisements mostly.
_INSERTED = re.compile(r"\bcode-block-\d+\b")
_CARD_TAGS = ("li", "div", "article", "section")
_LONGEST_NAMES = 600  # characters of class and id that are read
_FEWEST_CARDS = 3
_LONGEST_TEASER = 450  # characters of prose in a teaser
_LEAST_AROUND = 300  # characters of prose beside the entries of a list, at least
_SHORT_TEXT = 220  # characters up to which a part of the head or foot goes
_MOST = 0.25  # share of the page's prose beyond which nothing goes


@dataclass(frozen=True, slots=True)
class Weight:
    """Characters of text under an element: all of it, that inside links, and that inside paragraphs of prose."""

    text: int
    links: int
    prose: int


def names_of(element: HtmlElement) -> frozenset[str]:
    """The words of an element's class and id, alone and in pairs: {"more", "stories", "more-stories"}."""
    return _names(f"{element.get('class') or ''} {element.get('id') or ''}"[:_LONGEST_NAMES])


# Most elements of a page share their classes with others.
@lru_cache(maxsize=2_000)
def _names(stated: str) -> frozenset[str]:
    found: set[str] = set()
    for name in stated.split()[:20]:
        parts = [part.lower() for part in _WORD.findall(_BUILDER.sub("", name))]
        found.update(parts)
        found.update(f"{one}-{two}" for one, two in pairwise(parts))
    return frozenset(found)


def is_boilerplate(element: HtmlElement, weight: Weight, prose: int) -> bool:
    """Whether an element is a part of the page and not of its article. `prose`: that of the whole page."""
    tag = element.tag
    if tag in _NEVER_TEXT:
        return True
    if tag in _INLINE:
        return is_hidden(element)
    names = names_of(element)
    large = weight.prose > _MOST * prose and weight.prose > _SHORT_TEXT
    if names & _WHATEVER_LENGTH and prose - weight.prose > _SHORT_TEXT and tag not in ("body", "main", "article"):
        return True
    if large:
        return False
    if tag in DROPPED_TAGS or tag in ("footer", "aside") or (tag == "figcaption" and not _has_picture(element)):
        return True
    if is_hidden(element) or element.get("role") in _ROLES:
        return True
    if "code-block" in names and _is_inserted(element):
        return True
    if names & _ALWAYS or _is_list_of_links(element, weight):
        return not _holds_post(element)
    if tag in ("p", "figure", "figcaption", "picture", "img", "amp-img", "li", "h1", "h2", "h3", "h4"):
        return False
    named = bool(names & _CAPTIONS) or (weight.text <= _SHORT_TEXT and bool(names & _SHORT))
    return named and not _holds_post(element)


def cards_among(elements: list[HtmlElement], weights: dict[HtmlElement, Weight], site: str) -> list[HtmlElement]:
    """Those of an element's children that are teasers of other reports: three or more alike, each with a linked headline.

    Parts that stand in prose and lead to other sites than the page's own (`site`: its domain) are entries of a list.
    """
    groups: dict[tuple[str, str], list[HtmlElement]] = {}
    for element in elements:
        if element.tag in _CARD_TAGS and weights[element].prose <= _LONGEST_TEASER and _heading_link(element):
            groups.setdefault((element.tag, element.get("class") or ""), []).append(element)
    whole = sum(weights[element].prose for element in elements)
    return [
        element
        for group in groups.values()
        if len(group) >= _FEWEST_CARDS and not _is_listicle(group, weights, whole, site)
        for element in group
    ]


def _is_listicle(group: list[HtmlElement], weights: dict[HtmlElement, Weight], whole: int, site: str) -> bool:
    own = sum(weights[element].prose for element in group)
    if whole - own < max(_LEAST_AROUND, own * 0.3):
        return False
    urls = [url for element in group[:_FEWEST_CARDS] if (url := _heading_link(element)).startswith(("http", "//"))]
    return bool(site) and len(urls) == _FEWEST_CARDS and all(registrable_domain(url) != site for url in urls)


def _heading_link(element: HtmlElement) -> str:
    """Where the first heading inside a part leads; "" when it is no link."""
    heading = next(element.iter("h2", "h3", "h4", "h5", "h6"), None)
    if heading is None:
        return ""
    link = heading.find(".//a")
    if link is None:
        link = next(heading.iterancestors("a"), None)
    return "" if link is None else link.get("href") or "#"


def _is_inserted(element: HtmlElement) -> bool:
    return bool(_INSERTED.search(element.get("class") or "")) and next(element.iter("pre", "code"), None) is None


def _holds_post(element: HtmlElement) -> bool:
    """Whether a wrapper ("social-embed") holds a quoted post of another service and little else."""
    quote = element.find(".//blockquote[@class]")
    return quote is not None and bool(EMBED_CLASS.search(quote.get("class") or "")) and len(element) <= 3


def _has_picture(caption: HtmlElement) -> bool:
    figure = next((above for above in caption.iterancestors() if above.tag == "figure"), None)
    return figure is not None and next(figure.iter("img", "picture", "amp-img", "table", "pre"), None) is not None


def _is_list_of_links(element: HtmlElement, weight: Weight) -> bool:
    """Two or more links and hardly a word beside them."""
    if element.tag not in ("ul", "ol", "div", "section", "table", "dl") or weight.links < 0.65 * weight.text:
        return False
    return weight.prose <= 0.2 * weight.text and sum(1 for _ in element.iter("a")) >= 2
