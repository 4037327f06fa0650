"""Names that most publishers give, in scripts that write names with capitals."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from masthead.core.consensus.reading import READ_CHARACTERS, Reading, Report, folded, terms_of_word
from masthead.core.consensus.sentences import sentences
from masthead.core.month_names import is_weekday, month_number
from masthead.core.similar import everyday

NAMES = 8
_CAPITAL = r"[^\W\d_a-zа-яё][^\W\d_]+(?:[-'’][^\W\d_]+)*"
_LETTERS = re.compile(r"[^\W\d_]+")
_RUN = re.compile(rf"(?<![\w'’-]){_CAPITAL}(?:[ \u00a0]{_CAPITAL}){{0,3}}(?![\w])")


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
            key = tuple(term for word in name.split() for term in terms_of_word(word, report.language))
            spelled.setdefault(key, Counter())[name] += 1
            given.setdefault(key, {}).setdefault(report.source, report.key)
    _join(given)
    often = [key for key in given if len(given[key]) * 2 > reading.sources and len(given[key]) > 1]
    often = [key for key in often if not any(_told_by(key, other) for other in often if other != key)]
    often.sort(key=lambda key: (-len(given[key]), key))
    return tuple(Named(min(spelled[k], key=lambda s: (-spelled[k][s], s)), tuple(given[k].values())) for k in often)[
        :NAMES
    ]


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


def names_of(report: Report) -> set[str]:
    """The names in what may be shown of a report: capitals within sentences that are never written small.

    In German, where all nouns have capitals, only names of several words.
    """
    text = report.text[:READ_CHARACTERS]
    small = set(filter(str.islower, _LETTERS.findall(text)))
    common = everyday(report.language)
    nouns = report.language.partition("-")[0].lower() in ("de", "lb")
    found: set[str] = set()
    for sentence in sentences(text):
        if sentence.isupper():
            continue
        for run in _RUN.finditer(sentence):
            parts = run.group().replace("\u00a0", " ").split(" ")
            if len(parts) == 1 and not any(c.isalnum() for c in sentence[: run.start()]):
                continue  # the first word of a sentence has a capital in any case
            while parts and (folded(parts[0]) in common or not _may_be(parts[0], small)):
                parts = parts[1:]
            while parts and not _may_be(parts[-1], small):
                parts = parts[:-1]
            if parts and (len(parts) > 1 or not nouns) and all(part[0].isupper() for part in parts):
                found.add(" ".join(parts))
    return found


def _may_be(word: str, small: set[str]) -> bool:
    """Whether a word with a capital may belong to a name: it is no day or month, and not written small elsewhere."""
    return word.lower() not in small and month_number(word) is None and not is_weekday(word)
