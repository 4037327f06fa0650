"""Figures that publishers share, and figures on which they differ. In doubt nothing is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from masthead.core.consensus.numerals import counts
from masthead.core.consensus.reading import REMEMBERED, Reading, Report, beginning, further_down, opening, telling
from masthead.core.consensus.sentences import sentences

MOST = 4
CONTEXT = 2
"""So many telling words around a figure two reports must have in common before they count the same thing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is written ("five dead"), and the keys of reports that state it, oldest first, one a source."""

    words: str
    value: float
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """Figures of the same thing that differ, in the order in which they were first stated. `nouns`: what is counted."""

    sides: tuple[Figure, ...]
    nouns: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    report: Report
    value: float
    words: str
    context: frozenset[str]
    after: tuple[str, ...]
    longer: str


Stated = Mapping[tuple[str, ...], Sequence[_Statement]]


def figures(reading: Reading) -> Stated:
    """What each publisher's newest report states by one exact number, by what is counted.

    A report that gives several numbers for the same noun counts several things: it states none of them here. Nor does
    one whose number stands only in what may not be shown.
    """
    newest: dict[tuple[tuple[str, ...], int], _Statement | None] = {}
    for report in sorted(reading.reports, key=lambda r: (r.at, r.key)):
        for noun, statement in _stated(report).items():
            newest[noun, report.source] = statement
    found: dict[tuple[str, ...], list[_Statement]] = {}
    for (noun, _), latest in newest.items():
        if latest is not None:
            found.setdefault(noun, []).append(latest)
    return {noun: sorted(rows, key=lambda s: (s.report.at, s.report.key)) for noun, rows in found.items()}


@lru_cache(maxsize=REMEMBERED)
def _stated(report: Report) -> Mapping[tuple[str, ...], _Statement | None]:
    """By noun: the one exact number of a report, None where it has several, a vague one, or one that is not shown."""
    shown: dict[tuple[str, ...], _Statement] = {}
    values: dict[tuple[str, ...], set[tuple[float, bool]]] = {}
    text_shown = beginning(report.text)
    for text in (report.title, text_shown):
        for sentence in sentences(text):
            for count in counts(sentence, report.language):
                values.setdefault(count.noun, set()).add((count.value, count.vague))
                if count.noun not in shown:
                    context = frozenset(telling(sentence, report.language)) - set(count.noun)
                    words = frozenset(term for term in context if not term.isdigit())
                    shown[count.noun] = _Statement(report, count.value, count.words, words, count.after, count.longer)
    for sentence in sentences(opening(report).removeprefix(text_shown)):
        for count in counts(sentence, report.language):
            values.setdefault(count.noun, set()).add((count.value, count.vague))
    single = {noun for noun, found in values.items() if len(found) == 1 and not any(vague for _, vague in found)}
    return {noun: shown.get(noun) if noun in single else None for noun in values}


def contested(stated: Stated) -> tuple[Contest, ...]:
    """Where exact figures of the same noun differ in sentences that tell of the same thing; most stated first."""
    found: list[Contest] = []
    for noun, rows in stated.items():
        related = [row for row in rows if any(_same(row, other) for other in rows if other.value != row.value)]
        sides = _sides(row for row in related if _holds(row, noun))
        if len(sides) > 1:
            found.append(Contest(sides, (noun,)))
    found.sort(key=lambda contest: (-sum(len(side.keys) for side in contest.sides), contest.sides[0].words))
    told: list[Contest] = []
    for contest in found:
        again = next((n for n, known in enumerate(told) if _repeats(contest, known)), None)
        if again is None:
            told.append(contest)
        else:
            told[again] = replace(told[again], nouns=told[again].nouns + contest.nouns)
    return tuple(told[:MOST])


def _repeats(contest: Contest, known: Contest) -> bool:
    """Whether it is the same difference in other words: the same numbers by some of the same reports."""
    sides = {side.value: set(side.keys) for side in known.sides}
    return all(set(side.keys) <= sides.get(side.value, set()) for side in contest.sides)


def shared(stated: Stated, sources: int) -> tuple[Figure, ...]:
    """Figures that two publishers and a third of all state, and on which nobody differs; most stated first."""
    found: list[Figure] = []
    for rows in stated.values():
        if len(rows) * 3 < sources or len({row.value for row in rows}) > 1:
            continue
        if len(rows) < 2 or not all(_alike(one, other) for one in rows for other in rows):
            continue
        longer = rows[0].longer if len({row.after for row in rows}) == 1 and rows[0].after else rows[0].words
        found.append(Figure(longer, rows[0].value, tuple(row.report.key for row in rows)))
    found.sort(key=lambda figure: (-len(figure.keys), figure.words))
    return tuple(found[:MOST])


def _holds(row: _Statement, noun: tuple[str, ...]) -> bool:
    """Whether a report gives no other number for the noun further down."""
    late = sentences(further_down(row.report))
    told = (count for text in late for count in counts(text, row.report.language) if count.noun == noun)
    return all(count.value == row.value for count in told)


def _same(one: _Statement, other: _Statement) -> bool:
    return _alike(one, other) and len(one.context & other.context) >= CONTEXT


def _alike(one: _Statement, other: _Statement) -> bool:
    """Whether the noun is not the beginning of two different longer ones ("security guards", "security officials")."""
    return not (one.after and other.after and one.after != other.after)


def _sides(rows: Iterable[_Statement]) -> tuple[Figure, ...]:
    sides: dict[float, list[_Statement]] = {}
    for row in rows:
        sides.setdefault(row.value, []).append(row)
    return tuple(Figure(own[0].words, value, tuple(row.report.key for row in own)) for value, own in sides.items())
