"""Dates written out in words, whole or with a piece cut off, as posting services and page headers leave them."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from masthead.core.dates import read
from masthead.core.repair.calendar_words import MONTHS, WEEKDAYS
from masthead.core.repair.dates import Parts, build, in_calendar, judged, read_iso
from masthead.core.repair.dates_of_page import to_parts
from masthead.core.repair.draft import Draft
from masthead.core.repair.witnesses import Witness, witnesses_of
from masthead.core.types import Block, Evidence

_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAYS = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_TIME = (
    r"(?:\s*(?:,|at|um|a las|à|в|kl\.?|\||–|-|الساعة|على الساعة)?\s*(?P<hour>[01]?\d"
    r"|2[0-3])(?:[:.h](?P<minute>[0-5]\d))(?::(?P<second>[0-5]\d))?"
    r"\s*(?P<half>[ap]\.?\s?m\.?|ص|م)?(?:\s*(?:uhr|h))?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = rf"(?:(?:{_DAYS}|(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)\.?)\s*[,،]?\s+)?"
_FORMS = tuple(
    re.compile(rf"^\s*{form}{_TIME}\s*\.?\s*$", re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}(?P<month>{_NAMES})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{{4}})",
        (
            rf"{_WEEKDAY}(?:(?:der|le|el|den|am)\s+)?(?P<day>\d{{1,2}})(?:er|\.|º|st|nd|rd|th)?\s+(?:de\s+"
            rf"|of\s+)?(?P<month>{_NAMES})\.?,?\s*(?:de\s+|del\s+)?(?P<year>\d{{4}})(?:\s*(?:г\.?|года))?"
        ),
        rf"{_WEEKDAY}(?P<month>{_NAMES})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?",
        r"(?P<piece>[^\W\d_]{1,8}\.?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s*,\s*(?P<year>\d{4})",
        r"(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})",
        r"(?P<day>1[3-9]|2\d|3[01])[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
    )
)
# What is left of a date where the day was cut off too.
_REST = re.compile(
    r"^[\s,]*(?:(?P<year>(?:19|20)\d\d)\b)?"
    r"(?:(?:^|[\s,]+)(?:at|um|a las|à|в|الساعة)?\s*\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?)?\s*$",
    re.IGNORECASE,
)
# A report follows its pictures and the days that it names by no more than this.
_NEAR = 21


@dataclass(frozen=True, slots=True)
class Partial:
    """A date of which the year or the month may have been cut off."""

    year: int | None
    month: int | None
    day: int
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset: int | None = None
    # The end of the month's name where the cut went through it: "ember", "uary".
    piece: str = ""

    def filled(self, year: int, month: int) -> Parts | None:
        """The date with what was cut put in; None when there is no such day."""
        parts = Parts(year, month, self.day, self.hour, self.minute, self.second, self.offset)
        return parts if in_calendar(parts) else None


def read_partial(text: str) -> Partial | None:
    """A line that is nothing but a date, in six languages; None when it is anything else."""
    line = text.strip().strip("()[]|·•–— ")
    if iso := read_iso(line):
        if iso.day is None or iso.month is None:
            return None
        return Partial(iso.year, iso.month, iso.day, iso.hour, iso.minute, iso.second, iso.offset)
    whole = read(line)
    if whole is not None and (parts := to_parts(whole)) is not None:
        # A month or a year alone says too little to be told from a heading.
        return None if parts.day is None else Partial(*astuple(parts))
    for form in _FORMS:
        if found := form.match(line):
            return _from_match(found)
    return None


def _from_match(found: re.Match[str]) -> Partial | None:
    groups = found.groupdict()
    month = groups.get("month")
    number = None if not month else int(month) if month.isdigit() else MONTHS[month.lower()]
    year = int(groups["year"]) if groups.get("year") else None
    hour = int(groups["hour"]) if groups.get("hour") else None
    half = (groups.get("half") or "").lower()
    if hour is not None and half:
        if hour > 12:
            half = ""
        elif half[0] in "pم":
            hour = hour % 12 + 12
        else:
            hour %= 12
    minute = int(groups["minute"]) if groups.get("minute") else None
    second = int(groups["second"]) if groups.get("second") else None
    zone = groups.get("zone")
    offset = None
    if zone:
        offset = 0 if zone.upper() in ("Z", "UTC", "GMT") else _minutes(zone)
    piece = (groups.get("piece") or "").strip(" .").lower()
    if piece and len(ending := months_ending(piece)) < 2:
        if not ending:
            return None
        number = ending[0]
    partial = Partial(year, number, int(groups["day"]), hour, minute, second, offset, piece)
    return partial if partial.filled(year or 2000, number or 1) else None


def months_ending(piece: str) -> list[int]:
    """The numbers of the months whose name ends with `piece`, in any of the languages."""
    return sorted({number for name, number in MONTHS.items() if name.endswith(piece)})


def year_of_cut(text: str) -> tuple[bool, int | None]:
    """(whether a line is what a cut left of a date: year and time, or the time alone; its year)."""
    found = _REST.match(text)
    return (True, int(found["year"]) if found["year"] else None) if found else (False, None)


def _minutes(zone: str) -> int:
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def settle_partial(partial: Partial, raw: str, blocks: list[Block], draft: Draft, seen: datetime) -> None:
    """Set `draft.published` from a date in the text; what is missing of it is concluded from evidence or stays out."""
    if partial.year is not None and partial.month is not None:
        parts = partial.filled(partial.year, partial.month)
        if parts is not None and partial.piece:
            _set_month_of_piece(partial, parts, raw, draft)
        elif parts is not None:
            draft.published = judged(parts, raw, "published", seen, draft, (Evidence("text", raw, ""),))
            draft.origin("published", "text:tail", confidence=0.9)
        return
    ranked = sorted(_candidates(partial, witnesses_of(blocks, seen), seen), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < 0.4 or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.2):
        leave_cut(partial.year, raw, draft)
        return
    weight, parts, used = ranked[0]
    missing = "month" if partial.month is None else "year"
    evidence = tuple(Evidence(witness.kind, witness.text, witness.says) for witness in used)
    confidence = min(0.95, 0.5 + weight / 2)
    draft.published = build(parts, raw, method="inferred", confidence=confidence, evidence=evidence)
    draft.origin("published", "text:tail", method="inferred", confidence=confidence, evidence=evidence)
    reasons = "; ".join(f"{witness.kind} {witness.text}" for witness in used)
    draft.mend(
        "cut-date",
        "published",
        raw,
        draft.published.value,
        f"The {missing} had been cut off; it was concluded from {reasons}. Day and time are as stated.",
    )


def _set_month_of_piece(partial: Partial, parts: Parts, raw: str, draft: Draft) -> None:
    """The month's name was cut, and only one name ends so."""
    evidence = (Evidence("text", raw, f"{parts.year:04d}-{parts.month:02d}"),)
    draft.published = build(parts, raw, method="inferred", confidence=0.9, evidence=evidence)
    draft.origin("published", "text:tail", method="inferred", confidence=0.9, evidence=evidence)
    draft.mend(
        "cut-date",
        "published",
        raw,
        draft.published.value,
        f"The month had been cut off; it was concluded from {partial.piece}, its last letters."
        " Day and time are as stated.",
    )


