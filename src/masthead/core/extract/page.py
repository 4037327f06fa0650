"""A publisher's page as a `CleanArticle`: body as typed blocks, and what the page says about it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lxml.html import HtmlElement

from masthead.core.characters import one_line, strip_controls
from masthead.core.extract.body import find_body
from masthead.core.extract.decode import decode, join_bytes
from masthead.core.extract.fields import set_fields
from masthead.core.extract.metadata import PageMeta, read_metadata
from masthead.core.extract.stated import Stated, cut_to_stated, html_of, is_missing
from masthead.core.extract.tree import parse_document
from masthead.core.extract.walls import wall_of
from masthead.core.repair.article import clean_body, finish
from masthead.core.repair.draft import Draft
from masthead.core.repair.images import may_lead
from masthead.core.repair.links import clean_link
from masthead.core.repair.markup import mend_line
from masthead.core.repair.page_cards import drop_labels, read_page_cards
from masthead.core.repair.players import film_key
from masthead.core.repair.standfirst import settle_standfirst
from masthead.core.repair.stills import settle_stills
from masthead.core.tree import prune
from masthead.core.types import CleanArticle, ImageRef
from masthead.core.urls import absolute

MAX_BYTES = 10_000_000
# More than twice what the largest of 660 real news pages had (4,975 elements, 51 levels). Extraction recurses, and it
# takes more than linear time.
MAX_ELEMENTS = 12_000
MAX_DEPTH = 100
_COPYRIGHT = re.compile(r"(?:copyright\b\W*)?(?:©|\(c\))\W*(?:copyright\b\W*)?(?:19|20)\d\d\b.{0,200}$", re.IGNORECASE)


def extract_page(html: bytes, url: str = "", content_type: str = "", seen: datetime | None = None) -> CleanArticle:
    """The article on a page. Never raises; a page without one gives an empty body and a warning.

    `url`: the page's final address, which relative links resolve against (`<base>` goes before it).
    `seen`: when it was fetched (aware); dates ahead of it are refused. A page behind a paywall or a consent wall has a
    warning that begins with "Paywall" or "Consent"; its text is not the article.
    """
    draft = Draft()
    seen = seen or datetime.now(UTC)
    text = _decoded(html[:MAX_BYTES], content_type, draft)
    root = parse_document(text)
    if prune(root, MAX_ELEMENTS, MAX_DEPTH):
        draft.warn("The page was too large or too deep; what lies beyond was not read.")
    meta = read_metadata(root, url)
    base = _base(root, meta, url)
    set_fields(root, meta, base, url, seen, draft)
    read_page_cards(root, base, draft)
    body = find_body(root, text, meta, base)
    if body.live:
        draft.warn("Live blog: what introduces it was read, not its posts.")
    wall = wall_of(text, meta, body.html)
    if wall:
        draft.warn(wall)
    draft.body = clean_body(body.html, base, draft, page=True, published_seen=seen)
    draft.body = drop_labels(draft.body, draft)
    body.figures.restore(draft, base)
    draft.body = settle_stills(draft.body, _films(meta, base), draft)
    draft.origin("body", "page:body", method="inferred", confidence=0.9 if draft.body else 0.0)
    _heed_stated(meta, text, base, seen, draft)
    _drop_repeated_title(draft)
    _drop_idle_end(draft)
    teaser, place = meta.description[0] if meta.description else ("", "none")
    settle_standfirst(mend_line(teaser, "standfirst", draft), place, draft)
    _set_lead(meta, base, draft)
    if not draft.body:
        draft.warn("Not an article: no text was found on the page.")
    return finish(draft, tuple(meta.language))


def _decoded(html: bytes, content_type: str, draft: Draft) -> str:
    read = decode(html, content_type)
    text = join_bytes(read)
    if text != read:
        at = next(number for number, (one, two) in enumerate(zip(read, text, strict=False)) if one != two)
        why = "Letters had been read in the wrong encoding; they were read again in the right one."
        draft.mend("mojibake", "body", strip_controls(read[at : at + 40]), text[at : at + 40], why)
    return text


def _heed_stated(meta: PageMeta, text: str, base: str, seen: datetime, draft: Draft) -> None:
    """Weigh what we read against the text that the page states; what it keeps for subscribers is left alone."""
    stated = Stated(meta.body)
    refused = any(warning.startswith(("Paywall", "Consent")) for warning in draft.warnings)
    if not stated or refused or meta.free is False:
        return
    if is_missing(draft.body, stated):
        root = parse_document(text)
        prune(root, MAX_ELEMENTS, MAX_DEPTH)
        draft.body = clean_body(html_of(stated, root), base, draft, page=True, published_seen=seen)
        draft.origin("body", "page:json-ld", method="stated", confidence=0.9)
    draft.body = cut_to_stated(draft.body, stated, draft)


def _base(root: HtmlElement, meta: PageMeta, url: str) -> str:
    stated = root.find(".//base[@href]")
    base = absolute(str(stated.get("href")), url) if stated is not None else ""
    canonical = next((found for value, _ in meta.canonical if (found := absolute(value, url))), "")
    return base or absolute(url) or canonical


def _films(meta: PageMeta, base: str) -> dict[str, tuple[str, str]]:
    """What the page states of its films, by `film_key`; where it says so twice, the first that names a still."""
    films: dict[str, tuple[str, str]] = {}
    for address, still, title in meta.films:
        if not (url := absolute(address, base)):
            continue
        known = films.get(film_key(url), ("", ""))
        films[film_key(url)] = (known[0] or absolute(still, base), known[1] or mend_line(title, "body", Draft()))
    return films


def _same(first: str, second: str) -> bool:
    one, two = (re.sub(r"\W+", "", text).casefold() for text in (first, second))
    return bool(one) and (one == two or (len(one) > 15 and two.startswith(one)))


def _drop_repeated_title(draft: Draft) -> None:
    for index, block in enumerate(draft.body[:4]):
        if block.type in ("heading", "paragraph") and _same(block.text, draft.title):
            del draft.body[index]
            draft.mend("repeated-title", "body", block.text, "", "The headline stood again at the top of the text.")
            return


def _drop_idle_end(draft: Draft) -> None:
    """Headings at the end that nothing follows belonged to what was left out; a copyright line is no prose."""
    while draft.body and (draft.body[-1].type in ("heading", "rule") or _COPYRIGHT.match(draft.body[-1].text)):
        draft.body.pop()


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
