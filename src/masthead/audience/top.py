"""The strongest of a window without reading all of it, exactly: the threshold method.

(Fagin, Lotem and Naor, "Optimal aggregation algorithms for middleware", 2003.) Of each hour and day of the window only
the most read articles are looked at, which an index holds in that order. What stands further down has at most as many
readings as the last that was looked at, so that nobody unseen can be stronger than the sum of these. Where that sum
lies below the weakest of those that are wanted, these are the strongest of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

DEPTHS = (200, 2000)
"""So many of the most read articles of each hour and day are looked at, then so many, then all."""
CHUNK = 500
TOGETHER = 100
"""So many hours and days are asked for in one query (SQLite takes 500 parts)."""
MOST_EXACT = 5000
"""More articles than these are not summed up one by one: then all of the window is read."""

Span = tuple[datetime, bool, int]
"""An hour or a day: its beginning, whether a day, and the weight of a reading in it."""

_MOST_READ = (
    "SELECT %s AS span, views, article_id FROM audience_viewcount WHERE hour = %s AND daily = %s AND views > 0"
    " ORDER BY views DESC, article_id DESC LIMIT %s"
)


@dataclass(slots=True)
class _Seen:
    """What was seen: by article the least that its score is, and what its unseen readings can add at most."""

    least: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    covered: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    unseen: int = 0
    """The most that an article can have which was not seen at all."""

    def most(self, article: int) -> int:
        """The most that an article's score can be."""
        return self.least[article] + self.unseen - self.covered[article]


def strongest(
    spans: Sequence[Span],
    limit: int,
    allowed: Callable[[Sequence[int]], set[int]],
    exact: Callable[[Sequence[int]], list[tuple[int, int, int]]],
) -> list[tuple[int, int]] | None:
    """The `limit` strongest articles of a window and how often each was read; None where only reading all can tell.

    `allowed`: those of these articles that may be ranked. `exact`: of these (article, readings, score), strongest
    first.
    """
    for depth in DEPTHS:
        seen = _look(spans, depth)
        found = _among(seen, limit, allowed, exact)
        if found is None:
            return None
        if not seen.unseen or (len(found) == limit and found[-1][2] > seen.unseen):
            return [(article, times) for article, times, _ in found]
    return None


def _look(spans: Sequence[Span], depth: int) -> _Seen:
    """The `depth` most read articles of each span. One query for a hundred spans."""
    seen = _Seen()
    rows: list[list[tuple[int, int]]] = [[] for _ in spans]
    for first in range(0, len(spans), TOGETHER):
        parts: list[str] = []
        values: list[Any] = []
        for number, (start, daily, _) in enumerate(spans[first : first + TOGETHER], first):
            parts.append(f"SELECT * FROM ({_MOST_READ}) AS span{number}")  # noqa: S608 (placeholders throughout)
            values += [number, _instant(start), daily, depth]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            for number, views, article in cursor.fetchall():
                rows[number].append((views, article))
    for (_, _, weight), found in zip(spans, rows, strict=True):
        rest = weight * min(views for views, _ in found) if len(found) == depth else 0
        seen.unseen += rest
        for views, article in found:
            seen.least[article] += weight * views
            seen.covered[article] += rest
    return seen


def _among(
    seen: _Seen,
    limit: int,
    allowed: Callable[[Sequence[int]], set[int]],
    exact: Callable[[Sequence[int]], list[tuple[int, int, int]]],
) -> list[tuple[int, int, int]] | None:
    """The strongest of those that were seen, summed up in full; None where these would be too many to sum up."""
    ranked = sorted(seen.least, key=lambda article: (-seen.least[article], -article))
    taken: list[int] = []
    for chunk in _chunks(ranked):
        fit = allowed(chunk)
        taken += [article for article in chunk if article in fit]
        if len(taken) >= limit:
            enough = seen.least[taken[limit - 1]]
            possible = [article for article in ranked if seen.most(article) >= enough]
            break
    else:
        possible = taken
    if len(possible) > MOST_EXACT:
        return None
    found: list[tuple[int, int, int]] = []
    for chunk in _chunks(possible):
        fit = allowed(chunk)
        found += exact([article for article in chunk if article in fit]) if fit else []
    found.sort(key=lambda row: (-row[2], -row[0]))
    return found[:limit]


def _chunks(articles: Sequence[int]) -> Iterable[Sequence[int]]:
    return (articles[at : at + CHUNK] for at in range(0, len(articles), CHUNK))


def _instant(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
