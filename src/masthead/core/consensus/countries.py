"""Words made of the name of a country: "Syrian", "Israeli"."""

from __future__ import annotations

from functools import cache

from babel import Locale

LONGEST_ENDING = 4
SHORTEST = 4


@cache
def _names(primary: str) -> frozenset[str]:
    """The names of countries of one word in a language (CLDR), in small letters."""
    try:
        territories = Locale.parse(primary).territories
    except ValueError:
        return frozenset()
    return frozenset(str(name).casefold() for name in territories.values() if str(name).isalpha())


@cache
def is_of_a_country(word: str, primary: str) -> bool:
    """Whether a word is a country's name with another ending, and not the name itself."""
    small = word.casefold()
    names = _names(primary)
    if small in names:
        return False
    return any(
        len(name) >= SHORTEST and small.startswith(name[:-1]) and 0 < len(small) - len(name) + 1 <= LONGEST_ENDING
        for name in names
    )
