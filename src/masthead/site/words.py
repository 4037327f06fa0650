"""Dates, times, numbers and names in the words of a language (CLDR through Babel).

Times of day are always on the 24-hour clock: a reader of any edition reads 00:15 in one way only.
`language` is BCP 47; an instant is shown in the site's time zone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import gettext as _

from masthead.core.types import ArticleDate

CHROME_LANGUAGES = ("en", "es", "de", "fr", "ru", "ar")
OLD_AFTER = timedelta(days=30)
UNITS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3_600), ("minute", 60))


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """The CLDR locale of a language tag, its nearest known parent, or English."""
    parts = language.replace("_", "-").split("-")
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError, TypeError):
            parts.pop()
    return Locale.parse("en")


def chrome_language(language: str, otherwise: str) -> str:
    """The language of the chrome around something in `language`: its own if we speak it, else `otherwise`."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return primary if primary in CHROME_LANGUAGES else otherwise


def direction_of(language: str) -> str:
    """ "rtl" or "ltr"."""
    return str(locale_of(language).text_direction)


def language_name(language: str, speaker: str) -> str:
    """A language as speakers of `speaker` call it, or the tag."""
    try:
        name = Locale.parse(language.replace("-", "_")).get_display_name(locale_of(speaker))
    except (UnknownLocaleError, ValueError, TypeError):
        return language
    return str(name or language)


def country_name(code: str, speaker: str) -> str:
    """A country (ISO 3166-1 alpha-2) as speakers of `speaker` call it, or the code."""
    return str(locale_of(speaker).territories.get(code.upper(), code))


def number(value: float, language: str) -> str:
    """A number with the separators of the language."""
    return format_decimal(value, locale=locale_of(language))


def full_date(value: datetime | date, language: str) -> str:
    """ "Friday, December 3, 2021"."""
    return format_date(_day(value), "full", locale=locale_of(language))


def medium_date(value: datetime | date, language: str) -> str:
    """ "Dec 3, 2021"."""
    return format_date(_day(value), "medium", locale=locale_of(language))


def month_name(value: date, language: str) -> str:
    """ "December 2021"."""
    return format_skeleton("yMMMM", value, locale=locale_of(language))


def month_alone(value: date, language: str) -> str:
    """ "December"."""
    return format_date(value, "LLLL", locale=locale_of(language))


def clock(value: datetime) -> str:
    """ "00:15" in the site's zone."""
    return timezone.localtime(value).strftime("%H:%M")


def zone_name(value: datetime) -> str:
    """The site's zone at that instant, short: "UTC", "CET", "UTC+03:00"."""
    local = timezone.localtime(value)
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = local.isoformat()[-6:]
    return f"UTC{offset}"


def instant(value: datetime, language: str) -> str:
    """A whole instant: "Friday, December 3, 2021, 00:15 UTC"."""
    comma = "، " if language.startswith("ar") else ", "
    return f"{full_date(value, language)}{comma}{clock(value)} {zone_name(value)}"


def list_time(value: datetime, now: datetime, language: str, precision: str = "") -> str:
    """The time of a line in a list: the hour today, else the day, with its year where that is another one."""
    here, there = timezone.localtime(now), timezone.localtime(value)
    if here.date() == there.date() and precision != "day":
        return clock(value)
    if here.year == there.year:
        return format_skeleton("MMMd", there, locale=locale_of(language))
    return medium_date(there, language)


def age(value: datetime, now: datetime, language: str) -> str:
    """ "3 years": how long ago something was, in its largest unit, rounded down."""
    seconds = max((now - value).total_seconds(), 60)
    unit, length = next(unit for unit in UNITS if seconds >= unit[1])
    return str(format_unit(int(seconds // length), f"duration-{unit}", "long", locale=locale_of(language)))


def _day(value: datetime | date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def known_part(stated: ArticleDate, language: str) -> str:
    """What is known of a date and no more: "December 2021", "Friday, December 3, 2021, 00:15 UTC"."""
    if stated.precision == "year":
        return stated.value[:4]
    if stated.precision == "month":
        return month_name(date.fromisoformat(f"{stated.value[:7]}-01"), language)
    if stated.precision == "day":
        return full_date(date.fromisoformat(stated.value[:10]), language)
    if stated.zone is None:
        told = full_date(date.fromisoformat(stated.value[:10]), language)
        return _("%(date)s, %(time)s (time zone not stated)") % {"date": told, "time": stated.value[11:16]}
    return instant(datetime.fromisoformat(stated.earliest), language)


def still_words(title: str) -> str:
    """What the still picture of something embedded is called, for those who do not see it."""
    return _("Still picture: %(title)s") % {"title": title} if title else _("Still picture")
