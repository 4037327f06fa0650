"""Where a part of a report was taken from, and what speaks for a date, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from masthead.core.types import Evidence, Provenance
from masthead.site import words
from masthead.site.tell.fields import FIELDS, field

# By the whole origin, else by what it begins with: "page:meta:og:title" is told as "page:meta".
ORIGINS = {
    "feed": _("the publisher's feed"),
    "feed:title": _("the headline in the publisher's feed"),
    "feed:author": _("the author named in the publisher's feed"),
    "feed:content": _("the text in the publisher's feed"),
    "feed:summary": _("the summary in the publisher's feed"),
    "feed:link": _("the link in the publisher's feed"),
    "feed:published": _("the date in the publisher's feed"),
    "feed:modified": _("the date of change in the publisher's feed"),
    "feed:source": _("the source that the publisher's feed names for this report"),
    "feed:channel": _("the name of the publisher's feed"),
    "feed:language": _("the language of the publisher's feed"),
    "feed:item-language": _("the language that the publisher's feed states for this report"),
    "feed:media": _("a picture sent along in the publisher's feed"),
    "feed:license": _("the licence in the publisher's feed"),
    "page": _("the publisher's page"),
    "page:body": _("the text on the publisher's page"),
    "page:json-ld": _("what the publisher's page tells search engines"),
    "page:script": _("the data behind the publisher's page"),
    "page:created": _("the day on which the publisher's page was made"),
    "page:microdata": _("a part that the publisher's page marks for search engines"),
    "page:meta": _("the particulars in the head of the publisher's page"),
    "page:description": _("the summary on the publisher's page"),
    "page:h1": _("the headline on the publisher's page"),
    "page:heading": _("the headline on the publisher's page"),
    "page:heading-home": _("the name that the publisher's page gives its site"),
    "page:title-element": _("the title of the publisher's page"),
    "page:site-name": _("the name that the publisher's page gives its site"),
    "page:link-canonical": _("the address that the publisher's page calls its own"),
    "page:link-license": _("the licence that the publisher's page links to"),
    "page:url": _("the address of the publisher's page"),
    "page:language": _("the language that the publisher's page states"),
    "page:html-lang": _("the language that the publisher's page states"),
    "page:image": _("the picture that the publisher's page names for this report"),
    "page:byline-element": _("the line with the author on the publisher's page"),
    "page:byline-line": _("the line with the author on the publisher's page"),
    "page:rel-author": _("a link to the author on the publisher's page"),
    "page:time": _("a date marked on the publisher's page"),
    "page:data-pubdate": _("a date marked on the publisher's page"),
    "visible": _("a date that readers see on the publisher's page"),
    "visible:modified": _("a date of change that readers see on the publisher's page"),
    "text": _("the text itself"),
    "text:first-paragraph": _("the first paragraph of the text"),
    "text:first-words": _("the first words of the text"),
    "text:first-line": _("the first line of the text"),
    "text:byline": _("a line in the text that names the author"),
    "text:tail": _("the lines under the text"),
    "text:appeared-first-on": _("a line that said where the report appeared first"),
    "text:continue-reading": _("the link for reading on"),
    "text:cards": _("pointers that stood in the text"),
    "text:quotes": _("the quotation marks in the text"),
    "body": _("the text itself"),
    "body:first-figure": _("the first picture in the text"),
    "source": _("what this site knows of the publisher"),
    "given": _("what was entered with the text"),
    "url": _("the address of the report"),
    "clock": _("our clock when we first saw it"),
    "first-seen": _("our clock when we first saw it"),
    "editor": _("an editor of this site"),
    "none": _("not stated"),
}

EVIDENCE = {
    "image-path": _("the address of a picture"),
    "image-name": _("the name of a picture's file"),
    "image-object-id": _("the number of a picture, which holds the time it was made"),
    "image-made-at": _("the name of a picture's file, which holds the time it was made"),
    "link-path": _("the address of a link"),
    "link-name": _("the name of a linked file"),
    "link-object-id": _("the number of a linked page, which holds the time it was made"),
    "link-made-at": _("the name of a linked file, which holds the time it was made"),
    "weekday": _("a weekday in the text"),
    "first-seen": _("we first saw it on"),
}

ZONE_IS_WRONG = _("so the time zone stated must be wrong")

# Missing, these are no news to a reader.
_MINOR = frozenset(("modified", "license", "short_links", "quotes", "related", "categories", "images", "standfirst"))
_DATE = re.compile(r"(?<!\d)(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!\d)")
_NO_MORE = re.compile(r"[\d.:TZ+\-\s]*|made on \w+ [\d-]+")


@dataclass(frozen=True, slots=True)
class OriginTold:
    """A line of the table of origins. `sure` is None where there is nothing to be sure of."""

    field: str
    words: str
    inferred: bool
    sure: float | None


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """An observation in words. `language` is that of `label`, "" for the page's. `supports` may be empty."""

    label: str
    text: str
    supports: str
    language: str = ""


def known(table: Mapping[str, object], value: str) -> str:
    """The words of a table for a name, or for the longest part that it begins with; "" where there are none."""
    while value:
        if value in table:
            return str(table[value])
        head, mark, _tail = value.rpartition(":")
        value = head if mark else ""
    return ""


def origin(value: str) -> str:
    """A `Provenance.origin` in words; a place that has none is told by what it is part of, never by its name."""
    stem = re.sub(r"-(?:itemprop|pubdate|site|page|created|organi[sz]ation)$", "", value)
    return known(ORIGINS, value) or known(ORIGINS, stem) or str(ORIGINS["none"])


def origins(provenance: Mapping[str, Provenance]) -> list[OriginTold]:
    """The table of origins; what is missing is named only where a reader would look for it."""
    order = {name: place for place, name in enumerate(FIELDS)}
    rows = [(name, p) for name, p in provenance.items() if p.origin != "none" or name not in _MINOR]
    rows.sort(key=lambda row: order.get(row[0], len(order)))
    return [
        OriginTold(field(name), origin(p.origin), p.method == "inferred", None if p.origin == "none" else p.confidence)
        for name, p in rows
    ]


def evidence(items: Iterable[Evidence], language: str) -> list[EvidenceTold]:
    """What speaks for a date, each observation with what it supports."""
    return [_evidence(item, language) for item in items]


def _evidence(item: Evidence, language: str) -> EvidenceTold:
    label = known(EVIDENCE, item.kind) or known(ORIGINS, item.kind)
    supports = ""
    if item.supports == "zone is wrong":
        supports = str(ZONE_IS_WRONG)
    elif _NO_MORE.fullmatch(item.supports) and item.supports != item.text:
        supports = _date(item.supports, language)
    text = item.text
    if item.kind == "first-seen":
        text = _instant(text, language)
    if label:
        return EvidenceTold(label, text, supports)
    return EvidenceTold(item.kind.replace("-", " ").replace(":", " "), text, supports, "en")


def _instant(value: str, language: str) -> str:
    try:
        return words.instant(datetime.fromisoformat(value), language)
    except ValueError:
        return value


def _date(value: str, language: str) -> str:
    """The date in a piece of evidence, in words, as far as it goes."""
    found = _DATE.search(value)
    if found is None:
        return ""
    year, month, day = found.groups()
    try:
        if day:
            return words.full_date(date(int(year), int(month), int(day)), language)
        return words.month_name(date(int(year), int(month), 1), language) if month else str(year)
    except ValueError:
        return ""
