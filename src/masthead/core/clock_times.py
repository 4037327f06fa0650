"""Times of day inside a written date: 24 or 12 hours, with the zone that follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from masthead.core.characters import words
from masthead.core.month_names import is_weekday, month_number

_BEFORE_NOON = r"a\.?\s?m\.?(?!\w)|ص|صباحا[ً]?|오전|午前|上午|SA(?!\w)"
_AFTER_NOON = r"p\.?\s?m\.?(?!\w)|م(?!\w)|مساء[ً]?|오후|午後|下午|CH(?!\w)"
_HALF = rf"(?P<early>{_BEFORE_NOON})|(?P<late>{_AFTER_NOON})"
_FIRST_HALF = r"(?:(?P<early1>오전|午前|上午)|(?P<late1>오후|午後|下午))?\s*"
_SECOND = r"(?:[:.](?P<second>[0-5]\d|60)(?:[.,:]\d{1,9})?)?"
# Three ways to write a time, the surest first: 10:15 and 10h15, then 10.15 (which looks like a day and a month),
# then "10 Uhr", "10 pm", "10h".
_FORMS = tuple(
    re.compile(rf"(?<![\d.:/\-]){_FIRST_HALF}(?<!\d){form}(?:\s*(?:{_HALF}))?", re.IGNORECASE)
    for form in (
        rf"(?P<hour>\d{{1,2}})(?::|\s?h\s?|時|시\s?|点|點)(?P<minute>[0-5]\d)(?:분|分|min)?(?!\d){_SECOND}(?![\d/\-.]*\d)",
        r"(?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)(?:\.(?P<second>[0-5]\d))?(?![\d.]*\d)",
        r"(?P<hour>\d{1,2})(?P<minute>)(?P<second>)(?:(?=\s?(?:a\.?m|p\.?m)\b)|\s?(?:uhr|h|hrs|時|시)(?!\w))",
    )
)
_CLOCK_WORD = re.compile(r"\s*(?:uhr|hrs?|h|ч|o'clock|klo)\b\.?", re.IGNORECASE)
_ZONE = re.compile(
    r"\s*,?\s*(?P<zone>(?:GMT|UTC|UT|Z)?\s*[+\-\u2212]\s?\d{1,2}(?::?\d{2})?(?::?00)?(?![\d:])"
    r"|[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?"
    r"|(?:central european|eastern european|western european|greenwich mean|coordinated universal|[a-z]{5,8})"
    r"(?: (?:standard|daylight|summer))? time(?!\w)"
    r"|[A-Za-zА-я]{1,5}(?![\w.]))",
    re.IGNORECASE,
)
# Words of up to five letters that may follow a time and are no zone.
_NO_ZONE = words("on of de del am um at le el and by in the von et y e et по в on ch sa vor")


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day on the 24-hour clock; `zone` as written, `rest` the text without both."""

    hour: int
    minute: int | None
    second: int | None
    zone: str
    rest: str


def clock_times(text: str) -> Iterator[ClockTime]:
    """Every reading of `text` as a date with a time, the surest first. A time that does not exist is none."""
    for form in _FORMS:
        for found in form.finditer(text):
            if (clock := _clock(found, text)) is not None:
                yield clock


def _clock(found: re.Match[str], text: str) -> ClockTime | None:
    hour = int(found["hour"])
    minute = int(found["minute"]) if found["minute"] else None
    second = int(found["second"]) if found["second"] else None
    early, late = found["early"] or found["early1"], found["late"] or found["late1"]
    if late and hour == 0:
        return None  # "0:15 PM" is neither midnight nor noon
    if hour <= 12 and (early or late):
        hour = hour % 12 + (12 if late else 0)
    if hour > 24 or (hour == 24 and (minute or second)):
        return None
    end = found.end()
    if word := _CLOCK_WORD.match(text, end):
        end = word.end()
    zone = ""
    if (behind := _ZONE.match(text, end)) and _may_be_zone(behind["zone"]):
        zone, end = behind["zone"], behind.end()
    return ClockTime(hour, minute, second, zone, f"{text[: found.start()]} \u241f {text[end:]}")


def _may_be_zone(word: str) -> bool:
    if word.isupper() and len(word) == 2:
        return True  # "ET" is New York, "et" is "and"
    return not (word.lower() in _NO_ZONE or (word.isalpha() and (is_weekday(word) or month_number(word) is not None)))
