"""Names of months and weekdays in the languages that news is written in, from the Unicode locale data (Babel)."""

from __future__ import annotations

from functools import cache

from babel import Locale

from masthead.core.characters import words

_LOCALES = (
    *sorted(words("en de fr es it pt nl ru uk pl cs sk sv da nb fi is hu ro tr el bg ca id ms hr sl et lv lt af sw")),
    *("ar", "ar_SY", "ar_DZ", "de_AT"),
)
# Spellings that newspapers use and the locale data lacks.
_ALSO_MONTHS = {
    "sept": 9, "setiembre": 9, "febr": 2, "févr": 2, "fevr": 2, "fevrier": 2, "aout": 8, "dec": 12, "maerz": 3,
    "mrz": 3, "мая": 5, "сен": 9, "нояб": 11, "февр": 2, "ابريل": 4, "إبريل": 4, "اغسطس": 8, "اكتوبر": 10,
    "يونيه": 6, "يوليه": 7,
}  # fmt: skip
_ALSO_WEEKDAYS = words(
    "tues thur thurs weds понедельника вторника среду среды четверга пятницу пятницы субботу субботы воскресенья"
    " miercoles sabado sonnabend الإثنين الاثنين"
)
_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def month_number(name: str) -> int | None:
    """1 to 12 for a month's name, whole or shortened, in one of 30 languages; None when it is none or ambiguous."""
    folded = _folded(name)
    return _english().get(folded) or _months().get(folded)


def is_weekday(name: str) -> bool:
    """Whether `name` is a weekday, whole or shortened, in one of those languages."""
    return _folded(name) in _weekdays()


def _folded(name: str) -> str:
    # "İ" folds to "i" and a combining dot, which no name is written with.
    return name.casefold().replace("\u0307", "").strip(". \u200f\u200e")


@cache
def _english() -> dict[str, int]:
    return {name[:length]: number for number, name in enumerate(_ENGLISH, 1) for length in (3, len(name))}


@cache
def _months() -> dict[str, int]:
    """Every name that means one month in all the languages that know it."""
    meanings: dict[str, set[int]] = {}
    for locale in _LOCALES:
        months = Locale.parse(locale).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    meanings.setdefault(_folded(str(name)), set()).add(int(number))
    known = {name: numbers.pop() for name, numbers in meanings.items() if len(numbers) == 1 and len(name) > 2}
    return {name: number for name, number in known.items() if not name.isdecimal()} | _ALSO_MONTHS


@cache
def _weekdays() -> frozenset[str]:
    found = set(_ALSO_WEEKDAYS)
    for locale in _LOCALES:
        days = Locale.parse(locale).days
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated", "short"):
                found |= {_folded(str(name)) for name in days[context][width].values()}
    return frozenset(found)
