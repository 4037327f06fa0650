"""Reports as consensus sees them: their telling words, and by how many publishers each word is used."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from masthead.core.similar import everyday, fold, tokens

READ_CHARACTERS = 1500
"""So much of a report is read: what several tell of an event stands in their openings."""

LONGEST = 30_000
"""Characters, some 5,000 words: what stands beyond is no report of one event."""

REMEMBERED = 256
"""What so many reports say by themselves is remembered, a few megabytes."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it may be shown. `key` is the caller's; `source` the publisher; `whole` is never shown.

    What a report says by itself is remembered by the report (`REMEMBERED`): when another one joins a story, only that
    one is read. Callers cut texts at `LONGEST`; nothing behind it is read.
    """

    key: int
    source: int
    title: str
    text: str
    whole: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """Reports with their words. `terms`: of headline and opening, by key; `bearers`: who uses a word."""

    reports: Sequence[Report]
    sources: int
    terms: Mapping[int, frozenset[str]]
    bearers: Mapping[str, frozenset[int]]

    def others(self, term: str, source: int) -> int:
        """How many publishers besides `source` use a word."""
        bearers = self.bearers.get(term, frozenset())
        return len(bearers) - (source in bearers)

    def support(self, term: str, source: int) -> float:
        """The share of the publishers besides `source` that use a word, 0..1."""
        return self.others(term, source) / (self.sources - 1) if self.sources > 1 else 0.0


@lru_cache(maxsize=100_000)
def terms_of_word(word: str, language: str) -> tuple[str, ...]:
    """A word as terms: one, or pairs of characters where no spaces are written; none for a single letter."""
    return tuple(tokens(word, language))


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """`similar.fold`, remembered: the reports of an event are written in the same few words."""
    return fold(word)


def telling(text: str, language: str) -> list[str]:
    """The terms of `text` in order, everyday words left out."""
    common = everyday(language)
    return [term for word in words(text) for term in terms_of_word(word, language) if term not in common]


def words(text: str) -> list[str]:
    """The words of a text as they are written."""
    return _WORD.findall(text)


def read(reports: Iterable[Report], known: Mapping[int, Collection[str]] | None = None) -> Reading:
    """The words of these reports. `known`: those of the openings that were read before, by key; no text is then read
    besides the headlines."""
    kept = tuple(reports)
    terms: dict[int, frozenset[str]] = {}
    bearers: dict[str, set[int]] = {}
    for report in kept:
        if known is None:
            own = _own_terms(report)
        else:
            own = frozenset([*telling(report.title, report.language), *known.get(report.key, ())])
        terms[report.key] = own
        for term in own:
            bearers.setdefault(term, set()).add(report.source)
    return Reading(
        reports=kept,
        sources=len({report.source for report in kept}),
        terms=terms,
        bearers={term: frozenset(found) for term, found in bearers.items()},
    )


@lru_cache(maxsize=REMEMBERED)
def _own_terms(report: Report) -> frozenset[str]:
    return frozenset(telling(f"{report.title}\n{opening(report)}", report.language))


def beginning(text: str) -> str:
    """So much of a text as is read, cut between words."""
    return text if len(text) <= READ_CHARACTERS else text[:READ_CHARACTERS].rsplit(maxsplit=1)[0]


def opening(report: Report) -> str:
    """The beginning of a report, of all of it."""
    return beginning(report.whole or report.text)


def further_down(report: Report) -> str:
    """What follows the opening, as far as any report goes."""
    return (report.whole or report.text)[len(opening(report)) : LONGEST]


def bearing(reading: Reading, wanted: Collection[str], source: int, share: float) -> tuple[int, ...]:
    """The keys of other publishers' reports, one each, that hold at least `share` of the words and three of them."""
    found: dict[int, int] = {}
    distinct = set(wanted)
    enough = max(3, share * len(distinct))
    for report in reading.reports:
        if report.source == source or report.source in found:
            continue
        if len(distinct & reading.terms[report.key]) >= enough:
            found[report.source] = report.key
    return tuple(found.values())
