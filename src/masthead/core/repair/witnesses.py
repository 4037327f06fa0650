"""What else in an article speaks for its date: addresses of pictures, names of files, weekdays in the text."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from masthead.core.repair.calendar_words import WEEKDAYS
from masthead.core.types import Block

_PATH_DATE = re.compile(r"(?:^|/)((?:19[89]|20\d)\d)[./_-](0[1-9]|1[0-2])(?:[./_-](0[1-9]|[12]\d|3[01]))?(?=[/._-]|$)")
_NAME_DATE = re.compile(r"(?<!\d)(20[0-4]\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)")
# A MongoDB ObjectId: 24 hexadecimal digits whose first 8 are the seconds since 1970 at which it was made.
_OBJECT_ID = re.compile(r"(?<![0-9a-fA-F])([0-9a-fA-F]{8})[0-9a-fA-F]{16}(?![0-9a-fA-F])")
_EPOCH = re.compile(r"(?<!\d)(1\d{9})(?:\d{3})?(?!\d)")
_WEEKDAY = re.compile(
    r"(?<!\w)((?:on|el|am|ce|le|во?|يوم)\s+)?(" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")(?!\w)",
    re.IGNORECASE,
)
_OLDEST = datetime(1995, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Witness:
    """One observation: it happened in `first`..`last` (days), or on a `weekday`; `weight` is how much it says alone.

    Weights were chosen so that one path with year and month, or one made-at time in a file name, is enough to settle a
    month (0.4), and a weekday is only ever a supplement.
    """

    kind: str
    text: str
    says: str
    weight: float
    first: date | None = None
    last: date | None = None
    weekday: int | None = None

    def supports(self, day: date, near: int) -> bool:
        """Whether a report of `day` fits: the observation is of that month, or no more than `near` days before it."""
        if self.first is None or self.last is None:
            return self.weekday is not None and (day.weekday() - self.weekday) % 7 <= 2
        if self.first == self.last:
            return self.first - timedelta(days=1) <= day <= self.first + timedelta(days=near)
        return self.first <= day <= self.last


def witnesses_of(blocks: list[Block], seen: datetime) -> list[Witness]:
    """All observations in the blocks of an article, pictures first, each once; none made after `seen` (aware)."""
    found: list[Witness] = []
    for block in blocks:
        if block.image is not None:
            found += _in_address(block.image.src, "image", 1.0, seen)
        for url in re.findall(r'href="([^"]+)"', block.html):
            found += _in_address(url, "link", 0.7, seen)
    found += _weekdays(blocks)
    return list(dict.fromkeys(found))


def _in_address(url: str, kind: str, share: float, seen: datetime) -> list[Witness]:
    path = urlsplit(url).path
    name = path.rpartition("/")[2]
    found: list[Witness] = []
    if match := _PATH_DATE.search(path):
        year, month = int(match[1]), int(match[2])
        first, last = _span(year, month, int(match[3]) if match[3] else None)
        if first is not None:
            says = f"{year}-{month:02d}" + (f"-{match[3]}" if match[3] else "")
            text = match[0].strip("/")
            found.append(Witness(f"{kind}-path", text, says, 0.45 * share, first, last))
    for pattern, label in ((_OBJECT_ID, "object-id"), (_EPOCH, "made-at")):
        if match := pattern.search(name):
            moment = datetime.fromtimestamp(int(match[1], 16 if label == "object-id" else 10), UTC)
            if _OLDEST < moment <= seen:
                says = f"made on {moment:%A} {moment:%Y-%m-%d}"
                found.append(Witness(f"{kind}-{label}", match[0], says, 0.4 * share, moment.date(), moment.date()))
            break
    if (match := _NAME_DATE.search(name)) and not found:
        first, last = _span(int(match[1]), int(match[2]), int(match[3]))
        if first is not None:
            found.append(Witness(f"{kind}-name", match[0], first.isoformat(), 0.4 * share, first, last))
    return found


def _span(year: int, month: int, day: int | None) -> tuple[date | None, date | None]:
    length = monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, length)
    if day > length:
        return None, None
    return date(year, month, day), date(year, month, day)


def _weekdays(blocks: list[Block]) -> list[Witness]:
    found = []
    for block in blocks:
        for match in _WEEKDAY.finditer(block.text):
            name = match[2].lower()
            if match[1] or block.type == "paragraph":
                found.append(
                    Witness(
                        "weekday",
                        match[0],
                        f"a report of a {name.capitalize()} or soon after",
                        0.1,
                        weekday=WEEKDAYS[name],
                    )
                )
    return found[:6]
