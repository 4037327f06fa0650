"""Parts of addresses: the edition in front, ids with slugs, days."""

from __future__ import annotations

from django.conf import settings
from django.urls import register_converter
from django.urls.converters import StringConverter


class EditionConverter(StringConverter):
    """The language of an edition other than the first, whose pages have no prefix."""

    regex = "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"

    def to_python(self, value: str) -> str:
        if value not in settings.MASTHEAD.all_editions[1:]:
            raise ValueError(f"{value!r} is no edition of this site")
        return value


class IdConverter:
    """A row's id: as many digits as the database can hold."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class SlugTailConverter(StringConverter):
    """What follows an id: nothing, or a hyphen and a slug in any script."""

    regex = "(?:-[^/]*)?"


class DigitsConverter(IdConverter):
    """A year, month or day; whether it is one is for the calendar to say."""

    regex = "[0-9]{2,4}"


def register() -> None:
    """Make them known to `path()`."""
    register_converter(EditionConverter, "edition")
    register_converter(IdConverter, "id")
    register_converter(SlugTailConverter, "tail")
    register_converter(DigitsConverter, "digits")
