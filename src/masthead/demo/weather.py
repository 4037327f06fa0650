"""A weather service that answers as Open-Meteo's forecast interface does (`/v1/forecast`), with invented weather.

Believable: the temperature follows latitude, season and hour, and drifts from day to day; the same quarter of an hour
always has the same weather, as a measurement has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

STEP = 900  # seconds between two measurements
_UNITS = {
    "time": "iso8601",
    "interval": "seconds",
    "temperature_2m": "°C",
    "relative_humidity_2m": "%",
    "apparent_temperature": "°C",
    "is_day": "",
    "precipitation": "mm",
    "weather_code": "wmo code",
    "wind_speed_10m": "km/h",
    "wind_direction_10m": "°",
}


class BadQuestion(ValueError):
    """A request that the service refuses; the message is what it answers."""


def forecast(query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The answer to a forecast request. Raises `BadQuestion` as the real service answers 400."""
    try:
        latitude, longitude = float(query["latitude"]), float(query["longitude"])
    except KeyError as error:
        raise BadQuestion(f"Parameter {error} is missing") from error
    except ValueError as error:
        raise BadQuestion("Latitude and longitude must be numbers") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadQuestion("Latitude must be in range of -90 to 90°. Longitude in range of -180 to 180°.")
    measured = _measured(now)
    values = _values(latitude, longitude, measured)
    wanted = [name for name in query.get("current", "").split(",") if name]
    if unknown := [name for name in wanted if name not in values]:
        raise BadQuestion(f"Data corrupted at path ''. Cannot initialize from invalid String value {unknown[0]}.")
    fahrenheit = query.get("temperature_unit") == "fahrenheit"
    answer: dict[str, Any] = {
        "latitude": round(latitude, 4),
        "longitude": round(longitude, 4),
        "generationtime_ms": 0.041,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": 12.0,
    }
    if not wanted:
        return answer
    stated: str | int = f"{measured:%Y-%m-%dT%H:%M}"
    if query.get("timeformat") == "unixtime":
        stated = int(measured.timestamp())
    units = {name: _UNITS[name] for name in ("time", "interval", *wanted)}
    current: dict[str, Any] = {"time": stated, "interval": STEP, **{name: values[name] for name in wanted}}
    for name in wanted:
        if fahrenheit and _UNITS[name] == "°C":
            current[name] = round(current[name] * 9 / 5 + 32, 1)
            units[name] = "°F"
    return {**answer, "current_units": units, "current": current}


def _measured(now: datetime) -> datetime:
    seconds = int(now.timestamp()) // STEP * STEP
    return datetime.fromtimestamp(seconds, UTC)


def _values(latitude: float, longitude: float, at: datetime) -> dict[str, float | int]:
    hours = at.timestamp() / 3600
    solar = (at + timedelta(hours=longitude / 15)).hour + at.minute / 60
    season = math.cos((at.timetuple().tm_yday - 200) / 365.25 * 2 * math.pi) * math.copysign(1, latitude)
    front = math.sin(hours / 41) + 0.6 * math.sin(hours / 17.3 + 2)
    warmth = 27 - abs(latitude) * 0.33 + season * abs(latitude) * 0.19
    daily = 3.4 * math.cos((solar - 14.5) / 24 * 2 * math.pi)
    temperature = round(warmth + daily + front * 1.8, 1)
    wind = round(11 + 7 * math.sin(hours / 9) + 3 * front, 1)
    cloud = (math.sin(hours / 23 + 1) + math.sin(hours / 7.7)) / 2
    rain = round(max(0.0, cloud - 0.55) * 3, 1)
    code = 0 if cloud < -0.5 else 1 if cloud < -0.2 else 2 if cloud < 0.15 else 3
    if rain:
        code = (71 if rain < 0.6 else 73) if temperature < 0.5 else (61 if rain < 0.6 else 63)
    return {
        "temperature_2m": temperature,
        "relative_humidity_2m": round(66 + 18 * cloud),
        "apparent_temperature": round(temperature - max(wind, 0) / 12, 1),
        "is_day": int(6 <= solar < 18.5),
        "precipitation": rain,
        "weather_code": code,
        "wind_speed_10m": abs(wind),
        "wind_direction_10m": round(180 + 120 * math.sin(hours / 31)),
    }
