"""When a publisher is asked for its icon again. Pure: what came of a visit goes in, a moment comes out."""

from __future__ import annotations

from datetime import datetime, timedelta

KEPT = timedelta(days=30)
"""After an icon was had."""
_MISSED, _MISSED_MOST = timedelta(days=14), timedelta(days=112)
_FAILED, _FAILED_MOST = timedelta(hours=6), timedelta(days=30)
_SPREAD = 0.1


def after_found(now: datetime, spread: float) -> datetime:
    """A month on, later by up to a tenth (`spread` from 0 to 1): sites that came in one import part."""
    return now + KEPT * (1 + _SPREAD * spread)


def after_missing(now: datetime, misses: int, spread: float) -> datetime:
    """Two weeks on after the first visit that found no icon, doubling to 16 weeks."""
    return now + min(_MISSED * (1 << min(misses - 1, 10)), _MISSED_MOST) * (1 + _SPREAD * spread)


def after_failure(now: datetime, failures: int, asked: datetime | None, spread: float) -> datetime:
    """Six hours on after the first visit that a server cut short, doubling to a month.

    `asked`: until when a server wants silence (`Retry-After`), which is never undercut.
    """
    wait = now + min(_FAILED * (1 << min(failures - 1, 10)), _FAILED_MOST) * (1 + _SPREAD * spread)
    return max(wait, asked) if asked else wait
