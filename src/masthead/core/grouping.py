"""Which story a report belongs to: the rules, pure, and a grouper in memory that applies them to a stream.

A report is compared with the stories of the last days that share one of its telling words. It joins the nearest one
if it is near enough, else it opens its own. The thresholds are fixed for all languages and sites; they were chosen
once on three collections of English news (docs/decisions.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from masthead.core import similar
from masthead.core.similar import Signature

JOIN = 0.16
"""The likeness from which a report belongs to a story."""
COMMON = 4
"""Two reports with fewer telling words in common tell of nothing together, however rare those words are: one shared
name is no event. Of short reports half of their words are enough."""
FADE = 0.005
"""What a day of silence between the story and the report takes off the likeness."""
WINDOW = timedelta(days=6)
"""A story without a new report for so long is over: what resembles it then is another event."""
COPY = 0.5
"""The share of common runs of words from which two reports are copies of one."""
KEYS = 20
"""So many telling words lead to the stories that a report is compared with."""
COMPARED = 12
"""With so many of a story's newest reports a new one is compared."""

REMEMBERED = 20_000
"""From so many reports on, the counts of words are halved: what is rare is judged by the reports of late."""
FORGET_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Peer:
    """A report already in a story. `key` is the caller's."""

    key: int
    story: int
    at: datetime
    signature: Signature


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a report goes: `story` None opens a new one. `copy_of`: the key of the report that it copies."""

    story: int | None
    likeness: float = 1.0
    copy_of: int | None = None


def keys(terms: Mapping[str, float]) -> tuple[str, ...]:
    """The most telling words of a signature, heaviest first."""
    return tuple(term for term, _ in sorted(terms.items(), key=lambda pair: (-pair[1], pair[0]))[:KEYS])


def likeness(signature: Signature, at: datetime, peers: Sequence[Peer]) -> float:
    """How near a report is to a story: the mean of its mean and its best similarity, less what time takes off."""
    newest = sorted(peers, key=lambda p: p.at, reverse=True)[:COMPARED]
    found = [_similarity(signature.terms, peer.signature.terms) for peer in newest]
    gap = min(abs(at - peer.at) for peer in newest) / timedelta(days=1)
    return (sum(found) / len(found) + max(found)) / 2 - FADE * gap


def _similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two reports' terms; 0 where too few are common to both."""
    enough = min(COMMON, (min(len(one), len(other)) + 1) // 2)
    return similar.similarity(one, other) if len(one.keys() & other.keys()) >= enough else 0.0


def choose(signature: Signature, at: datetime, peers: Iterable[Peer]) -> Choice:
    """The story of a report among those of `peers`. Deterministic: of two as near, the older story."""
    stories: dict[int, list[Peer]] = {}
    for peer in peers:
        stories.setdefault(peer.story, []).append(peer)
    best, nearest = None, 0.0
    for story in sorted(stories):
        if min(abs(at - peer.at) for peer in stories[story]) > WINDOW:
            continue
        near = likeness(signature, at, stories[story])
        if near > nearest:
            best, nearest = story, near
    original = copied(signature, [p for story in stories.values() for p in story])
    if original is not None:
        return Choice(story=original.story, likeness=1.0, copy_of=original.key)
    if best is None or nearest < JOIN:
        return Choice(story=None)
    return Choice(story=best, likeness=nearest)


def copied(signature: Signature, peers: Iterable[Peer]) -> Peer | None:
    """The earliest report that this one is a copy of."""
    copies = [p for p in peers if similar.overlap(signature.sketch, p.signature.sketch) >= COPY]
    return min(copies, key=lambda p: (p.at, p.key), default=None)


@dataclass
class Grouper:
    """Groups a stream of reports in memory. Reports come in the order of their time, roughly."""

    language: str = ""
    reports: int = 0
    stories: int = 0
    frequencies: Counter[str] = field(default_factory=Counter)
    _count: int = 0
    _peers: dict[int, Peer] = field(default_factory=dict)
    _members: dict[int, list[int]] = field(default_factory=dict)
    _postings: dict[str, list[int]] = field(default_factory=dict)

    def add(self, title: str, text: str, at: datetime) -> Choice:
        """Group one report; its story has a number from 0 up, `story` is never None."""
        counts = similar.count_terms(title, text, self.language)
        self.reports += 1
        self._count += 1
        self.frequencies.update(counts.keys())
        terms = similar.sign(counts, self.frequencies, self.reports)
        signature = Signature(terms=terms, sketch=similar.sketch(text, self.language))
        choice = choose(signature, at, self._near(terms, at))
        story = choice.story
        if story is None:
            story, self.stories = self.stories, self.stories + 1
        key = self._count
        self._peers[key] = Peer(key=key, story=story, at=at, signature=signature)
        self._members.setdefault(story, []).append(key)
        for term in keys(terms):
            self._postings.setdefault(term, []).append(key)
        if self._count % FORGET_EVERY == 0:
            self._forget(at - 2 * WINDOW)
        return Choice(story=story, likeness=choice.likeness, copy_of=choice.copy_of)

    def _near(self, terms: Mapping[str, float], at: datetime) -> list[Peer]:
        """The reports of the stories that share a telling word with `terms` and are not over."""
        found: set[int] = set()
        for term in keys(terms):
            near = (self._peers[key] for key in self._postings.get(term, ()))
            found.update(peer.story for peer in near if abs(peer.at - at) <= WINDOW)
        return [self._peers[key] for story in found for key in self._members[story][-COMPARED:]]

    def _forget(self, before: datetime) -> None:
        """Drop the stories that are over, so that memory follows the window and not the stream."""
        for story, members in list(self._members.items()):
            if max(self._peers[key].at for key in members) < before:
                for key in members:
                    del self._peers[key]
                del self._members[story]
        kept = ((term, [key for key in found if key in self._peers]) for term, found in self._postings.items())
        self._postings = {term: found for term, found in kept if found}
        if self.reports > REMEMBERED:
            self.reports //= 2
            self.frequencies = Counter({term: n // 2 for term, n in self.frequencies.items() if n > 1})
