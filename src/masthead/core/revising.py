"""Late evidence: the story that a report joined and its neighbours are looked at again. Pure.

Three things may change, one of each at most for a report, so that the work is bounded: two stories become one, a
report moves to the story that it is nearer to, a story falls apart into two. Nothing flips back and forth: apart needs
clearly less likeness than together, and the machine moves a report `MOVES` times at most. Reports that an editor
placed never move, and a story that holds one is neither merged nor split.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from masthead.core.crowding import so_far
from masthead.core.grouping import COMPARED, JOIN, WINDOW, Peer, likeness

MERGE = 0.08
"""The mean likeness between two stories' reports from which they are one event."""
SPLIT = 0.06
"""The mean likeness between two parts of a story under which they are two events."""
NEARER = 0.01
"""So much nearer to another story a report must be to move there."""
MOVES = 2
"""So often the machine moves a report, besides merging whole stories."""
NEIGHBOURS = 4
"""So many of the stories that a report came near to are looked at."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Story `gone` is one with story `into`."""

    gone: int
    into: int


@dataclass(frozen=True, slots=True)
class Move:
    """These reports leave their story for `into`; None: for a new one."""

    keys: tuple[int, ...]
    story: int
    into: int | None


Likeness = Callable[[Peer, Peer], float]


def alike(one: Peer, other: Peer) -> float:
    """What the likeness of two reports in stories is worth."""
    younger, older = (one, other) if one.key > other.key else (other, one)
    return so_far(likeness(one.signature, one.at, other.signature, other.at), younger.crowd, older.crowd)


def revise(
    story: int,
    stories: Mapping[int, Sequence[Peer]],
    held: Collection[int] = (),
    measure: Likeness = alike,
) -> list[Merge | Move]:
    """What changes now that a report has joined `story`.

    `stories`: the newest reports of it and its neighbours; `held`: the stories in which an editor placed something.
    """
    newest = {n: sorted(p, key=lambda p: (p.at, p.key))[-COMPARED:] for n, p in stories.items() if p}
    own = newest[story]
    others = {n: p for n, p in newest.items() if n != story and _near_in_time(own, p)}
    if story not in held:
        free = [n for n in others if n not in held]
        nearest = max(free, key=lambda n: (_between(own, others[n], measure), -n), default=None)
        if nearest is not None and _between(own, others[nearest], measure) >= MERGE:
            older, younger = sorted([story, nearest], key=lambda n: (newest[n][0].at, n))
            return [Merge(gone=younger, into=older)]
    moves = _moves(story, own, others, measure)
    if moves:
        return moves
    return [] if story in held else _split(story, own, measure)


def leaves(peer: Peer, mates: Sequence[Peer], measure: Likeness = alike) -> bool:
    """Whether a report, whose text changed, tells of another event now than the others of its story, `mates`."""
    newest = sorted(mates, key=lambda p: (p.at, p.key))[-COMPARED:]
    return bool(newest) and not peer.fixed and _between([peer], newest, measure) < SPLIT


def _near_in_time(one: Sequence[Peer], other: Sequence[Peer]) -> bool:
    return one[0].at - other[-1].at <= WINDOW and other[0].at - one[-1].at <= WINDOW


def _between(one: Sequence[Peer], other: Sequence[Peer], measure: Likeness) -> float:
    """The mean likeness between the reports of two parts."""
    return sum(measure(a, b) for a in one for b in other) / (len(one) * len(other))


def _moves(
    story: int, own: Sequence[Peer], others: Mapping[int, Sequence[Peer]], measure: Likeness
) -> list[Merge | Move]:
    """The one report that is most at home elsewhere: out of the story or into it."""
    found: list[tuple[float, int, Move]] = []
    for number, members in others.items():
        for home, away, there, into in ((own, members, story, number), (members, own, number, story)):
            for peer in home:
                rest = [p for p in home if p is not peer]
                if peer.fixed or not rest:
                    continue
                gain = _between([peer], away, measure) - _between([peer], rest, measure)
                if gain >= NEARER and _between([peer], away, measure) >= JOIN:
                    found.append((gain, -peer.key, Move(keys=(peer.key,), story=there, into=into)))
    return [max(found, key=lambda f: f[:2])[2]] if found else []


def _split(story: int, members: Sequence[Peer], measure: Likeness) -> list[Merge | Move]:
    """The story in two, by joining its nearest parts until two are left, if these are far enough apart."""
    if len(members) < 2:
        return []
    parts = [[peer] for peer in members]
    while len(parts) > 2:
        one, other = max(combinations(parts, 2), key=lambda pair: _between(pair[0], pair[1], measure))
        parts = [p for p in parts if p is not one and p is not other] + [one + other]
    leaving, staying = sorted(parts, key=lambda part: (len(part), -min(p.at for p in part).timestamp(), -part[0].key))
    if _between(leaving, staying, measure) >= SPLIT or any(p.fixed for p in leaving):
        return []
    return [Move(keys=tuple(p.key for p in leaving), story=story, into=None)]
