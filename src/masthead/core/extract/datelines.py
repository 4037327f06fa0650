"""Dates that a reader sees on a page: where they stand, and whether a label says what they are of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from masthead.core.dates import Order, read
from masthead.core.extract.date_forms import (
    BARE_LABEL,
    BEFORE,
    BEHIND_DATELINE,
    CLOCK,
    DATE,
    DATE_MARKS,
    IS_MODIFIED,
    IS_OTHER,
    MAYBE,
    MODIFIED_MARKS,
    OF_EVENTS,
    OF_PICTURE,
    ONLY_LABEL,
    PLACE,
    SIGNED,
)
from masthead.core.extract.visible import Line
from masthead.core.repair.dates import Parts
from masthead.core.repair.dates_of_page import read_stated, to_parts

Role = Literal["published", "modified", "other", ""]
Zone = Literal["head", "beside", "body", "around"]
_ZONES = ("head", "beside", "body", "around")

_LONG_TEXT = 180  # from here on a line is a paragraph of the report
_MOST_WORDS = 16  # a dateline has few other words; a sentence that names a day has more
_FEW_WORDS = 6
_SHORT_BEFORE = 60  # characters of a sentence before a date whose label it is: "This report was first published on"
_BETWEEN = 40  # characters between a date with its time and the date of the change
_HEAD_BEFORE, _HEAD_AFTER = 12, 40


@dataclass(frozen=True, slots=True)
class SeenDate:
    """A date on the page. `role`: what its label says. `zone`: "head" near the headline, "beside" near it in a block
    that is not the article's, "body" below, "around" in what is not the article. `marked`: its element is named as a
    date's. `alone`: few words stand with it. `assumed`: which number is the day is by language. `wired`: it stands in
    the place and date that a report by wire begins with. `signed`: the author stands before it."""

    parts: Parts
    text: str
    role: Role
    zone: Zone
    marked: bool
    alone: bool = True
    assumed: bool = False
    wired: bool = False
    signed: bool = False


def seen_dates(lines: list[Line], headline: str, order: Order | None, *, sure: bool = False) -> list[SeenDate]:
    """The dates in short lines of a page, from top to bottom, those near the headline first.

    `sure`: the `order` is that of the page's own dates, and not concluded from its language.
    """
    tops = _headings(lines, headline)
    above = () if tops else _before_text(lines)
    # Blocks that hold the headline are the article's, whatever they are called.
    own = frozenset().union(*(lines[top].around for top in tops)) if tops else frozenset[int]()
    near = {index for top in tops for index in range(top - _HEAD_BEFORE, _head_end(lines, top) + 1)} | set(above)
    found: list[SeenDate] = []
    for index, line in enumerate(lines):
        around = bool(line.around - own)
        zone: Zone = ("beside" if around else "head") if index in near else ("around" if around else "body")
        if zone == "beside" and (not tops or OF_EVENTS.search(line.marks)):
            zone = "around"
        found += _in_line(line, lines[index - 1].text if index else "", zone, order)
    if sure:
        found = [replace(date, assumed=False) for date in found]
    return sorted(found, key=lambda date: _ZONES.index(date.zone))


def head_lines(lines: list[Line], headline: str) -> list[Line]:
    """The lines near the headline that are the article's own: those behind it first."""
    tops = _headings(lines, headline)
    own = frozenset().union(*(lines[top].around for top in tops)) if tops else frozenset[int]()
    behind = [index for top in tops for index in range(top + 1, min(len(lines), _head_end(lines, top) + 1))]
    ahead = [index for top in tops for index in range(max(0, top - _HEAD_BEFORE), top)]
    return [lines[index] for index in dict.fromkeys(behind + ahead) if not lines[index].around - own]


def _headings(lines: list[Line], headline: str) -> list[int]:
    """The lines that are the headline: headings with its words, else headings of level 1, else lines with its words."""
    wanted = _folded(headline)
    begun = [
        index for index, line in enumerate(lines) if len(wanted) > 8 and _folded(line.text[:200])[:30] == wanted[:30]
    ]
    same = [index for index in begun if lines[index].level]
    first = [index for index, line in enumerate(lines) if line.level == 1]
    clear = [index for index in same if not lines[index].around]
    return (clear or same or first or begun)[:2]


