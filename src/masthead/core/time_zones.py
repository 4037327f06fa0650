"""Names and offsets of time zones as they stand behind a time, in minutes east of UTC."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

# "+03:00", "-0500", "GMT+2", "UTC−05:30", "+9": sign, hours, minutes; seconds only when they are none.
OFFSET = re.compile(
    r"(?:GMT|UTC|UT|Z)?\s*(?P<sign>[+\-\u2212])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?::?00)?$", re.IGNORECASE
)
_FARTHEST = 14 * 60  # Kiribati; no place is farther from Greenwich

# Only names that mean one thing: "IST" (India, Ireland, Israel) and RFC 822's military letters, whose signs that RFC
# had the wrong way round, are left out.
_NAMES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet", "zulu"), 0),
    **dict.fromkeys(("bst", "west", "cet", "met", "mez", "wat"), 60),
    **dict.fromkeys(("cest", "mest", "mesz", "eet", "cat", "sast"), 120),
    **dict.fromkeys(("eest", "msk", "мск", "eat", "trt", "idt"), 180),
    **dict.fromkeys(("msd", "gst"), 240),
    **dict.fromkeys(("hkt", "sgt", "pht", "awst", "myt", "wita"), 480),
    **dict.fromkeys(("jst", "kst", "wit"), 540),
    **dict.fromkeys(("adt", "brt", "art"), -180),
    **dict.fromkeys(("ast", "edt"), -240),
    **dict.fromkeys(("est", "cdt"), -300),
    **dict.fromkeys(("cst", "mdt"), -360),
    **dict.fromkeys(("mst", "pdt"), -420),
    **dict.fromkeys(("pst", "akdt"), -480),
    "pkt": 300, "npt": 345, "wib": 420, "acst": 570, "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780,
    "ndt": -150, "nst": -210, "akst": -540, "hst": -600,
}  # fmt: skip
# Names that leave out whether it is summer: the date says it.
_SEASONAL = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_SPELLED = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "central european": "Europe/Berlin", "eastern european": "Europe/Athens",
    "western european": "Europe/Lisbon", "moscow": "Europe/Moscow", "british": "Europe/London",
    "japan": "Asia/Tokyo", "greenwich mean": "Etc/GMT", "coordinated universal": "Etc/UTC",
}  # fmt: skip
# "Eastern Time", "Eastern Daylight Time", "Central European Summer Time".
_LONG = re.compile(r"(?P<place>[a-z ]{4,25}?)(?: (?P<season>standard|daylight|summer))?(?: time)?$")
_PLACE = re.compile(r"[a-z]+(?:/[a-z_+\-0-9]+){1,2}$", re.IGNORECASE)


def zone_offset(name: str, at: datetime) -> int | None:
    """Minutes east of UTC of the zone `name` at the local time `at` (naive); None when it is missing or not known."""
    if found := OFFSET.match(name):
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        if minutes > _FARTHEST or int(found["minutes"] or 0) > 59:
            return None
        return minutes if found["sign"] == "+" else -minutes
    key = name.lower().strip(". ")
    if (fixed := _NAMES.get(key)) is not None:
        return fixed
    if (place := _SEASONAL.get(key)) is not None:
        return _at_place(place, at)
    if _PLACE.match(key):
        return _at_place(name.strip(), at)
    if (long := _LONG.match(key)) and (place := _SPELLED.get(long["place"])) and " " in key:
        return _at_place(place, at)
    return None


def _at_place(place: str, at: datetime) -> int | None:
    try:
        offset = ZoneInfo(place).utcoffset(at)
    except (OSError, KeyError, ValueError, OverflowError):
        return None
    return None if offset is None else int(offset.total_seconds() // 60)
