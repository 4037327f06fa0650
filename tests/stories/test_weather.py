"""The weather: cities by name, two providers' formats, when it is asked for, what is shown and what never is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from masthead.core.types import FetchResult
from masthead.pages import compose
from masthead.weather import places, queries, read
from masthead.weather.models import Attempt, Reading
from masthead.weather.places import Place, UnknownCity, find
from masthead.weather.providers import MetNorway, NotWeather, OpenMeteo, met_symbol, wmo_symbol

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ROSTOV = Place("Rostov-on-Don", "RU", 47.21997, 39.70769)


def open_meteo(temperature: Any = 34.1, at: str = "2026-05-04T12:00", **more: Any) -> bytes:
    document = {
        "latitude": 47.25,
        "longitude": 39.6875,
        "generationtime_ms": 0.03,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "elevation": 70.0,
        "current_units": {"time": "iso8601", "interval": "seconds", "temperature_2m": "°C", "weather_code": "wmo code"},
        "current": {"time": at, "interval": 900, "temperature_2m": temperature, "weather_code": 1, "is_day": 1},
    }
    return json.dumps(document | more).encode()


def met_norway(hours: int = 6, temperature: Any = 11.5) -> bytes:
    series = [
        {
            "time": f"2026-05-04T{11 + n:02d}:00:00Z",
            "data": {
                "instant": {"details": {"air_pressure_at_sea_level": 1013.1, "air_temperature": temperature + n}},
                "next_1_hours": {"summary": {"symbol_code": "lightrainshowers_day"}, "details": {}},
            },
        }
        for n in range(hours)
    ]
    units = {"air_pressure_at_sea_level": "hPa", "air_temperature": "celsius"}
    return json.dumps(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [39.7076, 47.2199, 70]},
            "properties": {"meta": {"updated_at": "2026-05-04T10:40:00Z", "units": units}, "timeseries": series},
        }
    ).encode()


@pytest.mark.parametrize(
    ("asked", "name", "country"),
    [
        ("Vienna", "Vienna", "AT"),
        ("Wien", "Vienna", "AT"),
        ("rostov on don", "Rostov-on-Don", "RU"),
        ("Ростов-на-Дону", "Rostov-on-Don", "RU"),
        ("Portland", "Portland", "US"),
        ("Sao Paulo", "São Paulo", "BR"),
        ("London, Canada", "London", "CA"),
        ("القاهرة", "Cairo", "EG"),
    ],
)
def test_cities(asked: str, name: str, country: str) -> None:
    place = find(asked)
    assert (place.name, place.country) == (name, country)


def test_states_tell_cities_of_one_name_apart() -> None:
    oregon, maine = find("Portland, US"), find("Portland, Maine, US")
    assert round(oregon.latitude) == 46
    assert round(maine.latitude) == 44
    assert find("Portland, ME") == maine


@pytest.fixture
def large_cities(monkeypatch: Any) -> None:
    """Only the first gazetteer: the second is large, and read when a city is not in the first."""
    monkeypatch.setattr(places, "SIZES", (15000,))


def test_a_small_town_is_found_in_the_large_gazetteer() -> None:
    assert find("Murau, Austria").country == "AT"


def test_an_unknown_city_names_what_comes_near(large_cities: None) -> None:
    with pytest.raises(UnknownCity, match="'Viena Nova Zzz'"):
        find("Viena Nova Zzz")
    with pytest.raises(UnknownCity, match="Rostov-on-Don, RU"):
        find("Rostow-on-Donn")
    with pytest.raises(UnknownCity, match="Vienna, AT"):
        find("Vienna, Peru")


def test_open_meteo_is_asked_and_read() -> None:
    address = OpenMeteo().address(ROSTOV)
    assert address.startswith("https://api.open-meteo.com/v1/forecast?latitude=47.2200&longitude=39.7077&current=")
    assert (
        OpenMeteo().address(ROSTOV, "http://weather.localhost:9").startswith("http://weather.localhost:9/v1/forecast?")
    )
    (found,) = OpenMeteo().read(open_meteo(), ROSTOV)
    assert (found.at, found.temperature, found.symbol) == (NOON, 34.1, "fair")
    (fahrenheit,) = OpenMeteo().read(open_meteo(50, current_units={"temperature_2m": "°F"}), ROSTOV)
    assert abs(fahrenheit.temperature - 10) < 1e-9


def test_met_norway_is_asked_and_read() -> None:
    address = MetNorway().address(Place("X", "XX", 59.91389, -10.75229))
    assert address == "https://api.met.no/weatherapi/locationforecast/2.0/compact?lat=59.9138&lon=-10.7522"
    found = MetNorway().read(met_norway(), ROSTOV)
    assert [o.temperature for o in found] == [11.5, 12.5, 13.5, 14.5, 15.5, 16.5]
    assert {o.symbol for o in found} == {"rain"}
    assert read.choose(found, NOON).temperature == 12.5


@pytest.mark.parametrize(
    "body",
    [
        b"<html>busy</html>",
        b"[]",
        b"{}",
        b'{"error": true, "reason": "Too many requests"}',
        open_meteo(None),
        open_meteo("34"),
        open_meteo(True),
        open_meteo(340.1),
        open_meteo(-120),
        open_meteo(float("nan")),
        open_meteo(at="soon"),
        open_meteo(latitude=10.0),
        open_meteo(longitude="39"),
        open_meteo(current=None),
        open_meteo(current_units={"temperature_2m": "K"}),
        open_meteo(utc_offset_seconds=10800),
    ],
)
def test_nothing_wrong_is_believed(body: bytes) -> None:
    with pytest.raises(NotWeather):
        OpenMeteo().read(body, ROSTOV)


@pytest.mark.parametrize("body", [b"{}", met_norway(0), met_norway(2, 99), open_meteo()])
def test_nothing_wrong_is_believed_of_norway(body: bytes) -> None:
    with pytest.raises(NotWeather):
        MetNorway().read(body, ROSTOV)


def test_symbols() -> None:
    assert [wmo_symbol(c, by_day=True) for c in (0, 3, 45, 53, 65, 67, 75, 81, 86, 96, 42, None)] == [
        "clear", "cloudy", "fog", "drizzle", "rain", "sleet", "snow", "rain", "snow", "thunder", "", "",
    ]  # fmt: skip
    assert wmo_symbol(0, by_day=False) == "clear-night"
    assert [met_symbol(c) for c in ("clearsky_night", "partlycloudy_day", "heavysleetshowersandthunder_day", "zz")] == [
        "clear-night", "fair", "thunder", "",
    ]  # fmt: skip


Answers = Callable[..., list[Any]]


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def answers(monkeypatch: Any) -> Answers:
    """Lets the door answer with what is given, one after another; returns the requests that were made."""

    def prepare(*bodies: bytes | int, headers: dict[str, str] | None = None) -> list[Any]:
        asked: list[Any] = []
        left = list(bodies)

        def fetch_many(requests: Any, on_result: Any) -> None:
            for request in requests:
                asked.append(request)
                answer = left.pop(0)
                status = answer if isinstance(answer, int) else 200
                on_result(
                    request,
                    FetchResult(
                        url=request.url,
                        final_url=request.url,
                        status=status,
                        headers=headers or {},
                        body=answer if isinstance(answer, bytes) else b"",
                        started_at=NOON,
                        elapsed=0.1,
                        error="timeout" if status == 0 else None,
                        error_detail="No answer in time." if status == 0 else "",
                        not_modified=status == 304,
                    ),
                )

        monkeypatch.setattr(read, "fetch_many", fetch_many)
        return asked

    return prepare


@pytest.fixture
def rostov(settings: Any, db: None) -> Any:
    settings.MASTHEAD = replace(settings.MASTHEAD, city="Rostov-on-Don")
    return settings


def test_a_reading_reaches_the_masthead(rostov: Any, clock: Any, answers: Answers) -> None:
    asked = answers(open_meteo())
    assert read.read().done == 1
    assert read.read().done == 0
    assert len(asked) == 1
    weather = compose.frame("en").weather
    assert weather is not None
    assert (weather.city, weather.temperature, weather.unit, weather.symbol) == ("Rostov-on-Don", 34.1, "°C", "fair")
    assert (weather.observed, weather.stale, weather.credit) == (NOON, False, OpenMeteo.credit)


def test_the_last_value_stays_with_its_age_and_then_goes(rostov: Any, clock: Any, answers: Answers) -> None:
    answers(open_meteo())
    read.read()
    for minutes, stale in ((80, False), (100, True), (355, True)):
        clock.move_to(NOON + timedelta(minutes=minutes))
        assert queries.current().stale is stale  # type: ignore[union-attr]
    clock.move_to(NOON + timedelta(minutes=361))
    assert queries.current() is None


def test_units_go_by_the_country(rostov: Any, clock: Any, answers: Answers) -> None:
    answers(open_meteo(10))
    read.read()
    Reading.objects.update(country="US")
    assert (queries.current().temperature, queries.current().unit) == (50.0, "°F")  # type: ignore[union-attr]
    rostov.MASTHEAD = replace(rostov.MASTHEAD, units="metric")
    assert queries.current().unit == "°C"  # type: ignore[union-attr]


def test_another_city_shows_no_old_reading_and_is_asked_at_once(rostov: Any, clock: Any, answers: Answers) -> None:
    answers(open_meteo(), open_meteo(20.5, latitude=48.2, longitude=16.37))
    read.read()
    rostov.MASTHEAD = replace(rostov.MASTHEAD, city="Vienna")
    assert queries.current() is None
    assert read.read().done == 1
    assert queries.current().city == "Vienna"  # type: ignore[union-attr]


def test_a_provider_that_fails_is_left_alone_ever_longer(rostov: Any, clock: Any, answers: Answers) -> None:
    asked = answers(*[0, 500, open_meteo(999), open_meteo(at="2026-05-04T03:00")] * 9)
    for _ in range(36):
        read.read()
        attempt = Attempt.objects.get()
        assert attempt.due_at - read.timezone.now() <= read.LONGEST_PAUSE
        clock.move_to(attempt.due_at)
    assert len(asked) == 36
    assert read.timezone.now() - NOON > timedelta(days=2)
    assert Attempt.objects.get().failures == 36
    assert not Reading.objects.exists()
    assert queries.trouble().startswith("Open-Meteo: ")


def test_expires_is_obeyed_and_the_question_conditional(rostov: Any, clock: Any, answers: Answers) -> None:
    rostov.MASTHEAD = replace(rostov.MASTHEAD, weather="met-norway")
    headers = {"expires": "Mon, 04 May 2026 13:05:00 GMT", "last-modified": "Mon, 04 May 2026 11:50:00 GMT"}
    asked = answers(met_norway(), 304, headers=headers)
    read.read()
    assert queries.current().temperature == 12.5  # type: ignore[union-attr]
    clock.move_to(NOON + timedelta(minutes=64))
    assert read.read().done == 0
    clock.move_to(NOON + timedelta(minutes=66))
    assert read.read().done == 1
    assert asked[1].last_modified == "Mon, 04 May 2026 11:50:00 GMT"
    assert queries.current().temperature == 13.5  # type: ignore[union-attr]


def test_an_unknown_city_is_said_and_not_asked_for(
    large_cities: None, rostov: Any, clock: Any, answers: Answers
) -> None:
    rostov.MASTHEAD = replace(rostov.MASTHEAD, city="Rostow-on-Donn")
    asked = answers()
    assert read.read().failed == 1
    assert asked == []
    assert "Rostov-on-Don" in queries.trouble()


def test_switched_off(rostov: Any, answers: Answers) -> None:
    for off in (replace(rostov.MASTHEAD, weather="off"), replace(rostov.MASTHEAD, city="")):
        rostov.MASTHEAD = off
        assert read.read().done == 0
        assert queries.current() is None
    assert not Attempt.objects.exists()
