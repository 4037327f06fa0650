"""Who published first, where the publishers' own dates prove it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from masthead.core.types import ArticleDate

EXACT = ("minute", "second")


@dataclass(frozen=True, slots=True)
class Dated:
    """A report with the date that is known of it; `seen` is when it was received here."""

    key: int
    source: int
    published: ArticleDate | None
    seen: datetime


@dataclass(frozen=True, slots=True)
class First:
    """The reports that state the earliest time, to the same minute; `at` is that time.

    `open`: how many other publishers' reports may be older, since their dates are cut, inferred or not stated.
    """

    keys: tuple[int, ...]
    at: datetime
    open: int


def first(reports: Iterable[Dated]) -> First | None:
    """Who was first by stated times with zone. None where fewer than two publishers' reports can be compared.

    A date that is inferred, known to the day or month only, or without a zone is never the first; reports with such
    dates are counted where what is known of them leaves it open that they came before. So are times that lie after the
    report was received here, which a clock that runs ahead has set.
    """
    kept = tuple(reports)
    exact = {row.key: at for row in kept if (at := _exact(row)) is not None}
    if len({row.source for row in kept if row.key in exact}) < 2:
        return None
    earliest = min(exact.values())
    winners = tuple(row.key for row in kept if exact.get(row.key) == earliest)
    own = {row.source for row in kept if row.key in winners}
    doubtful = {row.source for row in kept if row.key not in exact and _may_precede(row, earliest)} - own
    return First(winners, earliest, len(doubtful))


def _exact(row: Dated) -> datetime | None:
    """The stated instant to the minute."""
    date = row.published
    if date is None or date.method != "stated" or date.precision not in EXACT or date.zone is None:
        return None
    at = datetime.fromisoformat(date.earliest).replace(second=0, microsecond=0)
    return at if at <= row.seen + timedelta(minutes=2) else None


def _may_precede(row: Dated, at: datetime) -> bool:
    """Whether a report without an exact time may have been published before `at`."""
    if row.published is None:
        return True
    return datetime.fromisoformat(row.published.earliest) < at
