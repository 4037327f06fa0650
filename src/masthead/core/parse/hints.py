"""What a feed says of its own rhythm: `ttl`, `skipHours`, `skipDays` (RSS 2.0), `sy:*` (RSS 1.0 syndication)."""

from __future__ import annotations

from lxml import etree

from masthead.core.parse.names import Names
from masthead.core.parse.node import Children, children_of, first_text, raw_text
from masthead.core.types import FeedHints

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_MAX_TTL = 60 * 24 * 366


def hints_of(children: Children, names: Names) -> FeedHints:
    """The hints of a channel; values that mean nothing are left out."""
    return FeedHints(
        ttl=_ttl(first_text(children, "ttl")),
        skip_hours=_hours(children.get("skiphours", ()), names),
        skip_days=_days(children.get("skipdays", ()), names),
        update_period=_period(children),
    )


def _count(text: str) -> int | None:
    whole = text.strip().partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 10 else None


def _ttl(text: str) -> int | None:
    minutes = _count(text)
    return minutes if minutes is not None and 0 < minutes <= _MAX_TTL else None


def _values(elements: list[etree._Element] | tuple[()], key: str, names: Names) -> list[str]:
    return [raw_text(part) for element in elements for part in children_of(element, names).get(key, ())]


def _hours(elements: list[etree._Element] | tuple[()], names: Names) -> tuple[int, ...]:
    """Hours in GMT, 0 to 23; 24, which RSS 0.91 used for midnight, is 0."""
    numbers = (_count(text) for text in _values(elements, "hour", names))
    return tuple(sorted({hour % 24 for hour in numbers if hour is not None and hour <= 24}))


def _days(elements: list[etree._Element] | tuple[()], names: Names) -> tuple[str, ...]:
    said = {text.capitalize() for text in _values(elements, "day", names)}
    return tuple(day for day in _DAYS if day in said or day[:3] in said)


def _period(children: Children) -> int | None:
    seconds = _PERIODS.get(first_text(children, "sy:updateperiod").lower())
    frequency = _count(first_text(children, "sy:updatefrequency")) or 1
    return None if seconds is None else max(60, seconds // frequency)
