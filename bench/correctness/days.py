"""Publication days: right, wrong, given where none is known, and invented."""

from __future__ import annotations

import re
from datetime import date


def invented(day: str, html: bytes) -> bool:
    """Whether `day` ("2021-12-03") stands nowhere on the page: not as numbers, not beside a month's name."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return True
    text = html.decode("utf-8", "replace")
    year, month, number = wanted.year, wanted.month, wanted.day
    mark = r"[-/. _年월年]{0,3}"
    suffix = r"(?:st|nd|rd|th|er|º|ª|\.|,)?"
    numbers = (
        rf"{year}{mark}0?{month}{mark}0?{number}(?!\d)",
        rf"(?<!\d)0?{number}{mark}0?{month}{mark}(?:{year}|{year % 100:02})",
        rf"(?<!\d)0?{month}{mark}0?{number}{mark}(?:{year}|{year % 100:02})",
        # a month by its name, in whatever language: letters between the day and the year, on either side
        rf"(?<!\d)0?{number}{suffix}[\s,]{{0,3}}(?:de |d')?[^\W\d]{{3,14}}\.?[\s,]{{0,3}}(?:de )?{year}",
        rf"[^\W\d]{{3,14}}\.?\s{{0,2}}0?{number}(?:st|nd|rd|th)?[\s,]{{1,3}}{year}",
        # seconds since 1970 in a script
        *(str(stamp)[:6] for stamp in _stamps(wanted)),
    )
    return not any(re.search(pattern, text) for pattern in numbers)


def _stamps(day: date) -> tuple[int, int]:
    first = (day - date(1970, 1, 1)).days * 86_400
    return first, first + 86_399
