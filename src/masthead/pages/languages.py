"""Languages as pages need them: the primary subtag, the writing direction, the edition that an article belongs to."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.conf import settings


def primary(language: str) -> str:
    """The primary subtag of a BCP 47 tag, lower case: "en" of "en-GB"."""
    return language.replace("_", "-").partition("-")[0].lower()


@lru_cache(maxsize=512)
def direction(language: str) -> str:
    """ "rtl" for languages written from right to left, else "ltr" (also for a tag that nobody knows)."""
    try:
        return str(Locale.parse(language.replace("-", "_")).text_direction)
    except (UnknownLocaleError, ValueError, TypeError):
        known = primary(language)
        return direction(known) if known and known != language else "ltr"


@lru_cache(maxsize=512)
def own_name(language: str) -> str:
    """What a language calls itself ("Deutsch"), or the tag."""
    try:
        name = Locale.parse(language.replace("-", "_")).get_display_name()
    except (UnknownLocaleError, ValueError, TypeError):
        return language
    return str(name[:1].upper() + name[1:]) if name else language


def edition_of(language: str) -> str:
    """The edition of an article in `language`: its own where there is one, else the first."""
    subtag = primary(language)
    editions: tuple[str, ...] = settings.MASTHEAD.all_editions
    return next((edition for edition in editions if primary(edition) == subtag), editions[0])


def others(edition: str) -> list[str]:
    """Primary subtags of the editions besides `edition`."""
    return [primary(other) for other in settings.MASTHEAD.all_editions if other != edition]
