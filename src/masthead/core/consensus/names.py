"""Names that most publishers give, in scripts that write names with capitals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from masthead.core.consensus.name_runs import names_of, openings_of
from masthead.core.consensus.reading import Reading, Report, terms_of_word

NAMES = 8


@dataclass(frozen=True, slots=True)
class Named:
    """A name as most write it, and the keys of reports that give it, one a publisher."""

    name: str
    keys: tuple[int, ...]


def named(reading: Reading) -> tuple[Named, ...]:
    """The names that more than half of the publishers give, the most given first; none with fewer than three."""
    if reading.sources < 3:
        return ()
    spelled: dict[tuple[str, ...], Counter[str]] = {}
    given: dict[tuple[str, ...], dict[int, int]] = {}
    for report in reading.reports:
        for name in names_of(report):
            key = _key(name, report)
            spelled.setdefault(key, Counter())[name] += 1
            given.setdefault(key, {}).setdefault(report.source, report.key)
    _take_openings(reading, spelled, given)
    _join(given)
    often = [key for key in given if len(given[key]) * 2 > reading.sources and len(given[key]) > 1]
    often = [key for key in often if not any(_told_by(key, other) for other in often if other != key)]
    often.sort(key=lambda key: (-len(given[key]), key))
    return tuple(Named(min(spelled[k], key=lambda s: (-spelled[k][s], s)), tuple(given[k].values())) for k in often)[
        :NAMES
    ]


def _key(name: str, report: Report) -> tuple[str, ...]:
    return tuple(term for word in name.split() for term in terms_of_word(word, report.language))


def _take_openings(
    reading: Reading, spelled: dict[tuple[str, ...], Counter[str]], given: dict[tuple[str, ...], dict[int, int]]
) -> None:
    """Count names that open a sentence, where their first word has a capital in any case: as parts of known ones."""
    known = [key for key in given if len(key) > 1]
    for report in reading.reports:
        for name in openings_of(report):
            key = _key(name, report)
            if len(key) > 1 and any(_within(key, longer) for longer in known):
                spelled.setdefault(key, Counter())[name] += 1
                given.setdefault(key, {}).setdefault(report.source, report.key)


def _join(given: dict[tuple[str, ...], dict[int, int]]) -> None:
    """Reports that give a name within a longer one ("Mayor Anna Berg") give it too; so do those that give its last
    word alone, where that is the last word of no other."""
    full = [key for key in given if len(key) > 1]
    for key in full:
        for longer in full:
            if len(key) < len(longer) and _within(key, longer):
                given[key] = given[longer] | given[key]
    for key in [key for key in given if len(key) == 1]:
        longest = [other for other in full if other[-1] == key[0]]
        named_so = [other for other in longest if not any(o != other and _within(o, other) for o in longest)]
        if len(named_so) == 1:
            given[named_so[0]] = given[key] | given[named_so[0]]


def _told_by(key: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether `other` says the name better: the full one of a surname, or the one without a title before it."""
    if len(key) == 1:
        return len(other) > 1 and other[-1] == key[0]
    return 1 < len(other) < len(key) and _within(other, key)


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))
