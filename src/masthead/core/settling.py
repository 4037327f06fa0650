"""The final assignment of a collection that is known as a whole: average-link clustering, whatever the order. Pure.

A site groups as reports arrive and corrects itself by `core.revising`; where nothing more will come, all evidence is
in, and the same likeness is applied to all reports at once.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from masthead.core.grouping import WINDOW, Peer
from masthead.core.revising import Likeness

TOGETHER = 0.065
"""The mean likeness between two parts from which they are one event. Less than `grouping.JOIN`: as reports arrive,
crowds are measured short."""
PAIRS = 400
"""Between larger parts, pairs that no telling word led to are not measured but taken as strangers."""


class Parts:
    """The parts that the reports fall into so far, and how near the neighbouring ones are."""

    def __init__(self, peers: Iterable[Peer], near: Iterable[tuple[int, int]], measure: Likeness) -> None:
        self.measure = measure
        self.members = {peer.key: [peer] for peer in peers}
        self.ages = dict.fromkeys(self.members, 0)
        self.links: dict[int, dict[int, tuple[float, int]]] = {key: {} for key in self.members}
        self.heap: list[tuple[float, int, int, int, int]] = []
        for one, other in near:
            if other not in self.links[one]:
                self._link(one, other, self._between(self.members[one], self.members[other]))

    def _between(self, one: Sequence[Peer], other: Sequence[Peer]) -> tuple[float, int]:
        """The sum of the likenesses between two parts and the number of the pairs; too far apart in time, no pair."""
        if len(one) * len(other) > PAIRS:
            return 0.0, len(one) * len(other)
        found = [self.measure(a, b) for a in one for b in other if abs(a.at - b.at) <= WINDOW]
        return sum(found), len(found)

    def _link(self, one: int, other: int, link: tuple[float, int]) -> None:
        self.links[one][other] = self.links[other][one] = link
        if link[1] and link[0] / link[1] >= TOGETHER:
            low, high = min(one, other), max(one, other)
            heapq.heappush(self.heap, (-link[0] / link[1], low, high, self.ages[low], self.ages[high]))

    def join(self, kept: int, gone: int) -> None:
        """Make two parts one."""
        before, added = self.links[kept], self.links.pop(gone)
        for neighbour in added:
            del self.links[neighbour][gone]
        added.pop(kept)
        self.ages[kept] += 1
        for neighbour in before.keys() | added.keys():
            there = self.members[neighbour]
            one = before.get(neighbour) or self._between(self.members[kept], there)
            other = added.get(neighbour) or self._between(self.members[gone], there)
            self._link(kept, neighbour, (one[0] + other[0], one[1] + other[1]))
        self.members[kept] += self.members.pop(gone)

    def nearest(self) -> tuple[int, int] | None:
        """The two nearest parts, if they are near enough to be one."""
        while self.heap:
            _, low, high, age, other_age = heapq.heappop(self.heap)
            if low in self.members and high in self.members and (self.ages[low], self.ages[high]) == (age, other_age):
                return low, high
        return None


def settle(peers: Mapping[int, Peer], near: Iterable[tuple[int, int]], measure: Likeness) -> dict[int, int]:
    """The story of each report, named by its smallest key. `near`: the pairs that share telling words.

    The two nearest parts are joined again and again, by the mean over the pairs between them, until none are as near
    as `TOGETHER`.
    """
    parts = Parts(peers.values(), near, measure)
    while pair := parts.nearest():
        parts.join(*pair)
    return {peer.key: story for story, members in parts.members.items() for peer in members}
