"""Names of months in the languages that feeds are written in, from the Unicode locale data (Babel)."""

from __future__ import annotations

from functools import cache

from babel import Locale

from masthead.core.characters import words

_LANGUAGES = sorted(words("en de fr es it pt nl ru uk pl cs sv da nb fi hu ro tr el bg ca id"))


def month_number(name: str) -> int | None:
    """1 to 12 for a month's name, whole or shortened, in one of 22 languages; None when it is none or ambiguous."""
    folded = name.casefold().rstrip(".")
    return _ENGLISH.get(folded) or _table().get(folded)


_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ENGLISH = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in (3, len(name))} | {"sept": 9}


@cache
def _table() -> dict[str, int]:
    """Every name that means one month in all the languages that know it."""
    meanings: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    meanings.setdefault(str(name).casefold().rstrip("."), set()).add(int(number))
    return {name: numbers.pop() for name, numbers in meanings.items() if len(numbers) == 1 and len(name) > 2}
