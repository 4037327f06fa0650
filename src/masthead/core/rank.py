"""How strong a report is for the front page: a score from published facts. Pure and deterministic.

The score is a product, so that each fact can be told by itself: freshness (halved every half-life of its section),
the number of independent sources, picture, the editor's weight of the source, readers. What one fact adds does not
depend on another, and no fact that speaks for a report lowers its score. `core.layout` makes a page of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

UNDATED = 0.4
"""A report whose day nobody states may be old: it counts for less than half, and never leads."""
PER_DOUBLING = 0.5
"""What every doubling of the independent sources adds."""
PICTURED = 1.15
PER_WEIGHT = 1.35
HEAVIEST = 3
READ = 0.12
"""What every doubling of a day's readers adds, above ten. Whole doublings, so that no single reader moves a page."""
FEWEST_READ = 10
OLD = timedelta(days=3)
"""Older reports are on the front page only where there is nothing newer, and say so."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact that counted: `value` is the fact as a number, `factor` what it multiplied the score by.

    Codes: "age-hours" (published within so many), "age-days", "undated", "sources", "picture", "weight", "readers".
    Of the layout (factor 1): "editor" (placed by one), "held" (kept its place), "variety" (a stronger report is of
    a source, section or topic that has its share already).
    """

    code: str
    value: float = 0
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a report. `key` orders equals; `half_life` in hours.

    `dated`: its day is stated, not inferred. `sources`: those that reported it independently. `owner`: whose house
    its source is of, by which shares are counted ("" for the source itself). `words`: what its headline is about.
    `holds` and `stood`: its area and position on the page at present.
    """

    key: int
    at: datetime
    source: int
    section: str
    dated: bool = True
    sources: int = 1
    story: int | None = None
    pictured: bool = False
    weight: int = 0
    views: int = 0
    half_life: float = 12.0
    holds: str = ""
    stood: int = 0
    owner: str = ""
    words: frozenset[str] = frozenset()

    @property
    def house(self) -> str:
        """By what the share of its source is counted."""
        return self.owner or str(self.source)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score and the reasons, whose factors multiply to it."""

    candidate: Candidate
    score: float
    why: tuple[Reason, ...]


def freshness(age: timedelta, half_life: float) -> float:
    """What is left of a report's strength at `age`. `half_life` in hours, at least a half."""
    return float(0.5 ** (max(age, timedelta(0)) / timedelta(hours=max(half_life, 0.5))))


def _age(age: timedelta, factor: float) -> Reason:
    """How old a report is, coarsely, so that what is said does not change every minute."""
    hours = age / timedelta(hours=1)
    for limit in (1, 3, 12, 24):
        if hours < limit:
            return Reason("age-hours", limit, factor)
    return Reason("age-days", int(hours // 24), factor)


def score(candidate: Candidate, now: datetime) -> Scored:
    """The strength of a report at `now`, and why. Reports of the future count as of now."""
    age = max(now - candidate.at, timedelta(0))
    why = [_age(age, freshness(age, candidate.half_life))]
    if not candidate.dated:
        why.append(Reason("undated", 0, UNDATED))
    if candidate.sources > 1:
        why.append(Reason("sources", candidate.sources, 1 + PER_DOUBLING * math.log2(candidate.sources)))
    if candidate.pictured:
        why.append(Reason("picture", 0, PICTURED))
    if candidate.weight:
        weight = max(-HEAVIEST, min(HEAVIEST, candidate.weight))
        why.append(Reason("weight", weight, PER_WEIGHT**weight))
    if candidate.views >= 2 * FEWEST_READ:
        doublings = (candidate.views // FEWEST_READ).bit_length() - 1
        why.append(Reason("readers", FEWEST_READ * 2**doublings, 1 + READ * doublings))
    return Scored(candidate, math.prod(reason.factor for reason in why), tuple(why))
