"""The record of what a page says about itself: for each field, candidates with the place they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field

from masthead.core.characters import one_line


@dataclass(slots=True)
class PageMeta:
    """Candidates for each field as (value, place), in the order in which they were found.

    `live`: how the posts of a live blog begin, folded; empty where the page is none.
    """

    title: list[tuple[str, str]] = field(default_factory=list)
    description: list[tuple[str, str]] = field(default_factory=list)
    authors: list[tuple[str, str]] = field(default_factory=list)
    published: list[tuple[str, str]] = field(default_factory=list)
    modified: list[tuple[str, str]] = field(default_factory=list)
    image: list[tuple[str, str]] = field(default_factory=list)
    site: list[tuple[str, str]] = field(default_factory=list)
    canonical: list[tuple[str, str]] = field(default_factory=list)
    language: list[tuple[str, str]] = field(default_factory=list)
    license: list[tuple[str, str]] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    body: str = ""
    live: list[str] = field(default_factory=list)
    free: bool | None = None
    image_alt: str = ""
    films: list[tuple[str, str, str]] = field(default_factory=list)
    """(address of the player or page, of the still, title) of films that the page describes."""

    def add(self, name: str, value: object, place: str) -> None:
        """Add a candidate, when it is text that says something."""
        if isinstance(value, str) and (text := one_line(value)) and (text, place) not in getattr(self, name):
            getattr(self, name).append((text[:3000], place))
