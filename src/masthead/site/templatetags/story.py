"""What the story page needs: its timeline by days, long ones folded, and headlines with their own words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from masthead.pages.story_types import Moment, StoryPage
from masthead.pages.types import Card

register = template.Library()

WHOLE = 30
"""Timelines up to this length are shown whole."""
HEAD, TAIL = 8, 15
IN_RAIL = 2


@dataclass(frozen=True, slots=True)
class Day:
    """What came on one day of the site's zone; `day` None: it is not known on which."""

    day: date | None
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline by days. `middle`: the part that is folded in; `folded`: how many lines that are."""

    head: tuple[Day, ...]
    middle: tuple[Day, ...] = ()
    tail: tuple[Day, ...] = ()
    folded: int = 0


@register.filter
def by_days(moments: Sequence[Moment]) -> Timeline:
    """A timeline as it is shown: the beginning and the newest part, what lies between folded when it is long."""
    if len(moments) <= WHOLE:
        return Timeline(_days(moments))
    middle = moments[HEAD:-TAIL]
    return Timeline(_days(moments[:HEAD]), _days(middle), _days(moments[-TAIL:]), len(middle))


def _days(moments: Iterable[Moment]) -> tuple[Day, ...]:
    found: list[tuple[date | None, list[Moment]]] = []
    for moment in moments:
        day = None if is_vague(moment) else timezone.localtime(moment.at).date()
        if not found or found[-1][0] != day:
            found.append((day, []))
        found[-1][1].append(moment)
    return tuple(Day(day, tuple(of_day)) for day, of_day in found)


@register.filter
def is_vague(moment: Moment) -> bool:
    """Whether only the month or year of a report is known: its place in the order is no day."""
    return moment.kind == "report" and moment.card.published is None and bool(moment.card.precision)


@register.filter
def has_clock(moment: Moment) -> bool:
    """Whether a time of day is known and may be shown."""
    return not is_vague(moment) and (moment.kind != "report" or moment.card.precision != "day")


@register.filter
def marked(title: str, alone: Sequence[str]) -> SafeString:
    """A headline with the words that stand in no other report underlined."""
    if not alone:
        return format_html("{}", title)
    words = "|".join(re.escape(word) for word in sorted(alone, key=len, reverse=True))
    parts = re.split(rf"(?<!\w)({words})(?!\w)", title)
    return format_html_join(
        "", "{}", ((format_html("<u>{}</u>", part) if n % 2 else part,) for n, part in enumerate(parts))
    )


@register.filter
def any_alone(page: StoryPage) -> bool:
    """Whether a headline has words of its own that are marked."""
    return any(moment.alone for moment in page.timeline)


def _others(page: StoryPage) -> tuple[Card, ...]:
    """The pictures besides the one that stands at the top."""
    return tuple(card for card in page.pictures if card.id != page.lead.id)


@register.filter
def rail_pictures(page: StoryPage) -> tuple[Card, ...]:
    """The pictures that stand in the rail."""
    return _others(page)[:IN_RAIL]


@register.filter
def strip_pictures(page: StoryPage) -> tuple[Card, ...]:
    """The pictures for which the rail has no room."""
    return _others(page)[IN_RAIL:]


@register.filter
def beside(page: StoryPage) -> bool:
    """Whether there is anything for the rail of the page."""
    return bool(page.first or page.related or rail_pictures(page))