def _before_text(lines: list[Line]) -> range:
    """Where no line is the headline (it may be a picture): those before the first paragraph."""
    first = next((at for at, line in enumerate(lines) if len(line.text) >= _LONG_TEXT and not line.around), 0)
    return range(max(0, first - _HEAD_BEFORE), first)


def _head_end(lines: list[Line], top: int) -> int:
    paragraphs = 0
    for index in range(top + 1, min(len(lines), top + _HEAD_AFTER)):
        paragraphs += len(lines[index].text) >= _LONG_TEXT
        if paragraphs == 2:  # the first may be the standfirst
            return index
    return min(len(lines), top + _HEAD_AFTER)


def _in_line(line: Line, above: str, zone: Zone, order: Order | None) -> list[SeenDate]:
    stated_in_words = MAYBE.search(line.text) is not None
    if not line.times and not stated_in_words:
        return []
    found: list[SeenDate] = []
    marked = DATE_MARKS.search(line.marks) is not None
    for place, stated in line.times[:3]:
        if (parts := read_stated(stated, order)) is not None and parts.day is not None:
            role = _role(line, line.text[:place], above, zone)
            found.append(SeenDate(parts, stated, role, zone, True, _alone(line.text[:place])))
    spans = list(islice(DATE.finditer(line.text[:600]), 4)) if stated_in_words else []
    if not spans:
        return found
    rest = DATE.sub(" ", line.text[:600])
    sentence = len(rest.split()) > _MOST_WORDS
    for number, span in enumerate(spans):
        before = line.text[: span.start()]
        labelled = BEFORE.search(before[-60:])
        wired = zone == "head" and _is_wired(line.text, span)
        if sentence and not wired and not (labelled and len(before) < _SHORT_BEFORE):
            continue
        date, text = _read_span(line.text, span, order)
        if date is None or any(date == known.parts for known in found):
            continue
        assumed = order is not None and _read_span(line.text, span, None)[0] is None
        role = _role(line, before, above, zone)
        if not role and _change_follows(line.text, spans, number):
            role = "published"
        signed = SIGNED.match(before if before.strip() else above[:80]) is not None
        found.append(SeenDate(date, text, role, zone, marked, _alone(before), assumed, wired, signed))
    return found


def _is_wired(text: str, span: re.Match[str]) -> bool:
    """Whether a line begins with a place, this date, and a dash or agency: the first words of a report by wire."""
    place = text[: span.start()]
    return _alone(place) and PLACE.match(place) is not None and BEHIND_DATELINE.match(text, span.end()) is not None


def _change_follows(text: str, spans: list[re.Match[str]], number: int) -> bool:
    """Whether "Updated:" and another date stand right behind this one, which is then the first: of publication."""
    if number + 1 >= len(spans):
        return False
    between = text[spans[number].end() : spans[number + 1].start()]
    label = BEFORE.search(between) if len(between) <= _BETWEEN else None
    return label is not None and IS_MODIFIED.search(label["label"]) is not None


def _alone(before: str) -> bool:
    """Whether no more stands before a date than names and labels; a sentence about another day has more."""
    return len(before.split()) <= _FEW_WORDS


def _role(line: Line, before: str, above: str, zone: Zone) -> Role:
    label = BEFORE.search(before[-60:]) or (ONLY_LABEL.match(above) if not before.strip(" |·•-–—:") else None)
    if label is not None and IS_OTHER.search(label["label"]):
        return "other"
    if label is not None and zone in ("body", "around") and BARE_LABEL.match(label["label"]):
        return "other"
    if label is not None:
        return "modified" if IS_MODIFIED.search(label["label"]) else "published"
    if OF_PICTURE.match(line.text):
        return "other"
    return "modified" if MODIFIED_MARKS.search(line.marks) and not before.strip() else ""


def _read_span(text: str, span: re.Match[str], order: Order | None) -> tuple[Parts | None, str]:
    """The date that a span is, with the time behind it where one stands there."""
    clock = CLOCK.match(text, span.end())
    for end in ([clock.end()] if clock else []) + [span.end()]:
        words = text[span.start() : end]
        if (date := read(words, order)) is not None and (parts := to_parts(date)) is not None and parts.day:
            return parts, words
    return None, ""


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
