"""Where an entry takes place: GeoRSS (simple and GML), W3C basic geo. Coordinates that cannot be are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from masthead.core.parse.names import Names
from masthead.core.parse.node import Children, children_of, first_text, raw_text, words_of
from masthead.core.types import ParsedPlace, PlaceKind

KEYS = frozenset(
    (
        *("georss:point", "georss:line", "georss:polygon", "georss:box", "georss:where"),
        *("gml:point", "gml:linestring", "gml:polygon", "gml:envelope", "geo:lat", "geo:point"),
    )
)
_SIMPLE: tuple[tuple[str, PlaceKind], ...] = (
    ("georss:point", "point"),
    ("georss:line", "line"),
    ("georss:polygon", "polygon"),
    ("georss:box", "box"),
)
_GML: dict[str, PlaceKind] = {
    "gml:point": "point",
    "gml:linestring": "line",
    "gml:polygon": "polygon",
    "gml:envelope": "box",
}
_FEWEST: dict[PlaceKind, int] = {"point": 1, "line": 2, "polygon": 3, "box": 2}
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?\Z")
MAX_PLACES = 50
MAX_POINTS = 10_000

Points = tuple[tuple[float, float], ...]


def places_of(children: Children, names: Names) -> tuple[ParsedPlace, ...]:
    """The places that the children of an entry state, each once."""
    name = words_of(first_text(children, "georss:featurename"))
    found: dict[ParsedPlace, None] = {}
    for kind, points in islice(_stated(children, names), MAX_PLACES):
        if len(points) >= _FEWEST[kind]:
            found.setdefault(ParsedPlace(kind, points[: {"point": 1, "box": 2}.get(kind, MAX_POINTS)], name))
    return tuple(found)


def _stated(children: Children, names: Names) -> Iterator[tuple[PlaceKind, Points]]:
    for key, kind in _SIMPLE:
        for element in children.get(key, ()):
            yield kind, _points(raw_text(element))
    for holder in (children, *(children_of(where, names) for where in children.get("georss:where", ()))):
        for key, kind in _GML.items():
            for element in holder.get(key, ()):
                yield kind, _points_of_gml(element, names)
    for holder in (children, *(children_of(point, names) for point in children.get("geo:point", ()))):
        longitude = first_text(holder, "geo:long") or first_text(holder, "geo:lon")
        if longitude and (latitude := first_text(holder, "geo:lat")):
            yield "point", _points(f"{latitude} {longitude}")


def _points_of_gml(element: etree._Element, names: Names) -> Points:
    """The positions of a geometry, holes left out; one that states three dimensions loses its heights."""
    found: list[tuple[float, float]] = []
    for node in element.iter(etree.Element):
        if names[str(node.tag)] == "gml:interior":
            break
        if names[str(node.tag)] in ("gml:pos", "gml:poslist", "gml:lowercorner", "gml:uppercorner"):
            stated = node.get("srsDimension") or node.get("dimension") or element.get("srsDimension") or "2"
            found += _points(raw_text(node), 3 if stated.strip() == "3" else 2)
    return tuple(found)


def _points(text: str, dimension: int = 2) -> Points:
    """Pairs out of "lat lon lat lon"; none when one of the numbers is no coordinate."""
    words = text.replace(",", " ").split(maxsplit=MAX_POINTS * dimension)
    if not words or len(words) % dimension or not all(_NUMBER.match(word) for word in words):
        return ()
    pairs = tuple((float(words[at]), float(words[at + 1])) for at in range(0, len(words), dimension))
    return pairs if all(abs(latitude) <= 90 and abs(longitude) <= 180 for latitude, longitude in pairs) else ()
