"""What the templates of the public pages need: dates in words, addresses, pictures, provenance told plainly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from masthead.core import hosts
from masthead.core.types import ArticleDate
from masthead.core.urls import absolute as web_address
from masthead.pages import addresses
from masthead.pages.types import BlockView, Card, FrontPage, IconView, Picture, Popular, SectionView
from masthead.pages.why import Standing
from masthead.site import grounds, tell, words

register = template.Library()

ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p\b).)*)</p>", re.DOTALL | re.IGNORECASE)
FONTS = {
    "ar": ("naskh-arabic", "display-latin", "sans-latin"),
    "ru": ("display-cyrillic", "serif-cyrillic", "sans-cyrillic"),
    "": ("display-latin", "serif-latin", "sans-latin"),
}
BOLD = re.compile(r"<(?:b|strong)\b")
ITALIC = re.compile(r"<(?:i|em|cite|var)\b")
CC = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/(by(?:-nc)?(?:-(?:nd|sa))?|zero)/(\d\.\d)?")
CODINGS = ("image/avif", "image/webp")
# CSS pixels: up to here the smaller file of an icon is sharp on every screen.
SMALL_ICON = 24

register.filter("full_date", words.full_date)
register.filter("medium_date", words.medium_date)
register.filter("instant", words.instant)
register.filter("month_name", words.month_name)
register.filter("month_alone", words.month_alone)
register.filter("known_part", words.known_part)
register.filter("language_name", words.language_name)
register.filter("country_name", words.country_name)
register.filter("number", words.number)
register.filter("clock", words.clock)
register.filter("origins_told", tell.origins)
register.filter("evidence_told", tell.evidence)
register.filter("repair_told", tell.repair)
register.filter("warning_told", tell.warning)
register.filter("field_words", tell.field)
register.filter("policy_words", tell.policy)
register.filter("reason_words", tell.reason)
register.filter("still_words", words.still_words)
register.filter("told_reasons", tell.reasons)


@register.filter
def told_section(report: Standing) -> str:
    """How the section of a report was found, in words."""
    return tell.section_found(report.origin, report.evidence)


@register.filter
def iso(value: datetime | date) -> str:
    """An instant in the site's zone, or a day, for `<time datetime>`."""
    return (timezone.localtime(value) if isinstance(value, datetime) else value).isoformat()


@register.filter
def machine_date(stated: ArticleDate) -> str:
    """The known part of a date as `<time datetime>` may hold it."""
    return stated.value[:10] if stated.zone is None else stated.value


@register.filter
def parsed(value: str) -> datetime:
    """An ISO 8601 instant of a record as a datetime."""
    return datetime.fromisoformat(value)


@register.filter
def local_day(value: datetime) -> date:
    """The day of an instant in the site's zone."""
    return timezone.localtime(value).date()


@register.filter
def percent(value: float) -> str:
    """0.85 as "85"."""
    return str(round(value * 100))


@register.filter
def in_words(sentence: str) -> str:
    """A sentence of the search or of the pages in the language of the page, where we have it."""
    return gettext(sentence) if sentence else ""


@register.filter
def temperature(value: float, language: str) -> str:
    """A temperature in whole degrees with a true minus sign; never "-0"."""
    whole = round(value) or 0
    return words.number(whole, language).replace("-", "\u2212")


@register.simple_tag
def address(kind: str, *parts: Any, **query: Any) -> str:
    """The path of a page by the name of its function in `pages.addresses`."""
    return str(getattr(addresses, kind)(*parts, **query))


@register.simple_tag
def absolute(path: str) -> str:
    """A path of ours as a whole address."""
    return addresses.absolute(path)


@register.simple_tag(takes_context=True)
def when(context: template.Context, card: Card) -> SafeString:
    """The time of a card: the hour today, else the day; the whole of it in the title."""
    frame, language = context["frame"], context["language"]
    if card.published is None and card.precision:
        return _part_of_date(card, language)
    value = card.published or card.first_seen
    shown = words.list_time(value, frame.now, language, card.precision)
    if card.published is None:
        title = gettext("Date not stated; first seen %(when)s") % {"when": words.instant(value, language)}
    elif card.precision == "day":
        title = words.full_date(value, language)
    else:
        title = words.instant(value, language)
    return format_html('<time datetime="{}" title="{}">{}</time>', iso(value), title, shown)


def _part_of_date(card: Card, language: str) -> SafeString:
    """The month or year of a card of whose date no more is known."""
    day = timezone.localtime(card.at).date()
    shown = words.month_name(day, language) if card.precision == "month" else f"{day:%Y}"
    machine = f"{day:%Y-%m}" if card.precision == "month" else f"{day:%Y}"
    title = gettext("No more is known of the date; first seen %(when)s") % {
        "when": words.instant(card.first_seen, language)
    }
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, title, shown)


@register.simple_tag(takes_context=True)
def how_old(context: template.Context, value: datetime) -> str:
    """How long ago something was: "3 years"."""
    return words.age(value, context["frame"].now, context["language"])


@register.filter
def is_old(value: datetime, now: datetime) -> bool:
    """Whether a reader should be told how old a report is."""
    return now - value >= words.OLD_AFTER


def source_set(picture: Picture, coding: str) -> str:
    """The `srcset` of one coding of a picture: its files by width."""
    files = sorted((f for f in picture.files if f.type == coding), key=lambda f: f.width)
    return ", ".join(f"{file.path} {file.width}w" for file in files)


