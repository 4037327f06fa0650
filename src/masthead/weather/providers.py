"""Weather services: how each is asked, how its answer reads, how it wants to be credited."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit, urlunsplit

from masthead.weather.places import Place

COLDEST, HOTTEST = -90.0, 60.0
"""Degrees Celsius; the lowest and highest ever measured at the ground are -89.2 and 56.7."""


class NotWeather(ValueError):
    """An answer that cannot be told to readers; the message says why."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The weather of one instant: degrees Celsius and a word of our vocabulary."""

    at: datetime
    temperature: float
    symbol: str


class Provider(Protocol):
    """A weather service. `interval`: seconds between two questions when it does not say itself."""

    name: str
    url: str
    credit: str
    interval: int
    service: str

    def address(self, place: Place, service: str = "") -> str:
        """Where to ask for the weather of `place`; `service` in place of the public one."""
        ...

    def read(self, body: bytes, place: Place) -> tuple[Observation, ...]:
        """The observations in an answer, oldest first, hours to come among them. Raises `NotWeather`."""
        ...


def service_address(service: str, public: str, query: Mapping[str, str]) -> str:
    """`service` (a host alone, or a whole address) with the public one's path where it has none, and the query."""
    parts, default = urlsplit(service or public), urlsplit(public)
    path = parts.path if parts.path.strip("/") else default.path
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))


def plausible(value: Any, unit: str = "°C") -> float:
    """A temperature in degrees Celsius. Raises `NotWeather` when it is none that occurs on Earth."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise NotWeather(f"{value!r} is no temperature")
    celsius = {"°C": float(value), "celsius": float(value), "°F": (float(value) - 32) / 1.8}.get(unit)
    if celsius is None:
        raise NotWeather(f"{unit!r} is no unit of temperature that is understood")
    if not COLDEST <= celsius <= HOTTEST:
        raise NotWeather(f"{celsius:g} °C does not occur on Earth")
    return celsius


def near(place: Place, latitude: Any, longitude: Any) -> None:
    """Raises `NotWeather` when an answer speaks of another place (models answer for a grid: a degree off is fine)."""
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (latitude, longitude)):
        raise NotWeather("the answer does not say for which place it is")
    east = abs((float(longitude) - place.longitude + 180) % 360 - 180) * math.cos(math.radians(place.latitude))
    if abs(float(latitude) - place.latitude) > 1 or east > 1:
        raise NotWeather(f"the answer is for {latitude}, {longitude}, not for {place.name}")


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise NotWeather(f"the answer is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise NotWeather("the answer is not a JSON object")
    return document


def _instant(text: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise NotWeather(f"{text!r} is no time") from error
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


WMO_SYMBOLS: Mapping[int, str] = {0: "clear", 1: "fair", 2: "fair", 3: "cloudy", 45: "fog", 48: "fog"}
"""WMO code table 4677 as Open-Meteo uses it; the rest goes by decades."""


def wmo_symbol(code: Any, by_day: bool) -> str:
    """Our word for a WMO weather code, "" for one that is not known."""
    if isinstance(code, bool) or not isinstance(code, int | float):
        return ""
    number = int(code)
    if number in WMO_SYMBOLS:
        word = WMO_SYMBOLS[number]
        return word if by_day or word not in ("clear", "fair") else f"{word}-night"
    if number in (56, 57, 66, 67):
        return "sleet"
    ranges = (
        (51, 55, "drizzle"),
        (61, 65, "rain"),
        (71, 77, "snow"),
        (80, 82, "rain"),
        (85, 86, "snow"),
        (95, 99, "thunder"),
    )
    return next((word for low, high, word in ranges if low <= number <= high), "")


def met_symbol(code: str) -> str:
    """Our word for a symbol of MET Norway ("lightrainshowers_day"), "" for one that is not known."""
    word, _, time_of_day = code.partition("_")
    night = "-night" if time_of_day in ("night", "polartwilight") else ""
    if "thunder" in word:
        return "thunder"
    for part in ("sleet", "snow", "rain", "fog"):
        if part in word:
            return part
    return {
        "clearsky": f"clear{night}",
        "fair": f"fair{night}",
        "partlycloudy": f"fair{night}",
        "cloudy": "cloudy",
    }.get(word, "")


class OpenMeteo:
    """https://open-meteo.com/en/docs: the current weather, renewed every quarter of an hour; no key."""

    name = "Open-Meteo"
    url = "https://open-meteo.com/"
    credit = "Weather data by Open-Meteo.com (CC BY 4.0)"
    interval = 20 * 60
    service = "https://api.open-meteo.com/v1/forecast"

    def address(self, place: Place, service: str = "") -> str:
        query = {
            "latitude": f"{place.latitude:.4f}",
            "longitude": f"{place.longitude:.4f}",
            "current": "temperature_2m,weather_code,is_day",
            "timezone": "GMT",
        }
        return service_address(service, self.service, query)

    def read(self, body: bytes, place: Place) -> tuple[Observation, ...]:
        document = _document(body)
        if document.get("error"):
            raise NotWeather(f"the provider says: {document.get('reason', 'error')}")
        near(place, document.get("latitude"), document.get("longitude"))
        current, units = document.get("current"), document.get("current_units") or {}
        if not isinstance(current, dict) or not isinstance(units, dict):
            raise NotWeather("the answer holds no current weather")
        offset = document.get("utc_offset_seconds", 0)
        if offset not in (0, 0.0, None):
            raise NotWeather("the answer is not in GMT, as was asked for")
        return (
            Observation(
                at=_instant(current.get("time")),
                temperature=plausible(current.get("temperature_2m"), str(units.get("temperature_2m", "°C"))),
                symbol=wmo_symbol(current.get("weather_code"), by_day=bool(current.get("is_day", 1))),
            ),
        )


