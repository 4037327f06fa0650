"""The signature of a report: all that comparing needs of it, so that its text is never read again.

A report is looked at in four ways: the whole text, its opening, its headline, its names and numbers. Each keeps the
terms that tell the report from others, weighted by how rare they are among the reports of late (TF-IDF). All four lie
in one mapping, told apart by a mark before the term and scaled so that the cosine of two signatures is the weighted
mean of the four cosines.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from masthead.core.month_names import is_weekday, month_number
from masthead.core.similar import everyday, fold, rarity, sketch_of, stem, tokens

READ_WORDS = 700
OPENING_WORDS = 110
HEADLINE_IN_WHOLE = 5.0
HEADLINE_IN_OPENING = 3.0
FIRST_WORDS = 60
"""The first words of the text count twice in the whole."""
NAMES = 5
"""So many of the heaviest names of headline and opening tell which place, team or person a report is about."""

OPENING, HEADLINE, NAME = "^", "=", "@"
"""Marks before a term. A term of the whole text has none."""


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at a report: its share of the likeness, and how many terms it keeps."""

    share: float
    terms: int


VIEWS = {
    "": View(0.33, 100),
    OPENING: View(0.40, 50),
    HEADLINE: View(0.10, 16),
    NAME: View(0.17, 40),
}
"""The shares were chosen once for all sets: the middle of the mixtures that did well (docs/decisions.md)."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…:\"“”«»\n]\s*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FIGURE = re.compile(r"(?<![\d.,:–-])(?:\d{1,3}[–-]\d{1,3}|\d{1,2}:\d|\d{1,4}[.,]\d{1,2})(?!\d|[.,:–-]\d)")


@dataclass(frozen=True, slots=True)
class Signature:
    """What comparing needs of a report.

    `terms`: marked terms and their weights, the squares summing to one. `sketch`: for copies. `names`: the heaviest
    names of headline and opening, with their shares, the sum being one. `years`: those of the headline. `figures`,
    `days`: results of matches and decimals, weekdays and dates in headline and opening. `series`: the telling words
    of the headline without numbers and days, by which the items of a column are known.
    """

    terms: Mapping[str, float]
    sketch: tuple[int, ...] = ()
    names: tuple[tuple[str, float], ...] = ()
    years: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """The terms of a report before it is known how rare they are: by view, and the words that are counted."""

    views: Mapping[str, Mapping[str, float]]
    words: frozenset[str]
    names: tuple[str, ...]
    evidence: Signature


def words(title: str, text: str, language: str = "") -> frozenset[str]:
    """The words of a report that are counted: all but the everyday ones, unless there are no others."""
    return _telling(tokens(title, language), _body(text, language), language)


def _body(text: str, language: str) -> list[str]:
    return tokens(text[: READ_WORDS * 9], language)[:READ_WORDS]


def _telling(headline: Sequence[str], body: Sequence[str], language: str) -> frozenset[str]:
    found = frozenset([*headline, *body])
    return found - everyday(language) or found


def count(title: str, text: str, language: str = "", source: str = "") -> Counts:
    """Read a report once. Everyday words are left out, unless there are no others."""
    body, headline = _body(text, language), tokens(title, language)
    telling = _telling(headline, body, language)
    views: dict[str, defaultdict[str, float]] = {mark: defaultdict(float) for mark in VIEWS}
    for position, term in enumerate(body):
        if term not in telling:
            continue
        views[""][term] += 2.0 if position < FIRST_WORDS else 1.0
        if position < OPENING_WORDS:
            views[OPENING][term] += 1.0
    for term in headline:
        if term in telling:
            views[""][term] += HEADLINE_IN_WHOLE
            views[OPENING][term] += HEADLINE_IN_OPENING
            views[HEADLINE][term] += 1.0
    views[NAME] = _names(title, text[: READ_WORDS * 9], language, telling)
    start = f"{title}\n{text[:700]}"
    evidence = Signature(
        terms={},
        sketch=sketch_of(body),
        years=tuple(sorted(set(_YEAR.findall(title)))),
        figures=tuple(sorted({found.replace("–", "-").replace(",", ".") for found in _FIGURE.findall(start)})),
        days=tuple(sorted(_days(start))),
        series=tuple(sorted(_series(title, language) & telling)),
        source=source,
    )
    names = _inside(start, language) if start.lower() != start.upper() else headline
    return Counts(views=views, words=telling, names=tuple(dict.fromkeys(names)), evidence=evidence)


def _names(title: str, text: str, language: str, telling: frozenset[str]) -> defaultdict[str, float]:
    """The words written with a capital or a figure, those that the headline shares heavier."""
    found: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(text):
        if word[0].isupper() or word[0].isdigit():
            term = _term(word, language)
            if term in telling:
                found[term] += 1.0
    for word in _WORD.findall(title):
        term = _term(word, language)
        if term in found or word[0].isdigit():
            found[term] += 3.0
    return found


def _term(word: str, language: str) -> str:
    folded = fold(word)
    return folded if any(c.isdigit() for c in folded) else stem(folded, language)


def _inside(text: str, language: str) -> Iterable[str]:
    """The words with a capital that stand inside a sentence: names, where the language writes them so."""
    for match in _WORD.finditer(text):
        before = text[max(0, match.start() - 3) : match.start()]
        word = match.group()
        if word[0].isupper() and before.strip() and not _SENTENCE_END.search(before) and not _dated(word):
            yield _term(word, language)


def _dated(word: str) -> bool:
    return word[0].isdigit() or _weekday(word) or month_number(word) is not None


def _weekday(word: str) -> bool:
    """Whether a word is a weekday's name in full: short ones are other words in other languages."""
    return len(word) > 4 and is_weekday(word)


