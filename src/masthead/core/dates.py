"""Dates as feeds write them: RFC 822, RFC 3339, W3CDTF, and what publishers make of these.

`instant` answers only when the moment is certain: day, time and zone are all stated. `read` also gives what is
stated only in part, for those who can live with less. Nothing here knows what day it is today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from masthead.core.month_names import month_number

MAX_LENGTH = 200

_TIME = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,:]\d+)?)?"
    r"(?:\s*(?P<half>[ap]\.?m\.?)(?![a-z]))?"
)
_ZONE = r"(?P<zone>[^\d\s][^\n]*|[+-].*)?"
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d)(?:[Tt\s_]+(?P<hour>\d\d)(?::?(?P<minute>\d\d)"
    r"(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?\s*(?P<zone>[Zz]|[A-Za-z+\-\u2212].*)?)?)?)?$"
)
_LOOSE_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[Tt,\s]+{_TIME}\s*{_ZONE})?$", re.IGNORECASE
)
# Mon, 03 Jan 2021 10:15:00 EST; also 3-Jan-21, "3. Januar 2021, 10.15", 10:15 before or after.
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+\.?\s*,?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?[\s\-/,]*(?:de\s+)?(?P<name>[^\W\d_]{3,12})\.?"
    rf"[\s\-/,]*(?:de\s+)?(?P<year>\d{{4}}|\d\d(?!\d|:))(?:[\s,T]+(?:at\s+|um\s+)?{_TIME}\s*{_ZONE})?$",
    re.IGNORECASE,
)
# January 3, 2021 10:15 PM EST; Mon Jan 3, 2021
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d]+\.?\s*,?\s+)?(?P<name>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    rf"(?:[\s,]+(?:at\s+)?{_TIME}\s*{_ZONE})?$",
    re.IGNORECASE,
)
# Mon Jan  3 10:15:00 EST 2021 (asctime, date(1))
_ASCTIME = re.compile(
    r"(?:[^\W\d]+\s+)?(?P<name>[^\W\d_]{3,12})\s+(?P<day>\d{1,2})\s+"
    rf"{_TIME}\s+(?:(?P<zone>[A-Za-z+\-][\w:+\-]*)\s+)?(?P<year>\d{{4}})$",
    re.IGNORECASE,
)
_FORMS = (_ISO, _DAY_FIRST, _MONTH_FIRST, _ASCTIME, _LOOSE_ISO)
_OFFSET = re.compile(
    r"(?:GMT|UTC|UT|Z)?\s*(?P<sign>[+\-\u2212])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?::?00)?$", re.I
)
_COMMENT = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_SPACE = re.compile(r"\s+")

# Minutes east of UTC. Only names that mean one thing: "IST" (India, Ireland, Israel) and RFC 822's military letters,
# whose signs that RFC had the wrong way round, are left out.
_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet", "zulu"), 0),
    **dict.fromkeys(("bst", "west", "cet", "met", "mez", "wat"), 60),
    **dict.fromkeys(("cest", "mest", "mesz", "eet", "cat", "sast"), 120),
    **dict.fromkeys(("eest", "msk", "eat", "trt", "idt"), 180),
    "msd": 240,
    "gst": 240,
    "pkt": 300,
    "npt": 345,
    "wib": 420,
    "hkt": 480,
    "sgt": 480,
    "pht": 480,
    "awst": 480,
    "myt": 480,
    "wita": 480,
    "jst": 540,
    "kst": 540,
    "wit": 540,
    "acst": 570,
    "aest": 600,
    "acdt": 630,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
    "ndt": -150,
    "nst": -210,
    "adt": -180,
    "brt": -180,
    "art": -180,
    "ast": -240,
    "edt": -240,
    "est": -300,
    "cdt": -300,
    "cst": -360,
    "mdt": -360,
    "mst": -420,
    "pdt": -420,
    "pst": -480,
    "akdt": -480,
    "akst": -540,
    "hst": -600,
}
# Names that leave out whether it is summer: the date says it.
_SEASONAL = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as far as it is stated: `at` is naive and its missing parts are the smallest; `offset` in minutes or None.

    `precision` is "year", "month", "day", "hour", "minute" or "second".
    """

    at: datetime
    precision: str
    offset: int | None

    def iso(self) -> str:
        """ISO 8601, cut to the precision; with an offset when there is one."""
        cut = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}[self.precision]
        text = self.at.isoformat(timespec="seconds")[:cut]
        return text if self.offset is None else text + _offset_text(self.offset)


def instant(text: str) -> str | None:
    """The moment `text` states, as ISO 8601 with offset ("2021-12-03T00:15:00+03:00"); None when it is not certain."""
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


def read(text: str) -> ReadDate | None:
    """What `text` states of a date; None when it is none, is ambiguous (03/04/2021), or names no day that exists."""
    text = text[: MAX_LENGTH * 2].strip()
    return _read(text) if 0 < len(text) <= MAX_LENGTH else None


@lru_cache(maxsize=4096)
def _read(text: str) -> ReadDate | None:
    bare = _COMMENT.sub("", _SPACE.sub(" ", text))
    for form in _FORMS:
        found = form.match(bare)
        if found is not None and (date := _build(found.groupdict())) is not None:
            return date
    return None


def _build(parts: dict[str, str | None]) -> ReadDate | None:
    name = parts.get("name")
    month = month_number(name) if name else int(parts.get("month") or 1)
    year = _year(parts["year"] or "")
    hour, minute, second = (int(parts[unit] or 0) for unit in ("hour", "minute", "second"))
    if half := (parts.get("half") or "").lower():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    whole_day, hour = (1, 0) if (hour, minute, second) == (24, 0, 0) else (0, hour)
    try:
        # A leap second is the last second of its minute here.
        at = datetime(year, month or 0, int(parts["day"] or 1), hour, minute, 59 if second == 60 else second)  # noqa: DTZ001
        at += timedelta(days=whole_day)
    except (ValueError, OverflowError):
        return None
    return ReadDate(at, _precision(parts), _zone((parts.get("zone") or "").strip(), at) if parts["hour"] else None)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 69 else 1900)  # as RFC 2822 4.3 and POSIX read two digits


def _precision(parts: dict[str, str | None]) -> str:
    for name in ("second", "minute", "hour", "day"):
        if parts.get(name) is not None:
            return name
    return "month" if parts.get("month") else "year"


def _zone(name: str, at: datetime) -> int | None:
    """Minutes east of UTC, None when the zone is missing or not known."""
    if found := _OFFSET.match(name):
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        if minutes > 14 * 60 or int(found["minutes"] or 0) > 59:
            return None
        return minutes if found["sign"] == "+" else -minutes
    key = name.lower().strip(". ")
    if (place := _SEASONAL.get(key)) is not None:
        return _seasonal(place, at)
    return _ZONES.get(key)


def _seasonal(place: str, at: datetime) -> int | None:
    try:
        offset = ZoneInfo(place).utcoffset(at)
    except (OSError, KeyError, ValueError):
        return None
    return None if offset is None else int(offset.total_seconds() // 60)


def _offset_text(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"
