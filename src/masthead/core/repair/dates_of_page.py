"""Dates as pages and feeds state them: ISO 8601, RFC 822, or written out in one of six languages."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from masthead.core.repair.dates import Parts, from_datetime, read_iso
from masthead.core.repair.partial import read_partial

_LABEL = re.compile(
    (
        r"^\s*(?:published|posted|updated|created|on|publicado|actualizado|ver[öo]ffentlicht|stand|publi[ée]|mis [àa] "
        r"jour|опубликовано|نشر(?: في)?)\s*(?:on|el|am|le|:)?\s*"
    ),
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?$")


def read_stated(raw: str) -> Parts | None:
    """A date from metadata or a visible line, as far as it is stated; None when it is not certain."""
    text = raw.strip()
    if parts := read_iso(text):
        return parts
    if found := _COMPACT.match(text):
        numbers = [int(part) for part in found.groups()[:6] if part]
        return (
            read_iso("-".join(f"{number:02d}" for number in numbers[:3]))
            if len(numbers) < 5
            else _compact(numbers, found[7])
        )
    try:
        return from_datetime(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    partial = read_partial(_LABEL.sub("", text))
    if partial is None or partial.year is None or partial.month is None:
        return None
    return partial.filled(partial.year, partial.month)


def _compact(numbers: list[int], zone: str | None) -> Parts | None:
    second = numbers[5] if len(numbers) > 5 else 0
    year, month, day, hour, minute = numbers[:5]
    return read_iso(f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone or ''}")
