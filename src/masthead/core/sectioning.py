"""The section of a report by its words, when nobody names one: naive Bayes over the site's own reports. Pure.

What is learned are the words of the headlines and standfirsts that publishers, feeds and editors have put into sections
here. A verdict is given only when it is clear: several words that are at home in one section, and a wide margin to the
next (Manning, Raghavan, Schütze, Introduction to Information Retrieval, chapter 13, the Bernoulli model over the words
that are there). Silence is the usual answer; a report without a section is no harm, one in the wrong section is.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FEWEST_REPORTS = 20
"""A section of which fewer reports are known takes none by its words."""
FEWEST_TIMES = 3
"""A word that a section had less often says nothing of it."""
WORDS = 6000
"""So many words a profile keeps, the most frequent."""
LIFT = 5.0
"""A word is at home in a section that has it so much oftener than every other."""
EVIDENCE = 3
"""So many words at home in a section a report needs to go there."""
MARGIN = math.log(1000)
"""So much likelier than any other section it must be."""
TOLD = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """A report whose section somebody stated."""

    section: str
    source: int
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a language: reports by section; of each word, how many reports of each section hold it."""

    reports: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A section, and the words that speak for it, the strongest first."""

    section: str
    evidence: tuple[str, ...]


def learn(samples: Iterable[Sample]) -> Profile:
    """A profile of these reports. Where there are several sources, words that a single one uses are left out: they are
    its furniture ("Courier Sport")."""
    reports: Counter[str] = Counter()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    users: defaultdict[str, set[int]] = defaultdict(set)
    sources: set[int] = set()
    for sample in samples:
        reports[sample.section] += 1
        sources.add(sample.source)
        for word in sample.words:
            counts[word][sample.section] += 1
            users[word].add(sample.source)
    shared = min(2, len(sources))
    telling = {w: c for w, c in counts.items() if len(users[w]) >= shared and max(c.values()) >= FEWEST_TIMES}
    kept = sorted(telling, key=lambda w: (-telling[w].total(), w))[:WORDS]
    return Profile(dict(sorted(reports.items())), {w: dict(sorted(telling[w].items())) for w in sorted(kept)})


def classify(words: Iterable[str], profile: Profile) -> Verdict | None:
    """The section of a report with these words; None when it is not clear."""
    sections = [s for s, number in profile.reports.items() if number >= FEWEST_REPORTS]
    known = sorted({w for w in words if w in profile.words})
    if len(sections) < 2 or len(known) < EVIDENCE:
        return None
    rates = {s: {w: _rate(profile, w, s) for w in known} for s in sections}
    likely = sorted(((sum(math.log(r) for r in rates[s].values()), s) for s in sections), reverse=True)
    (best, section), (second, _) = likely[:2]
    if best - second < MARGIN:
        return None
    lifts = {w: rates[section][w] / max(rates[s][w] for s in sections if s != section) for w in known}
    evidence = [w for w in known if lifts[w] >= LIFT and profile.words[w].get(section, 0) >= FEWEST_TIMES]
    if len(evidence) < EVIDENCE:
        return None
    return Verdict(section, tuple(sorted(evidence, key=lambda w: (-lifts[w], w))[:TOLD]))


def _rate(profile: Profile, word: str, section: str) -> float:
    """The share of a section's reports that hold a word, smoothed."""
    return (profile.words[word].get(section, 0) + 0.5) / (profile.reports[section] + 1)
