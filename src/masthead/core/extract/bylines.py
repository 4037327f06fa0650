"""Who wrote the report on a page: names from its metadata, else from the line by the headline that says so."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.extract.datelines import head_lines
from masthead.core.extract.page_meta import PageMeta
from masthead.core.extract.visible import Line
from masthead.core.repair.byline import looks_like_person, read_people
from masthead.core.repair.draft import Draft
from masthead.core.repair.vocabulary import BY

# Where names stand, the surest first, with how sure each is, and whether it is said there that they are persons.
PLACES = (
    ("page:json-ld", 0.95, True),
    ("page:meta", 0.9, False),
    ("page:json-ld-page", 0.85, True),
    ("page:rel-author", 0.8, True),
    ("page:byline-element", 0.75, True),
    ("page:byline-line", 0.7, True),
    ("page:json-ld-organisation", 0.7, False),
)
_AUTHOR_MARKS = re.compile(
    r"author(?!i[tz])|byline|by-line|autor(?!i)|auteur|writer|posted-by|contributor", re.IGNORECASE
)
_LABEL = re.compile(
    rf"^(?:\W*(?:posted|published|updated|story|text|words)\s+)?\W*"
    rf"(?:{BY}|autor(?:in|en)?|author|texte?|written by)\s*[:：]?\s+",
    re.IGNORECASE,
)
_LABEL_INSIDE = re.compile(rf"[|•·]\s*(?:{BY})\s*[:：]?\s+", re.IGNORECASE)
_END = re.compile(
    r"\s*(?:[•|·●∙\u241f\n]|\s[-–—]\s|\d|,\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\b(?:on|published|updated|posted|last|am|in)\b\s*(?:[A-Z\d:]|$)).*$"
)
_MONTH_TAIL = re.compile(r"[\s,]+(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?$", re.IGNORECASE)
_LONGEST = 140


def choose_byline(root: HtmlElement, lines: list[Line], meta: PageMeta, draft: Draft) -> None:
    """Set `draft.byline` from the surest place that names somebody, and `draft.agencies` with the organisations.

    A publisher that states itself as the author, and nobody else, is the byline: that is what is stated.
    """
    organisations: list[str] = []
    first = ("none", 1.0)
    for place, confidence, persons in PLACES:
        names = read_people(_stated(place, root, lines, meta, draft.title), draft.source.name, draft, persons=persons)
        if names.organisations and not organisations:
            first = (place, confidence)
        organisations += [name for name in names.organisations if name not in organisations]
        if names.byline:
            draft.byline = names.byline
            draft.origin("byline", place, confidence=confidence)
            break
    else:
        draft.byline = tuple(organisations[:1])
        draft.origin("byline", first[0], confidence=first[1])
    draft.agencies = tuple({name.casefold(): name for name in reversed(organisations)}.values())[::-1]


def _stated(place: str, root: HtmlElement, lines: list[Line], meta: PageMeta, headline: str) -> list[str]:
    if place == "page:rel-author":
        return _elements(root)
    if place in ("page:byline-element", "page:byline-line"):
        return _near_headline(lines, headline, marked=place == "page:byline-element")
    return [
        name
        for name, known in meta.authors
        if (known == place or (place == "page:meta" and known.startswith("page:meta")))
        and not name.startswith(("http", "@", "/"))
    ]


def _elements(root: HtmlElement) -> list[str]:
    """The short texts of elements that HTML itself says are the author's, outside of comments."""
    found: list[str] = []
    for element in root.xpath(
        "//*[contains(concat(' ',@rel,' '),' author ') or contains(concat(' ',@itemprop,' '),' author ')]"
    )[:12]:
        above = " ".join(
            f"{parent.get('class') or ''} {parent.get('id') or ''}"
            for parent in element.iterancestors()
            if parent.tag not in ("body", "html")
        )
        named = element.xpath(".//*[contains(concat(' ',@itemprop,' '),' name ')]")
        text = one_line(str((named[0] if named else element).text_content())[:300])
        if 2 < len(text) < 80 and not _COMMENTS.search(above) and element.tag not in ("link", "meta"):
            found.append(text)
    people = [text for text in found if looks_like_person(_LABEL.sub("", text)) or len(text.split()) == 1]
    return list(dict.fromkeys(people))[:5]


_COMMENTS = re.compile(r"comment|related|recommend|footer|sidebar|reply|teaser|card-list", re.IGNORECASE)


def _near_headline(lines: list[Line], headline: str, *, marked: bool) -> list[str]:
    """Names in lines near the headline that are marked as an author's, or that say "By"."""
    for line in head_lines(lines, headline):
        if len(line.text) > _LONGEST or line.level:
            continue
        labelled = _LABEL.match(line.text) or _LABEL_INSIDE.search(line.text)
        if not (labelled or (marked and _AUTHOR_MARKS.search(line.marks))):
            continue
        text = _END.sub("", line.text[labelled.end() if labelled else 0 :])
        text = _MONTH_TAIL.sub("", text).strip(" ,;|-–—:")
        parts = [part for part in re.split(r"\s*(?:,|\sand\s|\s&\s|\sund\s|\set\s|\sy\s|\sи\s|\sو)\s*", text) if part]
        if parts and looks_like_person(parts[0]) and len(text) < 100:
            return [text]
    return []
