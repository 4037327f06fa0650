"""The headings of a page: which may be its headline, which is the masthead over it, which bear a stated title out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.extract.headline import folded, head_of
from masthead.core.extract.page_meta import PageMeta

# A line of its own over the headline (kicker, overline, Dachzeile) that stands inside of the heading's element.
_KICKER = re.compile(
    r"(?:^|[\s_-])(?:kicker|over-?line|over-?title|eye-?brow|roof-?line|pre-?title|dachzeile|spitzmarke|surtitre|"
    r"antetitulo|volanta|occhiello)(?=$|[\s_-])",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"bread-?crumb", re.IGNORECASE)
_LONGEST = 500
# Lower headings that are looked at; those of other articles follow below.
_LOWER = 12


def add_headings(root: HtmlElement, url: str, meta: PageMeta) -> None:
    """Add what the headings say to the candidates that the head has stated already.

    A heading of the first rank is a headline, and one below the first or in a trail of breadcrumbs is less of one; one
    that is a link home is the site's name. A lower heading counts where it says what the page's head says: many
    systems give the first rank to the site or to a box.
    """
    first = True
    for heading in root.xpath("//h1")[:3]:
        text = _without_kicker(heading)
        if _leads_home(heading, url):
            meta.add("site", text, "page:heading-home")
            continue
        below = not first or _in_trail(heading)
        first = first and below
        meta.add("title", text, "page:h1-below" if below else "page:h1")
    title = root.find(".//title")
    if title is not None:
        meta.add("title", str(title.text_content()), "page:title-element")
    stated = [value for value, place in meta.title if not place.startswith("page:h1")]
    for text in _lower(root):
        if any(folded(text) == folded(value) or head_of(value, text) for value in stated):
            meta.add("title", text, "page:heading")


def first_headings(root: HtmlElement) -> list[str]:
    """The texts of the headings of the first rank, at most three."""
    return [text for heading in root.xpath("//h1")[:3] if (text := _text(heading))]


def _lower(root: HtmlElement) -> Iterator[str]:
    for heading in root.xpath("//h2 | //h3")[:_LOWER]:
        if (text := _text(heading)) and len(folded(text)) > 1:
            yield text


def _without_kicker(heading: HtmlElement) -> str:
    whole = _text(heading)
    for part in heading.xpath(".//*[@class]")[:20]:
        if not _KICKER.search(part.get("class") or ""):
            continue
        kicker = _text(part)
        if kicker and whole.startswith(kicker) and (rest := whole.removeprefix(kicker).lstrip(" :|–—-·•")):
            return rest
    return whole


def _leads_home(heading: HtmlElement, url: str) -> bool:
    """Whether all of a heading is a link to the site's front page."""
    around = list(heading.iterancestors("a"))[:1]
    inside = [link for link in heading.iter("a") if _text(link) == _text(heading)][:1]
    for link in around + inside:
        target = urlsplit((link.get("href") or "").strip())
        own = urlsplit(url).netloc
        if target.path in ("", "/") and not target.fragment and not target.query and (target.path or target.netloc):
            return not target.netloc or not own or target.netloc.removeprefix("www.") in own
    return False


def _in_trail(heading: HtmlElement) -> bool:
    if any(_TRAIL.search(f"{name} {value}") for name, value in heading.attrib.items()):
        return True
    above = list(heading.iterancestors())[:4]
    return any(part.tag == "nav" or _TRAIL.search(f"{part.get('class')} {part.get('id')}") for part in above)


def _text(element: HtmlElement) -> str:
    return one_line(str(element.text_content())[:_LONGEST])
