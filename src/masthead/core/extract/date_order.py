"""Which number of 03/04/2024 is the day on a page: by what else the page states, before its language is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from masthead.core.dates import Order
from masthead.core.extract.visible import Line

Day = tuple[int, int, int]  # year, month, day

_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)(?![./-]?\d)")
# The same without its edges, for a first look at a whole page.
_QUICK = re.compile(r"\d[/.-]\d{1,2}[/.-](?:19|20)\d\d")


def has_numeric_date(lines: list[Line]) -> bool:
    """Whether any line states a date in numbers alone, with the year last."""
    return _QUICK.search("\n".join(line.text for line in lines)) is not None


def order_of_page(lines: list[Line], known: set[Day]) -> Order | None:
    """The order in which a page writes its dates in numbers; None where nothing tells it, or both are seen.

    25/12/2024 tells it, and so does 03/04/2024 where the page or its address also states one of the two days that it
    can be in a way that has no other reading (`known`), and not the other.
    """
    seen: set[Order] = set()
    for line in lines:
        for first, second, year in _numeric(line):
            if first == second or not (first <= 31 and second <= 31):
                continue
            if first > 12 or second > 12:
                seen.add("dmy" if first > 12 else "mdy")
                continue
            day_first, month_first = (year, second, first) in known, (year, first, second) in known
            if day_first != month_first:
                seen.add("dmy" if day_first else "mdy")
    return seen.pop() if len(seen) == 1 else None


def _numeric(line: Line) -> Iterator[tuple[int, int, int]]:
    for text in (line.text[:600], *(stated for _, stated in line.times[:3])):
        if any(mark in text for mark in "/.-"):
            for found in _NUMERIC.finditer(text):
                yield int(found[1]), int(found[3]), int(found[4])
