"""Dates in the two shapes that nearly every feed writes, read at once; all others by `core.dates`.

RFC 822 with a four-digit year and a zone in digits or GMT, and RFC 3339. Both ways give the same answer
(tests/core/parse/test_moments.py); this one is an order of magnitude faster.
"""

from __future__ import annotations

import re
from datetime import datetime

from masthead.core.dates import instant

_MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_MAIL = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([12]\d{3})"
    r" (\d\d:\d\d:[0-5]\d) (?:(GMT|UTC)|([+-](?:0\d|1[0-3]))([0-5]\d))\Z",
    re.ASCII,
)
_WEB = re.compile(
    r"([12]\d{3}-\d\d-\d\dT\d\d:\d\d:[0-5]\d)(?:\.\d{1,9})?(?:(Z)|([+-](?:0\d|1[0-3])):([0-5]\d))\Z", re.ASCII
)


def instant_of(text: str) -> str | None:
    """What `core.dates.instant` gives for `text`."""
    if (web := _WEB.match(text)) is not None:
        at, utc, hours, minutes = web.groups()
    elif (mail := _MAIL.match(text)) is not None:
        day, month, year, time, utc, hours, minutes = mail.groups()
        at = f"{year}-{_MONTHS[month]}-{day:0>2}T{time}"
    else:
        return instant(text)
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return instant(text)
    # "-00:00" is UTC as well.
    return f"{at}+00:00" if utc or (minutes == "00" and hours in ("+00", "-00")) else f"{at}{hours}:{minutes}"
