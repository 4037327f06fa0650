"""The names in one report, told by their capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from masthead.core.consensus.countries import is_of_a_country
from masthead.core.consensus.reading import REMEMBERED, Report, beginning, folded
from masthead.core.consensus.sentences import sentences
from masthead.core.month_names import is_weekday, month_number
from masthead.core.similar import everyday

_CAPITAL = r"[^\W\d_a-zа-яё][^\W\d_]+(?:[-'’][^\W\d_]+)*"
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTICLE = r"(?:(?:al|el|bin|ibn|de|von|van|der|da|di|du)[ -])?"
_RUN = re.compile(rf"(?<![\w'’-]){_CAPITAL}(?:[ \u00a0]{_PARTICLE}{_CAPITAL}){{0,3}}(?![\w])")
_POSSESSIVES = ("'s", "’s")


@lru_cache(maxsize=REMEMBERED)
def names_of(report: Report) -> frozenset[str]:
    """The names in what may be shown of a report: capitals within sentences that are never written small.

    In German, where all nouns have capitals, only names of several words.
    """
    text = beginning(report.text)
    small = set(filter(str.islower, _LETTERS.findall(text)))
    nouns = report.language.partition("-")[0].lower() in ("de", "lb")
    inside = _inside(text)
    found: set[str] = set()
    for parts, opens in _runs(text):
        if opens and (parts[0] not in inside or folded(parts[0]) in everyday(report.language)):
            parts = parts[1:]  # the first word of a sentence has a capital in any case
        while parts and not _may_be(parts[0], small):
            parts = parts[1:]
        while parts and not _may_be(parts[-1], small):
            parts = parts[:-1]
        if len(parts) == 2 and parts[0].endswith(_POSSESSIVES):
            parts = parts[1:]  # "Norwin's Harbour": two names; the first stands elsewhere by itself, or is no matter
        if not parts or (len(parts) > 1 and parts[-1].endswith(_POSSESSIVES)):
            continue
        name = " ".join(parts).removesuffix("'s").removesuffix("’s")
        if len(parts) > 1 or not (nouns or is_of_a_country(name, "en") or folded(name) in everyday(report.language)):
            found.add(name)
    return frozenset(found)


@lru_cache(maxsize=REMEMBERED)
def openings_of(report: Report) -> frozenset[str]:
    """What may be names of several words at the beginnings of sentences."""
    runs = _runs(beginning(report.text))
    return frozenset(" ".join(parts) for parts, opens in runs if opens and len(parts) > 1)


def _runs(text: str) -> Iterator[tuple[list[str], bool]]:
    """Words with capitals that stand together, and whether they open a sentence."""
    for sentence in sentences(text):
        if not sentence.isupper():
            for run in _RUN.finditer(sentence):
                opens = not any(c.isalnum() for c in sentence[: run.start()])
                yield run.group().replace("\u00a0", " ").split(" "), opens


def _inside(text: str) -> set[str]:
    """The words with capitals that do not begin a sentence."""
    return {word for sentence in sentences(text) for word in _LETTERS.findall(sentence)[1:] if word[0].isupper()}


def _may_be(word: str, small: set[str]) -> bool:
    """Whether a word with a capital may belong to a name: it is no day or month, and not written small elsewhere."""
    return word.lower() not in small and month_number(word) is None and not is_weekday(word)
