"""Which elements an entry has, so that nothing is looked for that is not there.

The entries of a document mostly have the same few sets of elements: what is to be read of a set is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from masthead.core.parse import bodies, categories, episode, geo, licence, media
from masthead.core.parse.links import KEYS as LINKS
from masthead.core.parse.names import Names
from masthead.core.types import ParsedAuthor

_GUID = ("guid", "atom:id", "id", "dc:identifier")
_TITLE = ("title", "atom:title", "dc:title", "media:title", "itunes:title")
_LANGUAGE = ("dc:language", "language")
_PUBLISHED = (
    *("pubdate", "atom:published", "dc:date", "atom:issued", "dcterms:issued", "atom:created", "dcterms:created"),
)
_UPDATED = ("atom:updated", "dcterms:modified", "atom:modified", "updated", "lastbuilddate")
AUTHORS = (
    *("atom:author", "dc:creator", "author"),
    *("|", "itunes:author"),
    *("|", "dc:author", "dc:contributor"),
    *("|", "media:credit"),
)
_SOURCES = frozenset(("source", "atom:source", "dc:source"))


@dataclass(frozen=True, slots=True)
class Plan:
    """What of an entry is to be read: the keys of each field that are there, and which readers have work to do."""

    guid: tuple[str, ...]
    title: tuple[str, ...]
    links: tuple[str, ...]
    published: tuple[str, ...]
    updated: tuple[str, ...]
    authors: tuple[str, ...]
    language: tuple[str, ...]
    summary: tuple[str, ...]
    content: bool
    said_elsewhere: bool
    categories: bool
    enclosure: bool
    comments: bool
    media: bool
    licence: bool
    source: bool
    places: bool
    replies: bool
    episode: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for every entry of a document: names of elements, base address, the feed's page and authors."""

    names: Names
    base: str
    page: str = ""
    atom: bool = False
    authors: tuple[ParsedAuthor, ...] = ()
    states_base: bool = False
    plans: dict[tuple[str, ...], Plan] = field(default_factory=dict, compare=False)

    def plan(self, present: Iterable[str]) -> Plan:
        """What to read of an entry that has elements of these names."""
        keys = tuple(present)
        found = self.plans.get(keys)
        if found is None:
            found = self.plans[keys] = _plan_of(frozenset(keys))
        return found


def _plan_of(keys: frozenset[str]) -> Plan:
    def there(wanted: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(key for key in wanted if key in keys)

    authors = tuple(key for key in AUTHORS if key == "|" or key in keys)
    return Plan(
        guid=there(_GUID),
        title=there(_TITLE),
        links=there(LINKS),
        published=there(_PUBLISHED),
        updated=there(_UPDATED),
        authors=() if set(authors) == {"|"} else authors,
        language=there(_LANGUAGE),
        summary=there(bodies.SUMMARY),
        content=not keys.isdisjoint(bodies.CONTENT),
        said_elsewhere=not keys.isdisjoint(bodies.SAYING),
        categories=not keys.isdisjoint(categories.KEYS),
        enclosure="enclosure" in keys,
        comments="comments" in keys,
        media=not keys.isdisjoint(media.KEYS),
        licence=not keys.isdisjoint(licence.KEYS),
        source=not keys.isdisjoint(_SOURCES),
        places=not keys.isdisjoint(geo.KEYS),
        replies=not keys.isdisjoint(episode.REPLY_KEYS),
        episode=not keys.isdisjoint(episode.KEYS),
    )
