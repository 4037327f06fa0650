"""How much a reading counts by its age: half as much after each quarter of the window, nothing beyond it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

UNIT = 1 << 20
HALVINGS = 4
"""Within a window the weight of a reading halves so many times: in a day every six hours, in a week every 42."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def weight(age: timedelta, hours: int) -> int:
    """The weight of a reading that is so old, in a window of `hours`; `UNIT` for one of this moment."""
    halvings: float = HALVINGS * (max(age, timedelta(0)) / (hours * _HOUR))
    return round(UNIT * math.exp2(-halvings))


def weights(now: datetime, hours: int) -> Iterator[tuple[datetime, bool, int]]:
    """The hours (UTC), then the days, that a window touches: beginning, whether a day, weight of one reading in it.

    Of an hour or day that the window holds only in part, readings are taken to be spread evenly.
    """
    opened = now - hours * _HOUR
    for length, daily in ((_HOUR, False), (_DAY, True)):
        midnight = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        start = midnight.replace(hour=0) if daily else midnight
        while (end := start + length) > opened:
            first, last = max(start, opened), min(end, now)
            share = (last - first) / (min(end, now) - start) if last > start else 1.0
            part = round(share * weight(now - (first + (last - first) / 2), hours))
            if part:
                yield start, daily, part
            start -= length
