"""Who stands where on a front page: a score from published facts, and a layout. Pure and deterministic.

The score is a product, so that each fact can be told by itself: freshness (halved every half-life of its section),
the number of independent sources, picture, the editor's weight of the source, readers. The layout then keeps one
source or section from filling the page, and keeps what stands where it stands unless something is clearly stronger.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

UNDATED = 0.4
"""A report without a date may be old: it counts for less than half, and never leads."""
PER_DOUBLING = 0.5
"""What every doubling of the sources adds."""
PICTURED = 1.15
PER_WEIGHT = 1.35
READ = 0.12
"""What every doubling of the readers adds, above ten."""
HOLDS = 1.2
"""So much stronger another report must be to take a place that is held."""
SAME_SOURCE, SAME_SECTION = 0.6, 0.88
"""What each report of the same source or section that stands above takes off."""
OLD = timedelta(days=3)
"""Older reports are on the front page only where there is nothing newer, and say so."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a report. `key` orders equals; `half_life` in hours; `holds`: its area at present."""

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


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score and the reasons in words."""

    candidate: Candidate
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the page and who fills it."""

    area: str
    position: int
    key: int
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How much room a front page has."""

    seconds: int = 4
    per_section: int = 4
    least_per_section: int = 2
    briefs: int = 8


def age_in_words(age: timedelta) -> str:
    """How old a report is, coarsely, so that the words do not change every minute."""
    hours = age / timedelta(hours=1)
    for limit, words in (
        (1, "the last hour"),
        (3, "the last three hours"),
        (12, "the last twelve hours"),
        (24, "a day"),
    ):
        if hours < limit:
            return f"published within {words}"
    days = int(hours // 24)
    return "published yesterday" if days == 1 else f"published {days} days ago"


def score(candidate: Candidate, now: datetime) -> Scored:
    """The strength of a report at `now`, and why. Reports of the future count as of now."""
    age = max(now - candidate.at, timedelta(0))
    value = 0.5 ** (age / timedelta(hours=max(candidate.half_life, 0.5)))
    why = [age_in_words(age)]
    if not candidate.dated:
        value *= UNDATED
        why = ["its date is not stated, so it counts for less"]
    if candidate.sources > 1:
        value *= 1 + PER_DOUBLING * math.log2(candidate.sources)
        why.append(f"reported by {candidate.sources} sources")
    if candidate.pictured:
        value *= PICTURED
        why.append("has a picture")
    if candidate.weight:
        value *= PER_WEIGHT ** max(-3, min(3, candidate.weight))
        why.append(f"the editor gives its source a weight of {candidate.weight:+d}")
    if candidate.views > 10:
        doublings = math.log2(candidate.views / 10)
        value *= 1 + READ * doublings
        why.append(f"read more than {10 * 2 ** int(doublings)} times in a day")
    return Scored(candidate, value, tuple(why))


@dataclass
class _Page:
    """The page while it is being filled."""

    now: datetime
    left: dict[int, Scored]
    places: list[Place] = field(default_factory=list)
    sources: Counter[int] = field(default_factory=Counter)
    sections: Counter[str] = field(default_factory=Counter)

    def strength(self, found: Scored, area: str, *, varied: bool) -> float:
        """The score as it counts for a place in `area`, given what stands there already."""
        candidate, value = found.candidate, found.score
        if candidate.holds == area:
            value *= HOLDS
        value *= SAME_SOURCE ** self.sources[candidate.source]
        return value * SAME_SECTION ** self.sections[candidate.section] if varied else value

    def best(self, area: str, choice: Sequence[Scored], *, varied: bool = True) -> Scored | None:
        return max(
            choice,
            key=lambda s: (self.strength(s, area, varied=varied), s.candidate.at, -s.candidate.key),
            default=None,
        )

    def put(self, area: str, position: int, found: Scored, note: str = "") -> None:
        """Fill a place; no other report of the same story comes after it."""
        candidate = found.candidate
        why = (*found.why, note) if note else found.why
        self.places.append(Place(area, position, candidate.key, round(found.score, 6), why))
        self.sources[candidate.source] += 1
        self.sections[candidate.section] += 1
        self.left = {
            key: other
            for key, other in self.left.items()
            if key != candidate.key and (candidate.story is None or other.candidate.story != candidate.story)
        }

    def fill(self, area: str, size: int, taken: Sequence[int], only: str | None = None) -> None:
        """Fill the places of an area that no pin has taken."""
        for position in (p for p in range(size) if p not in taken):
            choice = [s for s in self.left.values() if only is None or s.candidate.section == only]
            if area == "lead":
                choice = _fit_to_lead(choice)
            found = self.best(area, choice, varied=only is None)
            if found is None:
                return
            held = found.candidate.holds == area
            self.put(area, position, found, "kept its place: nothing is clearly stronger" if held else "")


def _fit_to_lead(choice: Sequence[Scored]) -> list[Scored]:
    """Those that may lead: with a date, and where there are any, with a weight that is not negative."""
    dated = [s for s in choice if s.candidate.dated] or list(choice)
    return [s for s in dated if s.candidate.weight >= 0] or dated


def arrange(
    candidates: Sequence[Candidate],
    now: datetime,
    sections: Sequence[str],
    shape: Shape | None = None,
    pinned: Mapping[tuple[str, int], int] | None = None,
) -> list[Place]:
    """The whole page: lead, seconds, a block for each of `sections`, briefs; nothing and no story twice.

    `pinned`: places that an editor filled, {(area, position): key}; a pinned report needs not be strong, only known.
    """
    shape = shape or Shape()
    pinned = pinned or {}
    fresh = [c for c in candidates if now - c.at < OLD]
    enough = 1 + shape.seconds + shape.briefs
    pool = fresh
    if len(fresh) < enough:
        newest = sorted(candidates, key=lambda c: (c.at, c.key), reverse=True)
        pool = [*newest[: enough * 3], *[c for c in newest[enough * 3 :] if c.dated][:enough]]
    pins = set(pinned.values())
    pool = [*pool, *(c for c in candidates if c.key in pins and c not in pool)]
    page = _Page(now, {c.key: score(c, now) for c in pool})
    taken: dict[str, list[int]] = {}
    for (area, position), key in sorted(pinned.items()):
        if key in page.left:
            page.put(area, position, page.left[key], "placed by an editor")
            taken.setdefault(area, []).append(position)
    page.fill("lead", 1, taken.get("lead", ()))
    page.fill("second", shape.seconds, taken.get("second", ()))
    page.sources.clear()
    for section in sections:
        area = f"section:{section}"
        here = sum(1 for s in page.left.values() if s.candidate.section == section)
        if here >= shape.least_per_section or taken.get(area):
            page.fill(area, shape.per_section, taken.get(area, ()), only=section)
    page.fill("brief", shape.briefs, taken.get("brief", ()))
    return page.places
