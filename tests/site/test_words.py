from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from masthead.core.types import ArticleDate
from masthead.site import words

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def known(value: str, precision: str, zone: str | None = None, earliest: str = "2021-12-02T21:15:00Z") -> ArticleDate:
    return ArticleDate(value, precision, zone, earliest, earliest, value, "stated", 1.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tuesday, November 24, 2026, 12:30 UTC"),
        ("de", "Dienstag, 24. November 2026, 12:30 UTC"),
        ("ru", "вторник, 24 ноября 2026\u202fг., 12:30 UTC"),
        ("ar", "الثلاثاء، 24 نوفمبر 2026، 12:30 UTC"),
        ("xx-unknown", "Tuesday, November 24, 2026, 12:30 UTC"),
    ],
)
def test_an_instant_in_words(language: str, said: str) -> None:
    assert words.instant(NOW, language) == said


def test_an_instant_stands_in_the_zone_of_the_site() -> None:
    with timezone.override("Europe/Moscow"):
        assert words.instant(NOW, "en") == "Tuesday, November 24, 2026, 15:30 MSK"
    with timezone.override("America/Sao_Paulo"):
        assert words.instant(NOW, "en").endswith("09:30 UTC-03:00")


@pytest.mark.parametrize(
    ("date", "said"),
    [
        (known("2021", "year"), "2021"),
        (known("2021-12", "month"), "December 2021"),
        (known("2021-12-03", "day"), "Friday, December 3, 2021"),
        (known("2021-12-03T00:15", "minute"), "Friday, December 3, 2021, 00:15 (time zone not stated)"),
        (known("2021-12-03T00:15+03:00", "minute", "+03:00"), "Thursday, December 2, 2021, 21:15 UTC"),
    ],
)
def test_no_more_is_said_of_a_date_than_is_known(date: ArticleDate, said: str) -> None:
    assert words.known_part(date, "en") == said


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=3), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=29), "29 days"),
        (timedelta(days=400), "1 year"),
        (timedelta(days=-2), "1 minute"),
    ],
)
def test_ages(ago: timedelta, said: str) -> None:
    assert words.age(NOW - ago, NOW, "en") == said


def test_ages_follow_the_plurals_of_the_language() -> None:
    assert words.age(NOW - timedelta(days=3 * 365), NOW, "ru") == "3 года"
    assert words.age(NOW - timedelta(days=5 * 365 + 2), NOW, "ru") == "5 лет"


def test_the_time_in_a_list() -> None:
    assert words.list_time(NOW - timedelta(hours=2), NOW, "en") == "10:30"
    assert words.list_time(NOW - timedelta(hours=2), NOW, "en", "day") == "Nov 24"
    assert words.list_time(NOW - timedelta(days=1), NOW, "en") == "Nov 23"
    assert words.list_time(NOW - timedelta(days=400), NOW, "en") == "Oct 20, 2025"


def test_names() -> None:
    assert words.country_name("at", "ru") == "Австрия"
    assert words.country_name("zz-none", "en") == "zz-none"
    assert words.language_name("ar", "fr") == "arabe"
    assert words.language_name("not a tag", "fr") == "not a tag"
    with translation.override("de"):
        assert words.known_part(known("2021-12-03T00:15", "minute"), "de").endswith("00:15 (Zeitzone nicht angegeben)")