def _days(text: str) -> set[str]:
    """The weekdays and the days of months that a text names, as it writes them."""
    found: set[str] = set()
    words = _WORD.findall(text)
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if _weekday(word):
            found.add(fold(word))
        elif month := month_number(word):
            found |= {f"{month}-{int(n)}" for n in (before, after) if n.isdecimal() and len(n) <= 2}
    return found


def _series(title: str, language: str) -> set[str]:
    return set(tokens(" ".join(word for word in _WORD.findall(title) if not _dated(word)), language))


def sign(counts: Counts, frequencies: Mapping[str, int], reports: int) -> Signature:
    """The signature: each view's terms by rarity, the heaviest kept. A pair is as rare as its words together."""
    rare = {word: rarity(reports, frequencies.get(word, 0)) for word in counts.words}
    terms: dict[str, float] = {}
    for mark, view in VIEWS.items():
        weighted = (((1 + math.log(n)) * rare[t], t) for t, n in counts.views[mark].items())
        kept = sorted(((w, t) for w, t in weighted if w > 0), reverse=True)[: view.terms]
        length = math.sqrt(sum(w * w for w, _ in kept) / view.share)
        terms |= {mark + t: w / length for w, t in kept}
    whole = math.sqrt(sum(w * w for w in terms.values())) or 1.0
    seen = counts.evidence
    return Signature(
        terms={t: round(w / whole, 5) for t, w in terms.items()},
        sketch=seen.sketch,
        names=_heaviest(counts, rare),
        years=seen.years,
        figures=seen.figures,
        days=seen.days,
        series=seen.series,
        source=seen.source,
    )


def _heaviest(counts: Counts, rare: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The heaviest names and the share of each."""
    whole = counts.views[""]
    weights = ((n, (1 + math.log(whole[n])) * rare[n] ** 2) for n in counts.names if n in rare and n in whole)
    first = sorted((pair for pair in weights if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))[:NAMES]
    total = sum(weight for _, weight in first)
    return tuple((name, round(weight / total, 4)) for name, weight in first)


def opening(terms: Mapping[str, float]) -> frozenset[str]:
    """The words of headline and opening that a signature keeps."""
    return frozenset(term[1:] for term in terms if term[0] in (OPENING, HEADLINE))


def telling(terms: Mapping[str, float], number: int) -> tuple[str, ...]:
    """The most telling words of a signature's whole view, heaviest first."""
    words = ((w, t) for t, w in terms.items() if t[0] not in (OPENING, HEADLINE, NAME))
    return tuple(t for _, t in sorted(words, key=lambda pair: (-pair[0], pair[1]))[:number])