def _candidates(partial: Partial, witnesses: list[Witness], seen: datetime) -> list[tuple[float, Parts, list[Witness]]]:
    """Every way to fill in what is missing, with the weight of the evidence for it."""
    years = [partial.year] if partial.year else sorted({witness.first.year for witness in witnesses if witness.first})
    months = [partial.month] if partial.month else months_ending(partial.piece)
    found = []
    for year in years:
        for month in months:
            parts = partial.filled(year, month)
            if parts is None:
                continue
            day = datetime(year, month, partial.day, tzinfo=seen.tzinfo)
            if day > seen + timedelta(days=1):
                continue
            used = [witness for witness in witnesses if witness.supports(day.date(), _NEAR)]
            strong = [witness.weight for witness in used if witness.first is not None]
            weak = [witness.weight for witness in used if witness.first is None]
            # Two witnesses of one kind are not twice as sure; weekdays alone never settle a month.
            weight = sum(sorted(set(strong), reverse=True)[:3]) + (min(sum(weak), 0.2) if strong else 0.0)
            if weight:
                found.append((weight, parts, used))
    return found


def leave_cut(year: int | None, raw: str, draft: Draft) -> None:
    """Nothing tells the missing part: only what is stated before it is kept (the year, or nothing)."""
    if year is not None:
        draft.published = build(Parts(year), raw, confidence=0.6, evidence=(Evidence("text", raw, str(year)),))
        draft.origin("published", "text:tail", confidence=0.6)
    draft.warn(f"Part of the date had been cut off and could not be concluded: {raw}")
