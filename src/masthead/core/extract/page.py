"""A publisher's page as a `CleanArticle`: body as typed blocks, and what the page says about it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import lxml.html
import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from masthead.core.characters import one_line, strip_controls, without_control_references
from masthead.core.extract.decode import decode
from masthead.core.extract.figures import add_captions
from masthead.core.extract.metadata import PageMeta, read_metadata
from masthead.core.extract.walls import wall_of
from masthead.core.repair.article import clean_body, finish
from masthead.core.repair.byline import read_names
from masthead.core.repair.dates import judged
from masthead.core.repair.dates_of_page import read_stated
from masthead.core.repair.draft import Draft
from masthead.core.repair.images import may_lead
from masthead.core.repair.links import clean_link, is_short_link
from masthead.core.repair.markup import mend_line
from masthead.core.repair.page_cards import drop_labels, read_page_cards
from masthead.core.repair.standfirst import settle_standfirst
from masthead.core.tree import prune
from masthead.core.types import CleanArticle, Evidence, ImageRef, SourceRef
from masthead.core.urls import absolute, host_of

MAX_BYTES = 10_000_000
# More than twice what the largest of 660 real news pages had (4,975 elements, 51 levels). Extraction recurses, and it
# takes more than linear time.
MAX_ELEMENTS = 12_000
MAX_DEPTH = 100


def extract_page(html: bytes, url: str = "", content_type: str = "", seen: datetime | None = None) -> CleanArticle:
    """The article on a page. Never raises; a page without one gives an empty body and a warning.

    `url`: the page's final address, which relative links resolve against (`<base>` goes before it).
    `seen`: when it was fetched (aware); dates ahead of it are refused. A page behind a paywall or a consent wall has a
    warning that begins with "Paywall" or "Consent"; its text is not the article.
    """
    draft = Draft()
    seen = seen or datetime.now(UTC)
    root = parse_document(decode(html[:MAX_BYTES], content_type))
    if prune(root, MAX_ELEMENTS, MAX_DEPTH):
        draft.warn("The page was too large or too deep; what lies beyond was not read.")
    meta = read_metadata(root)
    base = _base(root, meta, url)
    _set_fields(meta, base, url, seen, draft)
    figures = add_captions(root)
    read_page_cards(root, base, draft)
    body_html = _body_html(root)
    wall = wall_of(root, meta, body_html)
    if wall:
        draft.warn(wall)
    draft.body = clean_body(body_html, base, draft, page=True, published_seen=seen)
    draft.body = drop_labels(draft.body, draft)
    figures.restore(draft, base)
    draft.origin("body", "page:body", method="inferred", confidence=0.9 if draft.body else 0.0)
    _drop_repeated_title(draft)
    teaser, place = meta.description[0] if meta.description else ("", "none")
    settle_standfirst(mend_line(teaser, "standfirst", draft), place, draft)
    _set_lead(meta, base, draft)
    if not draft.body:
        draft.warn("Not an article: no text was found on the page.")
    return finish(draft, tuple(meta.language))


def parse_document(text: str) -> HtmlElement:
    """A whole page as a tree. Never raises."""
    text = re.sub(r"^\s*<\?xml[^>]*>", "", without_control_references(strip_controls(text)), count=1)
    parser = lxml.html.HTMLParser(huge_tree=True, remove_pis=True, encoding="utf-8")
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return lxml.html.document_fromstring("<html><body></body></html>")


def _base(root: HtmlElement, meta: PageMeta, url: str) -> str:
    stated = root.find(".//base[@href]")
    base = absolute(str(stated.get("href")), url) if stated is not None else ""
    canonical = next((found for value, _ in meta.canonical if (found := absolute(value, url))), "")
    return base or absolute(url) or canonical


def _set_fields(meta: PageMeta, base: str, url: str, seen: datetime, draft: Draft) -> None:
    site, place = _site(meta)
    home = f"https://{host_of(base)}/" if host_of(base) else ""
    draft.source = SourceRef(mend_line(site, "source", draft), home)
    draft.origin("source", place)
    _set_title(meta, draft)
    _set_address(meta, url, base, draft)
    structured = [(name, place) for name, place in meta.authors if not name.startswith("http")]
    for origin in dict.fromkeys(place for _, place in structured):
        draft.byline = read_names([name for name, place in structured if place == origin], draft.source.name, draft)
        if draft.byline:
            draft.origin("byline", origin, confidence=0.95 if "json-ld" in origin or "meta" in origin else 0.7)
            break
    else:
        draft.origin("byline", "none")
    for field in ("published", "modified"):
        _set_date(field, getattr(meta, field), seen, draft)
    if draft.modified and draft.published and draft.modified.earliest <= draft.published.earliest:
        draft.modified = None
    draft.license = meta.license[0][0] if meta.license else ""
    draft.categories = tuple(dict.fromkeys(meta.keywords))[:20]


def _site(meta: PageMeta) -> tuple[str, str]:
    ranked = sorted(meta.site, key=lambda pair: ("og:site_name" not in pair[1], pair[1] == "page:json-ld-site"))
    return ranked[0] if ranked else ("", "none")


def _set_title(meta: PageMeta, draft: Draft) -> None:
    """The headline: the candidate that most places agree on, without the site's name at its end."""
    stripped = [(strip_site(value, draft.source.name), place) for value, place in meta.title]
    heading = next((value for value, place in stripped if place == "page:h1"), "")
    chosen, place = stripped[0] if stripped else ("", "none")
    if heading and any(_same(heading, value) for value, other in stripped if other != "page:h1"):
        chosen, place = heading, "page:h1"
    draft.title = mend_line(chosen, "title", draft)
    draft.origin("title", place, confidence=0.95 if len(stripped) > 1 else 0.8)