@register.inclusion_tag("site/parts/picture.html")
def picture(shown: Picture, sizes: str, eager: bool = False, shape: str = "", alt: str = "") -> dict[str, Any]:
    """A picture in all its codings and widths. `eager`: it is the first thing seen; `shape`: "wide" crops to 3:2.

    `alt`: words for a picture that has none of its own.
    """
    if alt and not shown.alt:
        shown = replace(shown, alt=alt)
    best = [(coding, files) for coding in CODINGS if (files := source_set(shown, coding))]
    plain = source_set(shown, "image/jpeg")
    shown_before = grounds.of(shown.colour)
    return {
        "picture": shown, "best": best, "plain": plain, "sizes": sizes, "eager": eager, "shape": shape,
        "ground": shown_before,
    }  # fmt: skip


@register.inclusion_tag("site/parts/preload.html")
def preload_picture(shown: Picture | None, sizes: str) -> dict[str, Any]:
    """Tell the browser early about the largest picture of the page, in the best coding that there is of it."""
    if shown is None:
        return {}
    for coding in (*CODINGS, "image/jpeg"):
        if files := source_set(shown, coding):
            return {"src": shown.src, "files": files, "sizes": sizes, "type": coding}
    return {"src": shown.src}


@register.simple_tag
def icon(shown: IconView | None, side: int = 16, eager: bool = False) -> SafeString:
    """A source's icon, `side` CSS pixels wide and high, before its name, which says it all: decoration.

    Nothing where there is none. `eager`: it is seen at once, without scrolling.
    """
    if shown is None:
        return mark_safe("")
    dense = format_html(' srcset="{} 2x"', shown.large) if side > SMALL_ICON and shown.large != shown.src else ""
    lazy = "" if eager else mark_safe(' loading="lazy"')
    return format_html(
        '<img class="icon" src="{}"{} width="{}" height="{}" alt=""{} decoding="async">',
        shown.src, dense, side, side, lazy,
    )  # fmt: skip


@register.filter
def real_picture(card: Card) -> Picture | None:
    """The card's picture unless it is our own drawing, which is decoration."""
    return card.picture if card.picture and not card.picture.drawn else None


@register.filter
def kicker_on(card: Card, page: object) -> str:
    """The section to name over a card; none on that section's own page."""
    here = getattr(page, "section", None)
    if card.section is None or (isinstance(here, SectionView) and here.slug == card.section.slug):
        return ""
    return card.section.name


@register.filter
def readings(popular: Popular, place: int) -> int:
    """How often the card at a place of the most popular list was read; 0 where that was not counted."""
    return popular.readings[place] if place < len(popular.readings) else 0


@register.filter
def first_n(items: Iterable[Any], count: int) -> list[Any]:
    """The first `count` of a list."""
    return list(items)[:count]


@register.filter
def after_n(items: Iterable[Any], count: int) -> list[Any]:
    """All but the first `count` of a list."""
    return list(items)[count:]


@register.filter
def inner(block: BlockView) -> SafeString:
    """The markup inside a block (sanitised upstream) without a paragraph around the whole, or its text."""
    markup = block.html.strip()
    if not markup:
        return conditional_escape(block.text)
    alone = ONE_PARAGRAPH.fullmatch(markup)
    return mark_safe(alone[1] if alone else markup)


@register.filter
def levelled(blocks: Iterable[BlockView]) -> Iterator[tuple[int, BlockView]]:
    """Each block with the heading level to show it at: no level is skipped below the headline."""
    before = 1
    for block in blocks:
        level = min(max(block.level, 2), before + 1, 4)
        if block.type == "heading":
            before = level
        yield level, block


@register.filter
def tells_more(page: FrontPage) -> bool:
    """Whether the list of most read has something to say: counts, or, falling back to the newest, a report that stands
    nowhere else on the page. On the page of a young or quiet site it would repeat all of it."""
    blocks = (card for block in page.sections for card in block.cards)
    standing = {card.id for card in (page.lead, *page.seconds, *page.briefs, *blocks) if card}
    if not page.popular.fallback:
        return len(standing) > 1
    return any(card.id not in standing for card in page.popular.cards)


@register.filter
def is_address(words: str) -> bool:
    """Whether a licence is stated by its address."""
    return web_address(words) == words


@register.filter
def licence_name(url: str) -> str:
    """A licence as people name it, where its address shows which it is: "CC BY-SA 4.0"; else the address itself."""
    found = CC.search(url)
    if found is None:
        return url
    name = "CC0" if found[1] == "zero" else f"CC {found[1].upper()}"
    return f"{name} {found[2] or ''}".strip()


@register.filter
def host(url: str) -> str:
    """The host of an address, as a reader recognises it."""
    try:
        return hosts.shown((urlsplit(url).hostname or "").removeprefix("www."))
    except ValueError:
        return ""


@register.filter
def fonts_of(language: str) -> list[str]:
    """The files of the faces that a page in this language is set in, to be asked for before the style sheet is read.

    The faces are `font-display: optional`: one that comes too late is left to the next page, and no line ever moves.
    """
    return [f"site/fonts/{name}.woff2" for name in FONTS.get(language, FONTS[""])]


@register.filter
def fonts_within(blocks: Iterable[BlockView], language: str) -> list[str]:
    """The files of the bold and the italic face, where a text uses them."""
    markup = "".join(part for block in blocks for part in (block.html, *block.items))
    script = "cyrillic" if language == "ru" else "latin"
    wanted = [face for face, tags in (("bold", BOLD), ("italic", ITALIC)) if tags.search(markup)]
    return [f"site/fonts/serif-{face}-{script}.woff2" for face in wanted]
