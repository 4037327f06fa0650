"""Dates that a reader sees on a page: where they stand, and whether a label says what they are of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from masthead.core.dates import Order, read
from masthead.core.extract.visible import Line
from masthead.core.repair.dates import Parts
from masthead.core.repair.dates_of_page import MODIFIED, PUBLISHED, read_stated, to_parts

Role = Literal["published", "modified", ""]
Zone = Literal["head", "beside", "body", "around"]
_ZONES = ("head", "beside", "body", "around")

_NAME = r"[^\W\d_]{3,12}\.?"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?"
_FORMS = "|".join(
    (
        rf"{_YEAR}\s?[-/.年년]\s?\d{{1,2}}\s?[-/.月월]\s?\d{{1,2}}\s?[日일]?"
        r"(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)",
        rf"{_NAME}\s+{_DAY},?\s+{_YEAR}(?!\d)",
        rf"{_DAY}[\s\-]*(?:de\s+|of\s+)?(?:كانون\s|تشرين\s)?{_NAME},?[\s\-]+(?:de\s+|del\s+)?{_YEAR}(?!\d)",
        rf"{_YEAR}\s+{_NAME}\s+{_DAY}(?!\d)",
        r"\d{1,2}([./-])\s?\d{1,2}\1\s?(?:(?:19|20)\d\d|\d\d)(?![\d./-]*\d)",
    )
)
_DATE = re.compile(rf"(?<![\w./-])(?:{_FORMS})", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:\s*(?:г\.|года))?[\s,|·•–—\-/]{0,4}(?:(?:at|um|à|a las|в|kl\.?|klo|الساعة|alle|ore|om|o)\s+)?"
    r"(?:오전|오후|午前|午後|上午|下午)?\s*\d{1,2}(?:[:.h時시]\s?\d{2}|\s?(?:[ap]\.?m|uhr))(?::\d{2})?(?:분|分)?(?:\s*[ap]\.?\s?m\b\.?)?(?:\s*uhr|\s*h\b)?"
    r"(?:\s*\(?(?:[A-Z]{2,5}|(?:GMT|UTC)?\s?[+\-]\d{1,2}(?::?\d{2})?)\)?(?!\w))?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?:^|\W)(?P<label>{PUBLISHED}|{MODIFIED})(?:\W+(?:on|at|am|el|le|il|den|em|by|в|في|del?))?(?:\s+the)?\W*$",
    re.IGNORECASE,
)
_IS_MODIFIED = re.compile(rf"(?:{MODIFIED})$", re.IGNORECASE)
_ONLY_LABEL = re.compile(rf"^\W*(?P<label>{PUBLISHED}|{MODIFIED})(?:\s+(?:on|at|am|el|le))?\W*$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_DATE_MARKS = re.compile(r"date|time(?!line)|publi|posted|byline|meta\b|dateline|datum|fecha|info", re.IGNORECASE)
_MODIFIED_MARKS = re.compile(r"modif|updat|revis|chang(?:e|ed)\b|last[_-]?mod", re.IGNORECASE)
_LONG_TEXT = 180  # from here on a line is a paragraph of the report
_MOST_WORDS = 16  # a dateline has few other words; a sentence that names a day has more
_FEW_WORDS = 6
_HEAD_BEFORE, _HEAD_AFTER = 12, 40


@dataclass(frozen=True, slots=True)
class SeenDate:
    """A date on the page. `role`: what its label says. `zone`: "head" near the headline, "beside" near it in a block
    that is not the article's, "body" below, "around" in what is not the article. `marked`: its element is named as a
    date's. `alone`: few words stand with it. `assumed`: which number is the day is by language."""

    parts: Parts
    text: str
    role: Role
    zone: Zone
    marked: bool
    alone: bool = True
    assumed: bool = False


def seen_dates(lines: list[Line], headline: str, order: Order | None) -> list[SeenDate]:
    """The dates in short lines of a page, from top to bottom, those near the headline first."""
    tops = _headings(lines, headline)
    # Blocks that hold the headline are the article's, whatever they are called.
    own = frozenset().union(*(lines[top].around for top in tops)) if tops else frozenset[int]()
    near = {index for top in tops for index in range(top - _HEAD_BEFORE, _head_end(lines, top) + 1)}
    found: list[SeenDate] = []
    for index, line in enumerate(lines):
        around = bool(line.around - own)
        zone: Zone = ("beside" if around else "head") if index in near else ("around" if around else "body")
        found += _in_line(line, lines[index - 1].text if index else "", zone, order)
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


def _head_end(lines: list[Line], top: int) -> int:
    paragraphs = 0
    for index in range(top + 1, min(len(lines), top + _HEAD_AFTER)):
        paragraphs += len(lines[index].text) >= _LONG_TEXT
        if paragraphs == 2:  # the first may be the standfirst
            return index
    return min(len(lines), top + _HEAD_AFTER)


def _in_line(line: Line, above: str, zone: Zone, order: Order | None) -> list[SeenDate]:
    if not line.times and _DIGIT.search(line.text) is None:
        return []
    found: list[SeenDate] = []
    marked = _DATE_MARKS.search(line.marks) is not None
    for place, stated in line.times[:3]:
        if (parts := read_stated(stated, order)) is not None and parts.day is not None:
            role = _role(line, line.text[:place], above)
            found.append(SeenDate(parts, stated, role, zone, True, _alone(line.text[:place])))
    if _DIGIT.search(line.text) is None:
        return found
    spans = list(_DATE.finditer(line.text[:600]))[:4]
    rest = _DATE.sub(" ", line.text[:600])
    sentence = len(rest.split()) > _MOST_WORDS
    for span in spans:
        before = line.text[: span.start()]
        labelled = _BEFORE.search(before[-60:])
        if sentence and not (labelled and len(before) < 40):
            continue
        date, text = _read_span(line.text, span, order)
        if date is None or any(date == known.parts for known in found):
            continue
        assumed = order is not None and _read_span(line.text, span, None)[0] is None
        found.append(SeenDate(date, text, _role(line, before, above), zone, marked, _alone(before), assumed))
    return found


def _alone(before: str) -> bool:
    """Whether no more stands before a date than names and labels; a sentence about another day has more."""
    return len(before.split()) <= _FEW_WORDS


def _role(line: Line, before: str, above: str) -> Role:
    label = _BEFORE.search(before[-60:]) or (_ONLY_LABEL.match(above) if not before.strip(" |·•-–—:") else None)
    if label is not None:
        return "modified" if _IS_MODIFIED.search(label["label"]) else "published"
    return "modified" if _MODIFIED_MARKS.search(line.marks) and not before.strip() else ""


def _read_span(text: str, span: re.Match[str], order: Order | None) -> tuple[Parts | None, str]:
    """The date that a span is, with the time behind it where one stands there."""
    clock = _CLOCK.match(text, span.end())
    for end in ([clock.end()] if clock else []) + [span.end()]:
        words = text[span.start() : end]
        if (date := read(words, order)) is not None and (parts := to_parts(date)) is not None and parts.day:
            return parts, words
    return None, ""


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
