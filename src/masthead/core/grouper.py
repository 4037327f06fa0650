"""A grouper in memory: applies `core.grouping` and `core.revising` to a stream of reports."""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from masthead.core import grouping, signing
from masthead.core.crowding import crowd, relative, so_far
from masthead.core.grouping import COMPARED, WINDOW, Choice, Peer
from masthead.core.revising import MOVES, NEIGHBOURS, Merge, Move, revise
from masthead.core.settling import settle

FORGET_EVERY = 1000
PAIRED = 40
"""So many of the reports that share most telling words are looked at when all are assigned at the end."""
HELD = 50_000
"""So many reports are held at most, for a stream that brings more than memory holds within the window or no times."""


@dataclass
class Grouper:
    """Groups a stream of reports in memory. Reports come in the order of their time, roughly.

    `story_of` tells in which story each report stands by now; of reports whose story is over only that is kept.
    """

    language: str = ""
    reports: int = 0
    stories: int = 0
    frequencies: Counter[str] = field(default_factory=Counter)
    count: int = 0
    _ahead: int = 0
    _settled: array[int] = field(default_factory=lambda: array("q"))
    _peers: dict[int, Peer] = field(default_factory=dict)
    _moves: dict[int, int] = field(default_factory=dict)
    _members: dict[int, list[int]] = field(default_factory=dict)
    _postings: dict[str, deque[int]] = field(default_factory=dict)
    _measured: dict[tuple[int, int], float] = field(default_factory=dict)

    def add(self, title: str, text: str, at: datetime, source: str = "") -> Choice:
        """Group one report; its story has a number from 0 up, `story` is never None."""
        counts = signing.count(title, text, self.language, source)
        if self._ahead:
            self._ahead -= 1
        else:
            self._count(counts.words)
        signature = signing.sign(counts, self.frequencies, self.reports)
        choice = grouping.choose(signature, at, self._near(signature, at))
        story = choice.story
        if story is None:
            story, self.stories = self.stories, self.stories + 1
        self.count += 1
        key = self.count
        self._settled.append(-1)
        self._peers[key] = Peer(key=key, story=story, at=at, signature=signature, crowd=choice.crowd)
        self._members.setdefault(story, []).append(key)
        for term in grouping.keys(signature):
            self._postings.setdefault(term, deque(maxlen=grouping.POSTED)).append(key)
        looked = {n: self._newest(n, at) for n in (story, *choice.near[:NEIGHBOURS])}
        for change in revise(story, looked, (), self._so_far):
            self._apply(change)
        if self.count % FORGET_EVERY == 0:
            self._forget(at)
        return Choice(story=self.story_of(key), likeness=choice.likeness, copy_of=choice.copy_of)

    def learn(self, title: str, text: str) -> None:
        """Count the words of a report beforehand, so that it is known how rare they are when the first is grouped.

        It is not counted again when it is added: the next so many that are added are taken for those learned.
        """
        self._count(signing.words(title, text, self.language))
        self._ahead += 1

    def _count(self, words: Iterable[str]) -> None:
        self.reports += 1
        self.frequencies.update(words)

    def story_of(self, key: int) -> int:
        """The story of the report that was added as the `key`th, from 1 up."""
        return self._peers[key].story if key in self._peers else self._settled[key - 1]

    def settle(self) -> None:
        """No more will come: assign the reports of the stories that are not over anew, with all evidence in."""
        near: list[tuple[int, int]] = []
        for key, peer in self._peers.items():
            others = [other for other in self._sharing(peer.signature, peer.at, PAIRED) if other != key]
            near += ((min(key, other), max(key, other)) for other in others)
            around = crowd(self._likeness(peer, self._peers[other]) for other in others)
            self._peers[key] = replace(peer, crowd=around)
        first = self.stories
        for key, story in settle(self._peers, near, self._at_last).items():
            self._put([key], first + story)
        self.stories = first + self.count + 1

    def _near(self, signature: signing.Signature, at: datetime) -> list[Peer]:
        """The newest reports of the stories that share telling words with `signature` and are not over."""
        found = {self._peers[key].story for key in self._sharing(signature, at)}
        return [peer for story in sorted(found) for peer in self._newest(story, at)]

    def _sharing(self, signature: signing.Signature, at: datetime, most: int = grouping.CANDIDATES) -> list[int]:
        """The reports that share most telling words with `signature`, near in time; at most `most`."""
        terms = grouping.keys(signature)
        few = grouping.fewest(len(terms))
        shared: Counter[int] = Counter()
        for term in terms:
            shared.update(key for key in self._postings.get(term, ()) if key in self._peers)
        near = ((n, key) for key, n in shared.items() if n >= few and abs(self._peers[key].at - at) <= WINDOW)
        return [key for _, key in sorted(near, reverse=True)[:most]]

    def _newest(self, story: int, at: datetime) -> list[Peer]:
        peers = [self._peers[key] for key in self._members[story][-4 * COMPARED :]]
        return sorted((p for p in peers if abs(p.at - at) <= WINDOW), key=lambda p: (p.at, p.key))[-COMPARED:]

    def _likeness(self, one: Peer, other: Peer) -> float:
        pair = (min(one.key, other.key), max(one.key, other.key))
        if pair not in self._measured:
            self._measured[pair] = grouping.likeness(one.signature, one.at, other.signature, other.at)
        return self._measured[pair]

    def _so_far(self, one: Peer, other: Peer) -> float:
        younger, older = (one, other) if one.key > other.key else (other, one)
        return so_far(self._likeness(one, other), younger.crowd, older.crowd)

    def _at_last(self, one: Peer, other: Peer) -> float:
        return relative(self._likeness(one, other), one.crowd, other.crowd)

    def _apply(self, change: Merge | Move) -> None:
        if isinstance(change, Merge):
            self._put(self._members[change.gone], change.into)
            return
        into = change.into
        if into is None:
            into, self.stories = self.stories, self.stories + 1
        for key in change.keys:
            self._moves[key] = self._moves.get(key, 0) + 1
        self._put(change.keys, into)

    def _put(self, keys: Iterable[int], into: int) -> None:
        for key in list(keys):
            peer = self._peers[key]
            self._members[peer.story].remove(key)
            if not self._members[peer.story]:
                del self._members[peer.story]
            self._members.setdefault(into, []).append(key)
            self._peers[key] = replace(peer, story=into, fixed=self._moves.get(key, 0) >= MOVES)
        self._members[into].sort()

    def _forget(self, at: datetime) -> None:
        """Drop the stories that are over, so that memory follows the window and not the stream."""
        before, oldest = at - 2 * WINDOW, self.count - HELD
        for story, members in list(self._members.items()):
            if members[-1] < oldest or max(self._peers[key].at for key in members) < before:
                for key in members:
                    del self._peers[key]
                    self._moves.pop(key, None)
                    self._settled[key - 1] = story
                del self._members[story]
        for term, found in list(self._postings.items()):
            while found and found[0] not in self._peers:
                found.popleft()
            if not found:
                del self._postings[term]
        self._measured.clear()
        if self.reports > grouping.REMEMBERED:
            self.reports //= 2
            self.frequencies = Counter({term: n // 2 for term, n in self.frequencies.items() if n > 1})
