"""Which story a report belongs to: the rules, pure. `core.grouper` applies them to a stream in memory.

A report is compared with the stories of the last days that share its telling words. It joins the nearest one if it
is near enough, else it opens its own. What speaks against one event (`against`) takes likeness off, and where a subject
fills the news a likeness is worth less (`core.crowding`). The thresholds are fixed for all languages and sites; they
were chosen once on three collections of English news (docs/decisions.md). `core.revising` looks at stories again when a
report has joined.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from masthead.core import signing, similar
from masthead.core.crowding import ALONE, crowd, so_far
from masthead.core.signing import Signature

JOIN = 0.075
"""The mean likeness, for what it is worth in its crowd, from which a report belongs to a story."""
COMMON = 4
"""Two reports with fewer telling words in common tell of nothing together, however rare those words are: one shared
name is no event. Of short reports half of their words are enough."""
FADE = 0.04
"""The share of the likeness that each day between two reports takes off, compounded."""
WINDOW = timedelta(days=6)
"""A story without a new report for so long is over: what resembles it then is another event."""
COPY = 0.5
"""The share of common runs of words from which two reports are copies of one."""
KEYS = 30
"""So many telling words lead to the stories that a report is compared with."""
POSTED = 32
"""So many of the newest reports that hold a telling word are looked at: a word that is everywhere costs no more."""
CANDIDATES = 24
"""With the stories of so many of the reports that share most telling words a new one is compared."""
COMPARED = 8
"""With so many of a story's newest reports a new one is compared."""

KNOWN = 0.6
"""The mean share of one report's main names that the other must know for full likeness; with less it fades in
proportion: another place, team or person."""
STRANGERS = 0.7
"""What is left at least of the likeness where not one main name is known: the words themselves say most of it."""
FORM = 0.1
"""The share of common runs of words from which two reports that hardly know each other's names (less than half of
`KNOWN`) are one form filled in anew, the weather of two towns; and what is left of their likeness. So it is where their
headlines are one but for a name in each that the other report does not know."""
OTHER_FIGURES = 0.2
"""What is left where both name results or decimals, and none in common: another match, quake or trading day."""
APART = -2.0
"""The likeness of two reports that cannot be of one event: it outweighs whatever speaks for it."""
PERIOD = timedelta(hours=16)
"""One headline again after so long, about another day, is the next item of a column: weather, markets, a briefing."""
SAME_HEADLINE = 0.6
"""The share of common words from which two headlines are one, days and numbers left aside."""

