"""A front page from scored reports: lead, seconds, blocks of sections, briefs. Pure and deterministic.

Three rules stand above the score. Shares: one house, section or topic does not fill a part of the page while others
have something fit to stand there. Rest: what stands keeps its place until something is clearly stronger, and two that
stand do not change places for less. Old news waits: a report of more than three days comes only where nothing newer is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from masthead.core.rank import OLD, Candidate, Reason, Scored, score

HOLDS = 1.2
"""So much stronger another report must be to take a place that is held."""
SAME_HOUSE, SAME_SECTION, SAME_TOPIC = 0.6, 0.88, 0.7
"""What each report of the same house, section or topic that stands in the same part takes off."""
FIT = 1 / 16
"""A report this weak beside the strongest does not get a place for the sake of variety."""
TOPIC_WORDS = 2
"""Two headlines with so many telling words in common (and a third of the shorter one's) are of one topic."""


@dataclass(frozen=True, slots=True)
class Share:
    """At most so many places of a part for one house, topic, section."""

    house: int
    topic: int
    section: int


TOP = Share(house=2, topic=2, section=3)
BLOCK = Share(house=2, topic=2, section=99)
BRIEFS = Share(house=3, topic=2, section=4)


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the page and who fills it."""

    area: str
    position: int
    key: int
    score: float
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How much room a front page has."""

    seconds: int = 4
    per_section: int = 4
    least_per_section: int = 2
    briefs: int = 8

    @property
    def enough(self) -> int:
        """With so many fresh reports no old one is looked at."""
        return 1 + self.seconds + self.briefs


def same_topic(one: Candidate, other: Candidate) -> bool:
    """Whether two headlines are about the same matter."""
    common = len(one.words & other.words)
    return common >= TOPIC_WORDS and 3 * common >= min(len(one.words), len(other.words))


@dataclass
class _Part:
    """A part of the page while it is being filled: how much of each house, section and topic stands there already."""

    share: Share
    standing: list[Candidate] = field(default_factory=list)
    houses: Counter[str] = field(default_factory=Counter)
    sections: Counter[str] = field(default_factory=Counter)
    topics: dict[int, tuple[int, int]] = field(default_factory=dict)

    def put(self, candidate: Candidate) -> None:
        self.standing.append(candidate)
        self.houses[candidate.house] += 1
        self.sections[candidate.section] += 1

    def topic(self, candidate: Candidate) -> int:
        """How many of the candidate's topic stand there. Each pair is compared once."""
        compared, found = self.topics.get(candidate.key, (0, 0))
        if compared < len(self.standing):
            found += sum(1 for other in self.standing[compared:] if same_topic(other, candidate))
            self.topics[candidate.key] = (len(self.standing), found)
        return found

    def strength(self, found: Scored) -> float:
        """The score as it counts for a place in this part."""
        own = found.candidate
        value = found.score * SAME_HOUSE ** self.houses[own.house] * SAME_TOPIC ** self.topic(own)
        return value if self.share is BLOCK else value * SAME_SECTION ** self.sections[own.section]

    def within(self, choice: Sequence[Scored]) -> Sequence[Scored]:
        """Those of `choice` whose shares are not used up. Where none of them is fit, the section's share gives way
        first, then the topic's, last the house's: a site of one source still varies its topics."""
        strongest = max(s.score for s in choice)
        house = {s.candidate.key for s in choice if self.houses[s.candidate.house] < self.share.house}
        topic = {s.candidate.key for s in choice if self.topic(s.candidate) < self.share.topic}
        section = {s.candidate.key for s in choice if self.sections[s.candidate.section] < self.share.section}
        for keys in (house & topic & section, house & topic, house, topic & section, topic):
            some = [s for s in choice if s.candidate.key in keys]
            if any(s.score >= FIT * strongest for s in some):
                return some
        return choice


@dataclass
class _Page:
    """The page while it is being filled."""

    left: dict[int, Scored]
    places: list[Place] = field(default_factory=list)

    def put(self, area: str, position: int, found: Scored, *notes: Reason) -> None:
        self.places.append(Place(area, position, found.candidate.key, round(found.score, 6), (*found.why, *notes)))

    def take(self, found: Scored) -> None:
        """No other report of the same story stands on the page besides this one."""
        own = found.candidate
        self.left = {
            key: other
            for key, other in self.left.items()
            if key != own.key and (own.story is None or other.candidate.story != own.story)
        }

    def fill(self, area: str, positions: Iterable[int], part: _Part, only: str | None = None) -> None:
        """Fill these places of an area with the strongest that are left (of the section `only`)."""
        free = list(positions)
        chosen: list[tuple[Scored, tuple[Reason, ...]]] = []
        for _ in free:
            choice: Sequence[Scored] = [s for s in self.left.values() if only is None or s.candidate.section == only]
            choice = _fit_to_lead(choice) if area == "lead" else choice
            if not choice:
                break
            found, notes = self._best(area, choice, part)
            chosen.append((found, notes))
            part.put(found.candidate)
            self.take(found)
        for position, (found, notes) in zip(free, _in_order(area, chosen), strict=False):
            self.put(area, position, found, *notes)

    def _best(self, area: str, choice: Sequence[Scored], part: _Part) -> tuple[Scored, tuple[Reason, ...]]:
        """The strongest for a place, and what besides its score brought it there."""
        rated = [(part.strength(s), s) for s in part.within(choice)]
        found = max(rated, key=lambda r: (r[0] * HOLDS if r[1].candidate.holds == area else r[0], *_order(r[1])))[1]
        without = max(rated, key=lambda r: (r[0], *_order(r[1])))[1]
        if found is not without:
            return found, (Reason("held"),)
        return found, (Reason("variety"),) if any(s.score > found.score for s in choice) else ()


def _order(found: Scored) -> tuple[datetime, int]:
    """Equals stand newest first, then by number."""
    return found.candidate.at, -found.candidate.key


def _in_order(
    area: str, chosen: Sequence[tuple[Scored, tuple[Reason, ...]]]
) -> list[tuple[Scored, tuple[Reason, ...]]]:
    """The chosen of an area by strength, those that stood there before as they stood unless one is clearly stronger."""
    stood = [pair for pair in chosen if pair[0].candidate.holds == area]
    order = sorted(stood, key=lambda pair: (pair[0].candidate.stood, pair[0].candidate.key))
    for end in range(1, len(order)):
        at = end
        while at and order[at][0].score > HOLDS * order[at - 1][0].score:
            order[at - 1], order[at] = order[at], order[at - 1]
            at -= 1
    for pair in (pair for pair in chosen if pair[0].candidate.holds != area):
        at = next((n for n, other in enumerate(order) if other[0].score < pair[0].score), len(order))
        order.insert(at, pair)
    return order


def _fit_to_lead(choice: Sequence[Scored]) -> Sequence[Scored]:
    """Those that may lead: with a stated day, and where there are any, with a weight that is not negative."""
    dated = [s for s in choice if s.candidate.dated] or choice
    return [s for s in dated if s.candidate.weight >= 0] or dated


def _pool(candidates: Sequence[Candidate], now: datetime, shape: Shape, pins: set[int]) -> list[Candidate]:
    """The reports that a page is made of: the fresh ones; where they are too few, the newest besides."""
    fresh = [c for c in candidates if now - c.at < OLD]
    chosen = {c.key for c in fresh} | pins
    if len(fresh) < shape.enough:
        older = sorted((c for c in candidates if now - c.at >= OLD), key=lambda c: (c.at, -c.key), reverse=True)
        chosen |= {c.key for c in older[: 3 * shape.enough]}
        chosen |= {c.key for c in [c for c in older if c.dated][: shape.enough]}
    return [c for c in candidates if c.key in chosen]


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
    shape, pinned = shape or Shape(), pinned or {}
    pool = _pool(candidates, now, shape, set(pinned.values()))
    page = _Page({c.key: score(c, now) for c in pool})
    parts: dict[str, _Part] = {"lead": (top := _Part(TOP)), "second": top, "brief": _Part(BRIEFS)}
    taken: dict[str, list[int]] = {}
    known = dict(page.left)  # an editor may pin two reports of one story
    for (area, position), key in sorted(pinned.items()):
        if found := known.pop(key, None):
            page.put(area, position, found, Reason("editor"))
            page.take(found)
            parts.setdefault(area, _Part(BLOCK)).put(found.candidate)
            taken.setdefault(area, []).append(position)

    def free(area: str, size: int) -> list[int]:
        return [p for p in range(size) if p not in taken.get(area, ())]

    page.fill("lead", free("lead", 1), top)
    page.fill("second", free("second", shape.seconds), top)
    for section in sections:
        area = f"section:{section}"
        left = (s.candidate for s in page.left.values() if s.candidate.section == section)
        here = len({(c.story is None, c.story or c.key) for c in left})  # of a story one report stands on the page
        if here >= shape.least_per_section or taken.get(area):
            page.fill(area, free(area, shape.per_section), parts.get(area) or _Part(BLOCK), only=section)
    page.fill("brief", free("brief", shape.briefs), parts["brief"])
    return page.places
