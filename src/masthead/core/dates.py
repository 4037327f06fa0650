"""Dates as feeds and pages write them: RFC 822, RFC 3339, W3CDTF, and what publishers make of these.

`instant` answers only when the moment is certain: day, time and zone are all stated. `read` also gives what is
stated only in part, for those who can live with less. Nothing here knows what day it is today.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal

from masthead.core.clock_times import ClockTime, clock_times
from masthead.core.day_words import Order, read_day
from masthead.core.time_zones import zone_offset

__all__ = ["Order", "ReadDate", "instant", "read", "utc"]

MAX_LENGTH = 200
Precision = Literal["year", "month", "day", "hour", "minute", "second"]

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d)(?:[Tt\s_]+(?P<hour>\d\d)(?::?(?P<minute>\d\d)"
    r"(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?\s*(?P<zone>[Zz]|[A-Za-z+\-\u2212].*)?)?)?)?$"
)
# The form that nearly all feeds write, so that the many others need not be tried (RFC 822, with a year of four digits).
_MAIL = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"
    r" (\d\d):([0-5]\d):([0-5]\d) ([+-]\d{4}|GMT)",
    re.ASCII,
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# Seconds, or thousandths of them, since 1970, of 2001 to 2029: no other way to write a date looks like these.
_EPOCH = re.compile(r"(1[0-8]\d{8})(?:\d{3}|\.\d{1,9})?", re.ASCII)
_UNPADDED = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)[Tt ](\d\d?)(?=:)", re.ASCII)
_COMMENT = re.compile(r"\s*[(\[](?P<text>[^()\[\]]*)[)\]]\s*$")
_SPACE = re.compile(r"\s+")
_MARKS = re.compile("[\u200e\u200f\u061c]")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as far as it is stated: `at` is naive and its missing parts are the smallest; `offset` in minutes or None.

    `precision` is "year", "month", "day", "hour", "minute" or "second".
    """

    at: datetime
    precision: Precision
    offset: int | None

    def iso(self) -> str:
        """ISO 8601, cut to the precision; with an offset when there is one."""
        cut = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}[self.precision]
        text = self.at.isoformat(timespec="seconds")[:cut]
        return text if self.offset is None else text + _offset_text(self.offset)


def instant(text: str) -> str | None:
    """The moment `text` states, as ISO 8601 with offset ("2021-12-03T00:15:00+03:00"); None when it is not certain.

    Also that of a number of seconds or milliseconds since 1970, as programs write it.
    """
    if (epoch := _EPOCH.fullmatch(text.strip())) is not None:
        return datetime.fromtimestamp(int(epoch[1]), UTC).isoformat(timespec="seconds")
    found = read(text)
    if found is None or found.offset is None:
        return None
    return found.at.isoformat(timespec="seconds") + _offset_text(found.offset)


def utc(iso: str) -> str:
    """An instant as `instant` gives it, in UTC: for comparing."""
    try:
        return datetime.fromisoformat(iso).astimezone(UTC).isoformat(timespec="seconds")
    except OverflowError:
        return iso


def read(text: str, order: Order | None = None) -> ReadDate | None:
    """What `text` states of a date; None when it is none, is ambiguous (03/04/2021), or names no day that exists.

    `order` ("dmy" or "mdy"), where the place or language that `text` comes from is known to write so, settles what is
    ambiguous without it. The whole of `text` must be a date: a sentence that holds one is none.
    """
    text = text[: MAX_LENGTH * 2].strip()
    return _read(text, order) if 0 < len(text) <= MAX_LENGTH else None


@lru_cache(maxsize=4096)
def _read(text: str, order: Order | None) -> ReadDate | None:
    if (mail := _MAIL.fullmatch(text)) is not None:
        day, month, year, hour, minute, second, zone = mail.groups()
        clock = ClockTime(int(hour), int(minute), int(second), zone, "")
        return _build((int(year), _MONTHS.index(month) + 1, int(day)), clock, "")
    if not any(character.isdecimal() for character in text):
        return None
    text = _SPACE.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKC", text))).strip()
    comment = _COMMENT.search(text)
    bare = _UNPADDED.sub(_padded, _COMMENT.sub("", text), count=1)
    if (iso := _ISO.match(bare)) is not None and (date := _from_iso(iso)) is not None:
        return date
    for clock in clock_times(bare):
        if (day := read_day(clock.rest, order)) is not None and day.day is not None:
            return _build((day.year, day.month, day.day), clock, comment["text"] if comment else "")
    day = read_day(bare, order)
    return None if day is None else _build((day.year, day.month, day.day), None, "")


def _padded(found: re.Match[str]) -> str:
    """ "2024-3-5T1" as "2024-03-05T01"."""
    return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}T{found[4]:0>2}"


def _from_iso(found: re.Match[str]) -> ReadDate | None:
    numbers = {name: int(digits) for name, digits in found.groupdict().items() if digits and name != "zone"}
    clock = None
    if "hour" in numbers:
        clock = ClockTime(numbers["hour"], numbers.get("minute"), numbers.get("second"), found["zone"] or "", "")
    return _build((numbers["year"], numbers.get("month"), numbers.get("day")), clock, "")


def _build(day: tuple[int, int | None, int | None], clock: ClockTime | None, comment: str) -> ReadDate | None:
    hour, minute, second = (clock.hour, clock.minute or 0, clock.second or 0) if clock else (0, 0, 0)
    next_day, hour = (1, 0) if (hour, minute, second) == (24, 0, 0) else (0, hour)
    try:
        # A leap second is the last second of its minute here.
        at = datetime(day[0], day[1] or 1, day[2] or 1, hour, minute, 59 if second == 60 else second)  # noqa: DTZ001
        at += timedelta(days=next_day)
    except (ValueError, OverflowError):
        return None
    if clock is None:
        return ReadDate(at, "day" if day[2] else "month" if day[1] else "year", None)
    precision: Precision = "second" if clock.second is not None else "minute" if clock.minute is not None else "hour"
    # The zone in brackets behind the time ("+0300 (MSK)") only counts where none stands before them.
    offset = zone_offset(clock.zone.strip(), at) if clock.zone.strip() else zone_offset(comment.strip(), at)
    return ReadDate(at, precision, offset)


def _offset_text(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"
