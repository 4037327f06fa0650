"""A summary in the reports' own sentences: those that most other publishers bear out, one of each publisher."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from masthead.core.characters import words
from masthead.core.consensus.numerals import counts
from masthead.core.consensus.reading import REMEMBERED, Reading, Report, bearing, beginning, telling
from masthead.core.consensus.sentences import sentences

SENTENCES = 3
OPENING = 4
"""So many sentences of a report are looked at: later ones lean on what stands before them."""
SHORTEST, LONGEST = 40, 330
LEAST = 0.15
"""The least that a sentence must add. Below it nothing is told rather than something that one report says."""
DAMPING = 5
AGAIN = 0.4
"""What a word counts that a sentence before has told already."""
REPEATS = 0.6
AGREES = 0.4
"""The share of a sentence's telling words from which another report bears it out."""
_LEANING = words(
    "but and he she they it this that these those his her their its however also so then there aber und er sie es dies"
    " diese dieser dieses doch auch dabei damit darauf mais et il elle ils elles ce cet cette ces cela aussi pero y él"
    " ella ellos ellas esto este esta estos estas también но и а он она они оно это этот эта эти также لكن هو هي هم هذا"
    " هذه كما وهو وهي"
)
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a report, exactly. `borne`: the keys of others' reports that bear it out, one a publisher."""

    text: str
    key: int
    borne: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Offer:
    text: str
    report: Report
    terms: frozenset[str]
    place: float


def summary(
    reading: Reading, doubtful: Collection[tuple[str, ...]] = (), most: int = SENTENCES
) -> tuple[Sentence, ...]:
    """At most `most` sentences, the best borne out first; none with a single publisher or where nothing is shared.

    `doubtful`: what is counted by figures that differ (`Contest.nouns`); sentences that count it are not taken.
    """
    if reading.sources < 2:
        return ()
    offers = [offer for report in reading.reports for offer in _offered(report)]
    if doubtful:
        offers = [o for o in offers if not any(c.noun in doubtful for c in counts(o.text, o.report.language))]
    chosen: list[Sentence] = []
    used: set[int] = set()
    told: set[str] = set()
    while len(chosen) < most:
        left = (offer for offer in offers if offer.report.source not in used)
        ranked = sorted(((_worth(reading, o, told), -o.report.at.timestamp(), -o.report.key, o) for o in left),
                        key=lambda row: row[:3], reverse=True)  # fmt: skip
        picked = next(_borne_out(reading, ((row[0], row[3]) for row in ranked)), None)
        if picked is None:
            break
        offer, borne = picked
        chosen.append(Sentence(offer.text, offer.report.key, borne))
        used.add(offer.report.source)
        told |= offer.terms
    return tuple(chosen)


def _borne_out(reading: Reading, ranked: Iterator[tuple[float, _Offer]]) -> Iterator[tuple[_Offer, tuple[int, ...]]]:
    for worth, offer in ranked:
        if worth < LEAST:
            return
        if borne := bearing(reading, offer.terms, offer.report.source, AGREES):
            yield offer, borne


def _worth(reading: Reading, offer: _Offer, told: set[str]) -> float:
    """How much that others bear out a sentence adds to what has been told; 0 for one that says it again."""
    if len(offer.terms & told) > REPEATS * len(offer.terms):
        return 0.0
    borne = sum(reading.support(term, offer.report.source) * (AGAIN if term in told else 1.0) for term in offer.terms)
    return borne / (len(offer.terms) + DAMPING) * offer.place


@lru_cache(maxsize=REMEMBERED)
def _offered(report: Report) -> tuple[_Offer, ...]:
    return tuple(_offers(report))


def _offers(report: Report) -> Iterator[_Offer]:
    title = report.title.strip(" .")
    for position, text in enumerate(sentences(beginning(report.text))[:OPENING]):
        if text.split(maxsplit=1)[0].strip('"“„«').casefold() in _LEANING:
            continue  # it leans on what stands before it
        if not SHORTEST <= len(text) <= LONGEST or not _whole(text) or text.strip(" .") == title:
            continue
        terms = frozenset(telling(text, report.language))
        if len(terms) >= 3:
            yield _Offer(text, report, terms, 1.0 - 0.18 * position)


def _whole(text: str) -> bool:
    """Whether a sentence was not cut: it ends, and what it opens it closes."""
    if text.endswith(("…", "...")) or not text.rstrip("\"'”’»“)]").endswith((".", "!", "?", "؟", "。", "！", "？")):
        return False
    return text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in _PAIRS)
