"""The day in a written date: in numbers or words, in some thirty languages; never guessed where it is ambiguous."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from masthead.core.characters import words
from masthead.core.month_names import is_weekday, month_number

# Which of two small numbers comes first where a date is written in numbers: the day or the month.
Order = Literal["dmy", "mdy"]

_YEAR_FIRST = re.compile(r"(?P<year>\d{4})\s?[-/.年년]\s?(?P<month>\d{1,2})\s?[-/.月월]\s?(?P<day>\d{1,2})\s?[.日일]?$")
_DOTTED = re.compile(r"(?P<first>\d{1,2})\.\s?(?P<second>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})$")
_SLASHED = re.compile(r"(?P<first>\d{1,2})(?P<mark>[/-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})$")
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\s\w]|_")
_EDGE = " ,،;·•|–—-−/@\u241f"
# Words and signs that stand in dates and say nothing.
_FILLERS = words(
    "of de del d at um a las la el le les der den am à à в г год года року р nd rd st th er o ª º on the T t kl klo uhr"
    " klokken alle ore il ngày tháng năm lúc hrs h les dated day i dne kell dia ng tanggal الساعة على في يوم и"
    " , . · • | – — - − / @ ، : ; ' ’ \u241f g"
)
_WEEKDAY_PREFIX = re.compile(r"^[^\W\d_]{1,12}(?:\s[^\W\d_]{1,6})?\s?[.,،]+\s*")


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A year, and month and day as far as they are stated."""

    year: int
    month: int | None = None
    day: int | None = None


def read_day(text: str, order: Order | None = None) -> ReadDay | None:
    """The day that `text` is; None when it is more than a date, or ambiguous. The calendar is not asked."""
    text = text.strip(_EDGE)
    bare = _without_weekday(text)
    return _in_numbers(bare, order) or _in_words(text) or (_in_words(bare) if bare != text else None)


def _without_weekday(text: str) -> str:
    """`text` without a weekday, or another single word and a comma, at its start; likewise a weekday at its end."""
    first, _, rest = text.partition(" ")
    if rest and is_weekday(first.strip(".,،")):
        return rest.strip(_EDGE)
    rest, _, last = text.rpartition(" ")
    if rest and is_weekday(last.strip(".,،()")):
        return rest.strip(_EDGE)
    return _WEEKDAY_PREFIX.sub("", text).strip(_EDGE)


def _in_numbers(text: str, order: Order | None) -> ReadDay | None:
    if found := _YEAR_FIRST.match(text):
        return ReadDay(int(found["year"]), int(found["month"]), int(found["day"]))
    found = _DOTTED.match(text)
    # With dots the day comes first wherever no other order is known; two digits could also be a year in front.
    if found is not None and order is None and len(found["year"]) == 4:
        order = "dmy" if int(found["second"]) <= 12 else "mdy"
    found = found or _SLASHED.match(text)
    if found is None:
        return None
    first, second = int(found["first"]), int(found["second"])
    if len(found["year"]) == 4 and (first > 12 or second > 12 or first == second):
        order = "dmy" if first > 12 else "mdy"
    if order is None:
        return None
    day, month = (first, second) if order == "dmy" else (second, first)
    return ReadDay(_year(found["year"]), month, day)


def _in_words(text: str) -> ReadDay | None:
    tokens = _TOKEN.findall(text)
    month: int | None = None
    numbers: list[str] = []
    before_month = 0
    for index, token in enumerate(tokens):
        if token.isdecimal():
            numbers.append(token)
        elif (number := _month_at(tokens, index)) is not None:
            if month is not None:
                return None
            month, before_month = number, len(numbers)
        elif token.lower() not in _FILLERS and not is_weekday(token) and not _second_word(tokens, index):
            return None
    if month is None:
        return ReadDay(int(numbers[0])) if len(tokens) == len(numbers) == 1 and len(numbers[0]) == 4 else None
    return _with_month(month, numbers, before_month)


def _month_at(tokens: list[str], index: int) -> int | None:
    """The month that the token names, alone or with the one behind it; a weekday's name before a month is not one."""
    if (pair := _pair(tokens, index)) is not None:
        return pair
    number = month_number(tokens[index])
    if number is None or not is_weekday(tokens[index]):
        return number
    # "mar." is Tuesday in French and Spanish, March in both and in English: the last such name is the month.
    later = any(month_number(token) is not None for token in tokens[index + 1 :] if not token.isdecimal())
    return None if later else number


def _second_word(tokens: list[str], index: int) -> bool:
    return index > 0 and _pair(tokens, index - 1) is not None


def _pair(tokens: list[str], index: int) -> int | None:
    """The month that two words name together ("كانون الأول"); None when they do not."""
    if not tokens[index].isalpha() or not all(token.isalpha() for token in tokens[index + 1 : index + 2]):
        return None
    return month_number(" ".join(tokens[index : index + 2])) if index + 1 < len(tokens) else None


def _with_month(month: int, numbers: list[str], before_month: int) -> ReadDay | None:
    years = [number for number in numbers if len(number) == 4]
    if any(year.startswith("0") for year in years):
        return None  # "30 Nov -0001" is what some programs make of no date
    if len(numbers) == 1 and years:
        return ReadDay(int(years[0]), month)
    if len(numbers) != 2 or any(len(number) == 3 or len(number) > 4 for number in numbers):
        return None
    if len(years) == 1:
        day = next(number for number in numbers if len(number) != 4)
        return ReadDay(int(years[0]), month, int(day))
    # Two digits are a year only where they stand behind day and month: 03-Jan-21.
    if not years and before_month == 1 and len(numbers[1]) == 2:
        return ReadDay(_year(numbers[1]), month, int(numbers[0]))
    return None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 69 else 1900)  # as RFC 2822 4.3 and POSIX read two digits
