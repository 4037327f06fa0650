"""Dates with what is known of them: value, precision, zone, bounds, confidence, evidence. Never "now".

A date without a zone may lie anywhere from UTC+14 to UTC-12, so its bounds are 26 hours apart (plus its own width).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from masthead.core.repair.draft import Draft
from masthead.core.types import UNKNOWN_SINCE, ArticleDate, DateMethod, Evidence, Precision

_ISO = re.compile(
    r"^\s*(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?\s*(?P<zone>Z|z"
    r"|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?)?)?\s*$"
)
_EASTMOST = timezone(timedelta(hours=14))
_WESTMOST = timezone(timedelta(hours=-12))
# Values that systems write when they know no date: the zero of their clocks.
_ZEROES = frozenset(
    [
        (1970, 1, 1),
        (1969, 12, 31),
        (1601, 1, 1),
        (1600, 12, 31),
        (1899, 12, 30),
        (1899, 12, 31),
        (1900, 1, 1),
        (1904, 1, 1),
        (1980, 1, 1),
    ]
)
EARLIEST_YEAR = int(UNKNOWN_SINCE[:4])
# A clock may be wrong by so much and the date still be meant.
_TOLERANCE = timedelta(minutes=90)
# A local time written with the wrong zone is off by no more than this.
_ZONE_ERROR = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Parts:
    """A date as far as it is stated. What follows the first None is None too, except `offset` (minutes east of UTC)."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset: int | None = None

    @property
    def precision(self) -> Precision:
        names: tuple[Precision, ...] = ("month", "day", "hour", "minute", "second")
        found: Precision = "year"
        for name in names:
            if getattr(self, name) is None:
                return found
            found = name
        return found


def read_iso(text: str) -> Parts | None:
    """An ISO 8601 date or date-time, whole or cut short; None when it is none or not in the calendar."""
    found = _ISO.match(text)
    if found is None:
        return None
    numbers = {
        name: int(found[name]) if found[name] else None for name in ("year", "month", "day", "hour", "minute", "second")
    }
    parts = Parts(numbers["year"] or 0, *(numbers[name] for name in ("month", "day", "hour", "minute", "second")))
    if (zone := found["zone"]) is not None:
        parts = replace(parts, offset=_offset(zone))
    return parts if in_calendar(parts) else None


def _offset(zone: str) -> int:
    if zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def in_calendar(parts: Parts) -> bool:
    """Whether the parts name a day and time that exist."""
    if not 1 <= parts.year <= 9998 or (parts.month is not None and not 1 <= parts.month <= 12):
        return False
    if (
        parts.day is not None
        and parts.month is not None
        and not 1 <= parts.day <= monthrange(parts.year, parts.month)[1]
    ):
        return False
    if parts.offset is not None and abs(parts.offset) > 14 * 60:
        return False
    return (parts.hour or 0) <= 23 and (parts.minute or 0) <= 59 and (parts.second or 0) <= 59


def from_datetime(moment: datetime) -> Parts:
    """An instant with its zone, to the second."""
    offset = moment.utcoffset()
    minutes = None if offset is None else int(offset.total_seconds() // 60)
    return Parts(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, minutes)


def bounds(parts: Parts) -> tuple[datetime, datetime]:
    """The instants (UTC) between which the date must lie."""
    zone = None if parts.offset is None else timezone(timedelta(minutes=parts.offset))
    first = datetime(parts.year, parts.month or 1, parts.day or 1, parts.hour or 0, parts.minute or 0, tzinfo=UTC)
    first = first.replace(second=parts.second or 0)
    if parts.month is None:
        last = first.replace(month=12, day=31, hour=23, minute=59, second=59)
    elif parts.day is None:
        last = first.replace(day=monthrange(parts.year, parts.month)[1], hour=23, minute=59, second=59)
    elif parts.hour is None:
        last = first.replace(hour=23, minute=59, second=59)
    elif parts.minute is None:
        last = first.replace(minute=59, second=59)
    else:
        # To the minute: the value stands for its first instant, as clocks are read.
        last = first
    return (
        first.replace(tzinfo=zone or _EASTMOST).astimezone(UTC),
        last.replace(tzinfo=zone or _WESTMOST).astimezone(UTC),
    )


def stamp(moment: datetime) -> str:
    """An instant in UTC as ISO 8601 with "Z": to the minute where the seconds are zero."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds" if moment.second else "minutes") + "Z"


def zone_text(offset: int | None) -> str | None:
    """An offset in minutes as "Z" or "+03:00"; None when unknown."""
    if offset is None:
        return None
    if offset == 0:
        return "Z"
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}"


def value_text(parts: Parts) -> str:
    """The parts as ISO 8601, cut to their precision."""
    text = f"{parts.year:04d}"
    for number, mark in (
        (parts.month, "-"),
        (parts.day, "-"),
        (parts.hour, "T"),
        (parts.minute, ":"),
        (parts.second, ":"),
    ):
        if number is None:
            break
        text += f"{mark}{number:02d}"
    if parts.hour is not None and parts.minute is None:
        return text
    return text + (zone_text(parts.offset) or "") if parts.hour is not None else text


def build(
    parts: Parts,
    raw: str,
    *,
    method: DateMethod = "stated",
    confidence: float = 1.0,
    evidence: tuple[Evidence, ...] = (),
) -> ArticleDate:
    """The record of a date."""
    earliest, latest = bounds(parts)
    zone = zone_text(parts.offset) if parts.hour is not None else None
    return ArticleDate(
        value_text(parts),
        parts.precision,
        zone,
        stamp(earliest),
        stamp(latest),
        raw,
        method,
        round(confidence, 2),
        evidence,
    )


def is_zero(parts: Parts) -> bool:
    """Whether a date is what a system writes when it knows none, or lies before newspapers."""
    return parts.year < EARLIEST_YEAR or (parts.year, parts.month, parts.day) in _ZEROES


def judged(
    parts: Parts, raw: str, field: str, seen: datetime, draft: Draft, evidence: tuple[Evidence, ...]
) -> ArticleDate | None:
    """A stated date held against the moment it was `seen`; None when it cannot be true, with the reason recorded.

    Up to 14 hours ahead of that moment, the zone is taken to be wrong and is dropped; beyond, the date is refused.
    """
    if is_zero(parts):
        draft.mend(
            "no-date", field, raw, "", "The date stated is the zero of a computer's clock, not a date; it was left out."
        )
        return None
    earliest, _ = bounds(parts)
    if earliest <= seen + _TOLERANCE:
        confidence = 0.98 if parts.offset is not None or parts.hour is None else 0.9
        return build(parts, raw, confidence=confidence, evidence=evidence)
    if parts.offset is not None and earliest <= seen + _ZONE_ERROR:
        found = build(
            replace(parts, offset=None),
            raw,
            confidence=0.5,
            evidence=(*evidence, Evidence("first-seen", stamp(seen), "zone is wrong")),
        )
        draft.mend(
            "wrong-zone",
            field,
            raw,
            found.value,
            "The time stated lay ahead of the moment it was read, so its zone must be wrong; the zone was dropped.",
        )
        return replace(found, latest=min(found.latest, stamp(seen))) if found.earliest < stamp(seen) else found
    draft.mend(
        "future-date", field, raw, "", "The date stated lies in the future of the moment it was read; it was left out."
    )
    return None
