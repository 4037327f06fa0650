"""Every date that a page states, with the place it stands in and the weight of that place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from masthead.core.dates import Order
from masthead.core.extract.date_order import has_numeric_date, order_of_page
from masthead.core.extract.datelines import SeenDate, seen_dates
from masthead.core.extract.page_meta import PageMeta
from masthead.core.extract.page_state import state_dates
from masthead.core.extract.visible import Line
from masthead.core.month_names import month_number
from masthead.core.repair.date_weights import WEIGHTS, weight_of
from masthead.core.repair.dates import Parts, value_text
from masthead.core.repair.dates_of_page import read_stated

_URL_DAY = re.compile(r"(?:/|^)((?:19|20)\d\d)[/-]?(0?[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_URL_NAMED_DAY = re.compile(r"/((?:19|20)\d\d)/([^\W\d_]{3,10})/(0?[1-9]|[12]\d|3[01])(?=/|$)")
_URL_MONTH = re.compile(r"(?:/|^)((?:19|20)\d\d)/(0?[1-9]|1[0-2])(?=/)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A date that one place on a page states; `kind` is a key of `WEIGHTS` or begins with one."""

    parts: Parts
    raw: str
    kind: str
    weight: float


@dataclass(frozen=True, slots=True)
class PageDates:
    """All that a page says of its dates."""

    published: list[Claim]
    modified: list[Claim]


def claims_of(
    root: HtmlElement, lines: list[Line], meta: PageMeta, headline: str, url: str, order: Order | None
) -> PageDates:
    """Every date that a page states, with its weight."""
    published: list[Claim] = []
    modified: list[Claim] = []
    for raw, place in meta.published:
        if parts := read_stated(raw, order):
            published.append(Claim(parts, raw, place, weight_of(place)))
    for raw, place in meta.modified:
        if parts := read_stated(raw, order):
            modified.append(Claim(parts, raw, place, weight_of(place)))
    address = _from_address(url)
    visible = seen_dates(lines, headline, order)
    if has_numeric_date(lines):
        certain = [seen.parts for seen in visible if not seen.assumed] + ([address.parts] if address else [])
        if own := order_of_page(lines, {(day.year, day.month or 0, day.day or 0) for day in certain}):
            visible = seen_dates(lines, headline, own, sure=True)
    for seen in visible:
        claim = _seen_claim(seen)
        if claim is not None:
            (modified if seen.role == "modified" else published).append(claim)
    if len({value_text(seen.parts)[:10] for seen in visible}) == 1:
        published += [
            Claim(seen.parts, seen.text, "visible:only", WEIGHTS["visible:only"])
            for seen in visible[:1]
            if not seen.role and seen.zone == "body" and seen.alone and seen.marked and not seen.assumed
        ]
    for raw in state_dates(root, headline, url):
        if parts := read_stated(raw):
            published.append(Claim(parts, raw, "page:script", WEIGHTS["page:script"]))
    if address is not None:
        published.append(address)
    for kind in ("visible:published-below", "visible:byline", "page:microdata"):
        published = _without_lists(published, kind)
    return PageDates(published, modified)


def _without_lists(claims: list[Claim], kind: str) -> list[Claim]:
    """Without claims of a kind that name several days: these are of a list of other reports."""
    days = {value_text(claim.parts)[:10] for claim in claims if claim.kind == kind}
    return claims if len(days) < 2 else [claim for claim in claims if claim.kind != kind]


def _seen_claim(seen: SeenDate) -> Claim | None:
    if seen.role == "other" or (seen.zone == "around" and not seen.role):
        return None
    if seen.role:
        kind = f"visible:{seen.role}" if seen.zone in ("head", "beside") else f"visible:{seen.role}-below"
    elif seen.wired:
        kind = "visible:dateline"
    elif seen.zone == "beside":
        kind = "visible:beside"
    elif seen.zone == "body" and seen.signed:
        kind = "visible:byline"
    elif seen.zone == "body":
        kind = "visible:body"
    elif not seen.alone:
        kind = "visible:sentence"
    else:
        kind = "visible:head-marked" if seen.marked else "visible:head"
    if seen.assumed:
        kind = "visible:published-below" if seen.role == "published" and seen.zone == "head" else "visible:assumed"
    return Claim(seen.parts, seen.text, kind, WEIGHTS[kind])


def _from_address(url: str) -> Claim | None:
    path = re.sub(r"^https?://[^/]+", "", url).partition("?")[0]
    if (found := _URL_NAMED_DAY.search(path)) is not None and (month := month_number(found[2])) is not None:
        parts = read_stated(f"{found[1]}-{month:02d}-{int(found[3]):02d}")
        return Claim(parts, found[0].strip("/"), "url:day", WEIGHTS["url:day"]) if parts else None
    for form, kind in ((_URL_DAY, "url:day"), (_URL_MONTH, "url:month")):
        if (found := form.search(path)) is not None:
            parts = read_stated("-".join(f"{int(number):02d}" for number in found.groups()))
            return Claim(parts, found[0].strip("/"), kind, WEIGHTS[kind]) if parts else None
    return None
