"""Numbers in a sentence with the thing they count: in digits or words, in the languages of the site's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name
from babel.units import format_unit

from masthead.core.characters import words
from masthead.core.consensus.counting_words import AND, FUNCTION, NUMBERS, PEOPLE, SCALES, TIMES, VAGUE
from masthead.core.consensus.countries import is_of_a_country
from masthead.core.consensus.reading import folded, terms_of_word
from masthead.core.month_names import month_number
from masthead.core.similar import fold

_TIME = words("year month week day hour minute second")
_MEASURES = words(
    "length-kilometer length-meter length-centimeter length-mile length-foot mass-kilogram mass-tonne"
    " area-hectare area-square-kilometer temperature-celsius volume-liter energy-kilowatt-hour concentr-percent"
    " power-megawatt"
)
_CURRENCIES = ("EUR", "USD", "GBP", "RUB", "CHF", "JPY", "CNY", "EGP", "SAR", "AED", "MXN", "ARS", "INR")
_COUNTS = (1, 2, 3, 5, 11, 100)
_DIGITS = re.compile(
    r"(?<![\w.,:/–—+$€£¥#№-])(?P<whole>\d{1,3}(?:[.,'’٬ \u00a0\u202f]\d{3}(?!\d))+|\d+)(?:[.,٫](?P<part>\d+))?"
    r"(?![\w:/–-]|[.,]\d)"
)
_LETTERS = re.compile(r"(?<![\w'’-])[^\W\d_]+(?![\w'’-])")
_NEXT = re.compile(r"[\s\u00a0]+([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_POINT_FIRST = words("en he zh ja ko hi th ar")
_RUSSIAN_ADJECTIVES = ("ых", "их", "ые", "ие", "ого", "его", "ой", "ую", "ым", "им", "ыми", "ими")
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Count:
    """A number and what it counts. `words`: as written. `noun`: folded. `vague`: "about", "at least" stand before.

    `after`: the next word, folded, where it follows at once and tells something: the noun may be a part of a longer
    one ("two security guards"); `longer`: the words with it.
    """

    value: float
    noun: tuple[str, ...]
    words: str
    vague: bool
    after: tuple[str, ...] = ()
    longer: str = ""


def counts(sentence: str, language: str) -> Iterator[Count]:
    """The numbers of a sentence that count something; none in languages whose words are not known here.

    Times, dates, years, ages, results of matches and bare percentages count nothing here.
    """
    primary = language.partition("-")[0].lower()
    if primary not in NUMBERS:
        return
    for start, end, value in _numbers(sentence, primary):
        value, end = _scaled(sentence, end, value, primary)
        noun, stop = _noun(sentence, end, language, primary)
        if noun:
            before = sentence[:start].rsplit(maxsplit=1)
            vague = bool(before) and folded(before[-1]) in _set(VAGUE, primary)
            more = _NEXT.match(sentence, stop)
            if more and len(noun) == 1 and folded(more[1]) not in _set(FUNCTION, primary):
                after, longer = terms_of_word(more[1], language), sentence[start : more.end()]
                yield Count(value, noun, sentence[start:stop], vague, after, longer)
            else:
                yield Count(value, noun, sentence[start:stop], vague)


def _numbers(sentence: str, primary: str) -> Iterator[tuple[int, int, float]]:
    for found in _DIGITS.finditer(sentence):
        value = _value(found["whole"], found["part"], primary)
        if value is not None and not (found["whole"].isdigit() and not found["part"] and int(value) in YEARS):
            yield found.start(), found.end(), value
    known = _number_words(primary)
    if known.keys().isdisjoint(_LETTERS.findall(sentence.lower())):
        return
    for found in _LETTERS.finditer(sentence):
        if (number := known.get(folded(found.group()))) is not None:
            yield found.start(), found.end(), float(number)


def _value(whole: str, part: str | None, primary: str) -> float | None:
    """A number in digits; None where "1.200" could be both."""
    marks = {c for c in whole if not c.isdigit()}
    if len(marks) > 1 or (" " in marks and primary in _POINT_FIRST):
        return None
    point = "." if primary in _POINT_FIRST else ","
    if point in marks:
        return None
    digits = "".join(c for c in whole if c.isdigit())
    return float(f"{int(digits)}.{int(part):0{len(part)}d}") if part else float(int(digits))


def _scaled(sentence: str, end: int, value: float, primary: str) -> tuple[float, int]:
    """Times a thousand or a million, where such a word follows."""
    after = _NEXT.match(sentence, end)
    if after and (scale := _scales(primary).get(folded(after[1]))):
        return value * scale, after.end() + (sentence[after.end() : after.end() + 1] == ".")
    return value, end


def _noun(sentence: str, end: int, language: str, primary: str) -> tuple[tuple[str, ...], int]:
    """What is counted, and where its words end.

    "people", measures and adjectives say too little: the next telling word joins. Nothing where that is a unit of time
    ("light years").
    """
    after = _NEXT.match(sentence, end)
    if after is None:
        return (), end
    word = folded(after[1])
    if word in _set(FUNCTION, primary) or month_number(after[1]) or len(word) < 2 or _is_time(after[1], primary):
        return (), end
    noun = terms_of_word(after[1], language)
    following = _telling_after(sentence, after.end(), primary)
    if following is not None and _is_time(following[1], primary):
        return (), end
    if word in _set(PEOPLE, primary) or word in _units(primary, False) or not noun:
        return (noun + terms_of_word(following[1], language), following.end()) if following else ((), end)
    if _is_adjective(after[1], primary):
        if following is not None and sentence[after.end() : following.start()].strip() == "":
            return noun + terms_of_word(following[1], language), following.end()
        return ((), end) if primary == "de" else (noun, after.end())
    return noun, after.end()


def _telling_after(sentence: str, place: int, primary: str) -> re.Match[str] | None:
    """The next word that is no function word, within three and before any mark."""
    for _ in range(3):
        more = _NEXT.match(sentence, place)
        if more is None or (primary == "ar" and more[1].startswith("و")):
            return None  # in Arabic "and" is the first letter of the word after it
        if folded(more[1]) in _set(AND, primary):
            return None
        if folded(more[1]) not in _set(FUNCTION, primary):
            return more
        place = more.end()
    return None


def _is_adjective(word: str, primary: str) -> bool:
    """Whether a word stands before a noun, by its form: small in German, its ending in Russian, "Syrian" in English."""
    if primary == "ru":
        return word.lower().endswith(_RUSSIAN_ADJECTIVES)
    return word[0].islower() if primary == "de" else primary == "en" and is_of_a_country(word, primary)


def _is_time(word: str, primary: str) -> bool:
    return not _units(primary, True).isdisjoint((folded(word), *terms_of_word(word, primary)))


@cache
def _number_words(primary: str) -> dict[str, int]:
    """The words for numbers, folded and as they are written."""
    spelled = [(word, value) for value, words_for in NUMBERS[primary].items() for word in words_for.split()]
    return {form: value for word, value in spelled for form in (word, fold(word))}


@cache
def _scales(primary: str) -> dict[str, float]:
    return {fold(word): value for value, spelled in SCALES[primary].items() for word in spelled.split()}


def _set(table: dict[str, str], primary: str) -> frozenset[str]:
    return _fold_all(table[primary])


@cache
def _fold_all(spelled: str) -> frozenset[str]:
    return frozenset(fold(word) for word in spelled.split())


@cache
def _units(primary: str, of_time: bool) -> frozenset[str]:
    """The names of units of time, or of measures and money, in a language (CLDR)."""
    names = [f"duration-{unit}" for unit in _TIME] if of_time else list(_MEASURES)
    told: list[str] = []
    for locale in (Locale.parse(primary), *([Locale("en", "GB")] if primary == "en" else [])):
        for form in ("long", "short"):
            told += [format_unit(n, unit, form, locale=locale) for unit in names for n in _COUNTS]
        if not of_time:
            told += [get_currency_name(code, n, locale) for code in _CURRENCIES for n in _COUNTS]
    if of_time:
        told.append(TIMES.get(primary, ""))
    names_of_units = {word for text in told for word in re.findall(r"[^\W\d_]+", text)}
    return frozenset(term for word in names_of_units for term in (fold(word), *terms_of_word(word, primary)))