REMEMBERED = 20_000
"""From so many reports on, the counts of words are halved: what is rare is judged by the reports of late."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A report already in a story. `key` is the caller's. `fixed`: an editor placed it, or it was moved too often.

    `crowd`: how crowded it is around it (`core.crowding`).
    """

    key: int
    story: int
    at: datetime
    signature: Signature
    fixed: bool = False
    crowd: float = ALONE


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a report goes: `story` None opens a new one. `copy_of`: the key of the report that it copies.

    `near`: the other stories that it came near to, nearest first, which are looked at again with its own. `crowd`: how
    crowded it is around it.
    """

    story: int | None
    likeness: float = 1.0
    copy_of: int | None = None
    near: tuple[int, ...] = ()
    crowd: float = ALONE


def keys(signature: Signature) -> tuple[str, ...]:
    """The words that lead to a report, most telling first."""
    return signing.telling(signature.terms, KEYS)


def fewest(words: int) -> int:
    """How many telling words a report must share with one of so many, to be compared at all."""
    return 3 if words >= 20 else 2 if words >= 8 else 1


def likeness(one: Signature, at: datetime, other: Signature, then: datetime) -> float:
    """How much two reports speak for one event, 0..1; `APART` where they are sure to be of two.

    1 is a copy: the same text. One with other names or figures in it is a form filled in anew, and no copy.
    """
    shared = _similarity(one.terms, other.terms)
    if not shared:
        return 0.0
    left = against(one, at, other, then)
    if left == 1.0 and shared >= COPY / 2 and similar.overlap(one.sketch, other.sketch) >= COPY:
        return 1.0
    return shared * left * math.exp(-FADE * (abs(at - then) / timedelta(days=1))) if left > 0 else left


def _similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two reports' terms; 0 where too few are common to both."""
    if len(one) > len(other):
        one, other = other, one
    both = [term for term in one if term in other]
    enough = min(COMMON, (len(one) + 1) // 2)
    return sum(one[term] * other[term] for term in both) if len(both) >= enough else 0.0


def against(one: Signature, at: datetime, other: Signature, then: datetime) -> float:
    """What is left of the likeness of two reports after what speaks against one event: 1 all, `APART` never one."""
    if one.years and other.years and not set(one.years) & set(other.years):
        return APART
    other_day = one.days and other.days and not set(one.days) & set(other.days)
    if other_day and abs(at - then) >= PERIOD and _same_headline(one, other):
        return APART
    left = 1.0
    if one.names and other.names:
        known = (_known(one, other) + _known(other, one)) / 2
        form = known < KNOWN / 2 and similar.overlap(one.sketch, other.sketch) >= FORM
        left *= FORM if form or _other_name(one, other) else min(1.0, max(STRANGERS, known / KNOWN))
    if one.figures and other.figures and not set(one.figures) & set(other.figures):
        left *= OTHER_FIGURES
    return left


def _known(one: Signature, other: Signature) -> float:
    """The share of the main names of one report that the other holds."""
    return sum(share for name, share in one.names if name in other.terms or signing.NAME + name in other.terms)


def _strange(one: Signature, other: Signature) -> frozenset[str]:
    """The main names of one report that the other does not hold."""
    return frozenset(n for n, _ in one.names if n not in other.terms and signing.NAME + n not in other.terms)


def _other_name(one: Signature, other: Signature) -> bool:
    """Whether the headlines are one but for a main name in each of which the other report knows nothing."""
    ours, theirs = set(one.series), set(other.series)
    here, there = ours & _strange(one, other), theirs & _strange(other, one)
    same = ours - here
    return bool(here and there) and same == theirs - there and len(same) >= max(len(here), len(there))


def _same_headline(one: Signature, other: Signature) -> bool:
    both, either = set(one.series) & set(other.series), set(one.series) | set(other.series)
    return len(both) >= SAME_HEADLINE * len(either) > 0


def choose(signature: Signature, at: datetime, peers: Iterable[Peer]) -> Choice:
    """The story of a report among those of `peers`. Deterministic: of two as near, the older story."""
    stories: dict[int, list[Peer]] = {}
    for peer in peers:
        stories.setdefault(peer.story, []).append(peer)
    newest = {story: sorted(members, key=_age)[-COMPARED:] for story, members in stories.items()}
    alike = {
        peer.key: likeness(signature, at, peer.signature, peer.at)
        for story, members in newest.items()
        if min(abs(at - peer.at) for peer in stories[story]) <= WINDOW
        for peer in members
    }
    own = crowd(alike.values())
    found: list[tuple[float, int]] = []
    for story, members in newest.items():
        worth = [so_far(alike[peer.key], own, peer.crowd) for peer in members if peer.key in alike]
        if worth:
            found.append((-sum(worth) / len(worth), story))
    found.sort()
    copies = [peer for members in newest.values() for peer in members if alike.get(peer.key) == 1.0]
    original = min(copies, key=_age, default=None)
    if original is not None:
        found.insert(0, (-1.0, original.story))
    close = tuple(dict.fromkeys(story for near, story in found if -near >= JOIN / 2))
    if not found or -found[0][0] < JOIN:
        return Choice(story=None, near=close, crowd=own)
    return Choice(found[0][1], -found[0][0], original.key if original else None, close[1:], own)


def _age(peer: Peer) -> tuple[datetime, int]:
    return peer.at, peer.key
