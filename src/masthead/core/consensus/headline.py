"""Whose headline stands over a story, and what a headline says that no other report does."""

from __future__ import annotations

from collections.abc import Mapping

from masthead.core.consensus.reading import Reading, Report, further_down, telling, terms_of_word, words
from masthead.core.similar import everyday

STEADY = 1.2
"""So much better borne out another headline must be before the lead's gives way: titles do not flicker."""
CENTRAL = 8
"""So many of the story's commonest words a headline is measured against."""
LONGEST = 160
TELLING = 3
"""Fewer publishers do not tell whose headline is borne out."""


def headline(reading: Reading, lead: int) -> int:
    """The key of the report whose headline the others' words bear out most; `lead` with too few publishers."""
    if reading.sources < TELLING:
        return lead
    common = sorted(reading.bearers, key=lambda term: (-len(reading.bearers[term]), term))[:CENTRAL]
    weights = {term: len(reading.bearers[term]) for term in common if len(reading.bearers[term]) > 1}
    scores = {r.key: _score(reading, r, weights) * (STEADY if r.key == lead else 1.0) for r in reading.reports}
    best = max(reading.reports, key=lambda r: (scores[r.key], -r.at.timestamp(), -r.key))
    return best.key if scores[best.key] > 0 else lead


def _score(reading: Reading, report: Report, central: Mapping[str, int]) -> float:
    """How far the others bear the headline's words out, and how much of the story it tells: their harmonic mean."""
    if len(report.title) > LONGEST or report.title.rstrip().endswith(("…", "...")):
        return 0.0
    own = set(telling(report.title, report.language))
    if not own or not central:
        return 0.0
    borne = sum(reading.support(term, report.source) for term in own) / len(own)
    told = sum(weight for term, weight in central.items() if term in own) / sum(central.values())
    return 2 * borne * told / (borne + told) if borne and told else 0.0


def apart(reading: Reading) -> dict[int, tuple[str, ...]]:
    """The telling words of each headline, as written, that stand in no other publisher's report, all of it read.

    Only where it differs by a part: a headline of which the others know less than half is told in another way, and its
    words prove nothing. Nothing in languages whose everyday words are not known.
    """
    found: dict[int, tuple[str, ...]] = {}
    rest = [(report.source, further_down(report).casefold()) for report in reading.reports]
    for report in reading.reports:
        if reading.sources < 2 or not everyday(report.language):
            continue
        alone, known = _parted(reading, report)
        late = [text for source, text in rest if source != report.source]
        alone = [word for word in alone if not any(_beginning(word) in text for text in late)]
        if alone and known > len(alone):
            found[report.key] = tuple(dict.fromkeys(alone))
    return found


def _parted(reading: Reading, report: Report) -> tuple[list[str], int]:
    """The telling words of a headline that no other's opening holds, and how many there are that one does."""
    common = everyday(report.language)
    alone, known = [], 0
    for word in words(report.title):
        if word.isdecimal():
            continue  # a part of a number, or a number that says nothing without what it counts
        terms = [term for term in terms_of_word(word, report.language) if term not in common]
        if any(reading.others(term, report.source) for term in terms):
            known += 1
        elif terms:
            alone.append(word)
    return alone, known


def _beginning(word: str) -> str:
    """What all forms of a word begin with, or more words than that: in doubt a word stands elsewhere too."""
    return word.casefold()[: max(4, len(word) - 2)]