class MetNorway:
    """https://api.met.no/doc/locationforecast/: hourly forecast; wants a telling User-Agent, at most 4 decimals,
    no question before `Expires`, and conditional questions after it."""

    name = "MET Norway"
    url = "https://www.met.no/en"
    credit = "Data from MET Norway (CC BY 4.0)"
    interval = 30 * 60
    service = "https://api.met.no/weatherapi/locationforecast/2.0/compact"

    def address(self, place: Place, service: str = "") -> str:
        query = {"lat": _four_decimals(place.latitude), "lon": _four_decimals(place.longitude)}
        return service_address(service, self.service, query)

    def read(self, body: bytes, place: Place) -> tuple[Observation, ...]:
        document = _document(body)
        try:
            longitude, latitude = document["geometry"]["coordinates"][:2]
            series: Sequence[Any] = document["properties"]["timeseries"]
            unit = str(document["properties"]["meta"]["units"]["air_temperature"])
        except (KeyError, TypeError, ValueError) as error:
            raise NotWeather("the answer is not a forecast of MET Norway") from error
        near(place, latitude, longitude)
        if not isinstance(series, list) or not series:
            raise NotWeather("the forecast is empty")
        return tuple(self._hour(hour, unit) for hour in series[:24])

    @staticmethod
    def _hour(hour: Any, unit: str) -> Observation:
        try:
            data = hour["data"]
            ahead = data.get("next_1_hours") or data.get("next_6_hours") or {}
            code = str(ahead.get("summary", {}).get("symbol_code", ""))
            temperature = data["instant"]["details"]["air_temperature"]
            at = hour["time"]
        except (KeyError, TypeError, AttributeError) as error:
            raise NotWeather("an hour of the forecast holds no temperature") from error
        return Observation(at=_instant(at), temperature=plausible(temperature, unit), symbol=met_symbol(code))


def _four_decimals(degrees: float) -> str:
    """Truncated, not rounded, as the terms of service ask."""
    return f"{math.trunc(degrees * 10_000) / 10_000:g}" if degrees else "0"


PROVIDERS: Mapping[str, Provider] = {"open-meteo": OpenMeteo(), "met-norway": MetNorway()}
