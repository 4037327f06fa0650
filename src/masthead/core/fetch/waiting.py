"""What a server says about waiting: `Retry-After`, and the freshness of its answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Nobody is believed for longer; a "Retry-After" of ten years is a mistake.
LONGEST_SILENCE = timedelta(days=31)
LONGEST_FRESHNESS = timedelta(days=7)
_DIRECTIVE = re.compile(r'([a-z-]+)\s*(?:=\s*"?([^",]*)"?)?', re.IGNORECASE)


def http_date(value: str) -> datetime | None:
    """A date of RFC 9110 section 5.6.7, in any of its three forms; None when it is none."""
    try:
        parsed = parsedate_to_datetime(value.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _seconds(value: str) -> int | None:
    """A number of seconds; one that is too large is the largest (RFC 9111 section 1.2.2)."""
    digits = value.strip()
    return min(int(digits[:12]), 10**9) if digits.isascii() and digits.isdigit() else None


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Until when the server wants silence (RFC 9110 section 10.2.3), capped; None when it does not say.

    A date is read against the server's own `Date`, so that a wrong clock on either side does no harm.
    """
    value = headers.get("retry-after", "")
    if (seconds := _seconds(value)) is not None:
        wait = timedelta(seconds=seconds)
    elif (moment := http_date(value)) is not None:
        wait = moment - (http_date(headers.get("date", "")) or now)
    else:
        return None
    return now + min(max(wait, timedelta(0)), LONGEST_SILENCE)


def fresh_for(headers: Mapping[str, str]) -> int | None:
    """For how many more seconds the server calls its answer fresh (RFC 9111 section 4.2), capped; None: not said."""
    directives = {name.lower(): value for name, value in _DIRECTIVE.findall(headers.get("cache-control", "")) if name}
    if "no-cache" in directives or "no-store" in directives:
        return 0
    lifetime = _seconds(directives.get("max-age", ""))
    if lifetime is None and "expires" in headers:
        expires, date = http_date(headers["expires"]), http_date(headers.get("date", ""))
        # "Expires: 0" and other non-dates mean: already stale.
        lifetime = int((expires - date).total_seconds()) if expires and date else 0
    if lifetime is None:
        return None
    age = _seconds(headers.get("age", "")) or 0
    return max(0, min(lifetime - age, int(LONGEST_FRESHNESS.total_seconds())))


def pause_after(status: int, headers: Mapping[str, str], now: datetime, *, silence: int) -> tuple[datetime, str] | None:
    """Whether an answer silences the whole host, until when and why: any 429, and a 503 that names a time.

    A 429 without a time silences for `silence` seconds, on top of the back-off of what was asked for.
    """
    named = retry_after(headers, now)
    if status == 429:
        until = named if named is not None and named > now else now + timedelta(seconds=max(1, silence))
        return until, "429 Too Many Requests"
    if status == 503 and named is not None and named > now:
        return named, "503 with Retry-After"
    return None