def strip_site(title: str, site: str) -> str:
    """A title without " | Site" or " - Site" at its end, where that is the site's own name."""
    head, mark, tail = _last_part(title)
    if mark and site and re.sub(r"\W", "", tail).casefold() in re.sub(r"\W", "", site).casefold():
        return head
    return title


def _last_part(title: str) -> tuple[str, str, str]:
    found = list(re.finditer(r"\s+(?:[|–—·•»:-]|::)\s+", title))
    if not found:
        return title, "", ""
    last = found[-1]
    return title[: last.start()], last[0], title[last.end() :]


def _same(first: str, second: str) -> bool:
    one, two = (re.sub(r"\W+", "", text).casefold() for text in (first, second))
    return bool(one) and (one == two or (len(one) > 15 and two.startswith(one)))


def _set_address(meta: PageMeta, url: str, base: str, draft: Draft) -> None:
    for value, place in [*meta.canonical, (url, "page:url")]:
        found = clean_link(value, base)
        # A canonical link to the home page is a mistake of the page's template.
        if found and not is_short_link(found) and re.search(r"https?://[^/]+/[^?#]", found):
            draft.canonical_url = found
            draft.origin("canonical_url", place)
            return
    draft.origin("canonical_url", "none")


def _set_date(field: str, stated: list[tuple[str, str]], seen: datetime, draft: Draft) -> None:
    for raw, place in stated:
        parts = read_stated(raw)
        if parts is None:
            continue
        found = judged(parts, raw[:80], field, seen, draft, (Evidence(place, raw[:80], ""),))
        if found is not None:
            setattr(draft, field, found)
            draft.origin(field, place, confidence=found.confidence, evidence=found.evidence)
            return
    draft.origin(field, "none")


def _body_html(root: HtmlElement) -> str:
    """The markup of the article's body as trafilatura finds it; "" when it finds none."""
    return _extracted(root, precise=True) or _extracted(root, precise=False)


def _extracted(root: HtmlElement, *, precise: bool) -> str:
    try:
        found = trafilatura.extract(
            root,
            output_format="html",
            include_images=True,
            include_links=True,
            include_comments=False,
            fast=False,
            favor_precision=precise,
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError, etree.LxmlError):
        # A fault of the library on one odd page must not lose what the page says about itself.
        return ""
    return found or ""


def _drop_repeated_title(draft: Draft) -> None:
    for index, block in enumerate(draft.body[:2]):
        if block.type in ("heading", "paragraph") and _same(block.text, draft.title):
            del draft.body[index]
            draft.mend("repeated-title", "body", block.text, "", "The headline stood again at the top of the text.")
            return


def _set_lead(meta: PageMeta, base: str, draft: Draft) -> None:
    taken = {card.image.src for card in draft.related if card.image}
    candidates = [
        (ImageRef(found, alt=meta.image_alt), place)
        for value, place in meta.image
        if (found := clean_link(value, base))
    ]
    candidates += [
        (block.image, "body:first-figure") for block in draft.body[:4] if block.type == "figure" and block.image
    ]
    for image, place in candidates:
        if image.src not in taken and may_lead(image):
            draft.lead_image = image
            draft.origin("lead_image", place)
            return
    draft.origin("lead_image", "none")


def page_title(root: HtmlElement) -> str:
    """The text of the `title` element, on one line."""
    title = root.find(".//title")
    return one_line(str(title.text_content())) if title is not None else ""
