"""What a replay found: counts, and for every field a few samples. Plain records that are stored as JSON."""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from masthead.articles.replay.compare import Difference

SAMPLES = 8
"""Samples that are kept of each field."""
_CLIP = 320  # characters of a sample
_LEAD_IN = 60  # of them before the first difference
_MOST_FAILURES = 100


@dataclass(slots=True)
class Sample:
    """One difference, cut to the neighbourhood of its beginning."""

    rank: str
    article: int
    slug: str
    title: str
    before: str
    after: str


@dataclass(slots=True)
class FieldCount:
    """How many articles differ in a field; of them, how many a reader would notice, got it at all, or lose it."""

    changed: int = 0
    seen: int = 0
    gained: int = 0
    lost: int = 0


@dataclass(slots=True)
class Failure:
    """An entry of which nothing could be made this time."""

    entry: int
    error: str


@dataclass(slots=True)
class Findings:
    """`looked` counts entries: each is one of same, refreshed, revised, made, failed, or left alone (with the reason).

    refreshed: only what readers do not notice differs. made: an article of an entry that had been refused.
    """

    looked: int = 0
    same: int = 0
    refreshed: int = 0
    revised: int = 0
    made: int = 0
    failed: int = 0
    left: dict[str, int] = field(default_factory=dict)
    fields: dict[str, FieldCount] = field(default_factory=dict)

    def leave(self, reason: str) -> None:
        """Count an entry that replay does not touch."""
        self.left[reason] = self.left.get(reason, 0) + 1

    def take_over(self, other: Findings) -> None:
        """Add what another part of the run found."""
        for name in ("looked", "same", "refreshed", "revised", "made", "failed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for reason, number in other.left.items():
            self.left[reason] = self.left.get(reason, 0) + number
        for field_name, theirs in other.fields.items():
            ours = self.fields.setdefault(field_name, FieldCount())
            for name in ("changed", "seen", "gained", "lost"):
                setattr(ours, name, getattr(ours, name) + getattr(theirs, name))

    def count(self, differences: Iterable[Difference]) -> None:
        """Count an article that would change, and in what."""
        noticed = False
        for found in differences:
            count = self.fields.setdefault(found.field, FieldCount())
            count.changed += 1
            count.seen += found.seen
            count.gained += not found.before and bool(found.after)
            count.lost += bool(found.before) and not found.after
            noticed = noticed or found.seen
        self.revised += noticed
        self.refreshed += not noticed


@dataclass(slots=True)
class Samples:
    """The samples, chosen by a digest of entry and field: evenly over the archive, and the same however often a run
    was stopped."""

    fields: dict[str, list[Sample]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def add(self, article: int, slug: str, title: str, found: Difference) -> bool:
        """Keep a difference if it is among those chosen; tells whether it is."""
        rank = hashlib.sha256(f"{article} {found.field}".encode()).hexdigest()[:16]
        kept = self.fields.setdefault(found.field, [])
        if len(kept) >= SAMPLES and rank >= kept[-1].rank:
            return False
        before, after = clipped(found.before, found.after)
        insort(kept, Sample(rank, article, slug, title[:200], before, after), key=lambda sample: sample.rank)
        del kept[SAMPLES:]
        return True

    def take_over(self, other: Samples) -> None:
        """Add another part's samples: those that one process would have chosen of both."""
        for name, theirs in other.fields.items():
            both = sorted([*self.fields.get(name, []), *theirs], key=lambda sample: sample.rank)
            self.fields[name] = both[:SAMPLES]
        self.failures = [*self.failures, *other.failures][:_MOST_FAILURES]

    def fail(self, entry: int, error: str) -> None:
        """Keep why an entry failed, of the first hundred."""
        if len(self.failures) < _MOST_FAILURES:
            self.failures.append(Failure(entry, error[:500]))


def clipped(before: str, after: str) -> tuple[str, str]:
    """Two texts cut to the neighbourhood of their first difference, what is left out marked by an ellipsis."""
    if len(before) <= _CLIP and len(after) <= _CLIP:
        return before, after
    shorter = min(len(before), len(after))
    at = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    start = max(0, at - _LEAD_IN)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    piece = text[start : start + _CLIP]
    return f"{'…' if start and text else ''}{piece}{'…' if start + _CLIP < len(text) else ''}"
