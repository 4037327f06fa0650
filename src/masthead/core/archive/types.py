"""What an archive of another system holds, one record a thing: posts, what is left out, what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from masthead.core.types import ParsedEntry

State = Literal["published", "draft"]


class Unreadable(ValueError):
    """A file, or the rest of one, that cannot be read; the message says why, in words for people."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The site that an archive was taken from, as it says itself. Every field may be empty; `link` is absolute."""

    title: str = ""
    link: str = ""
    language: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the old site's media library."""

    url: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One post, with its bytes as received in `entry.original`.

    `format`: "wxr-1.2", "blogger", "atom-1.0", "page", "text", ... `where`: the file and the place in it, for people.
    `old`: the addresses that it had (absolute, or from the host's root). `pictures`: those of the media library that
    its text names by number. `comments`: how many were dropped with it.
    """

    entry: ParsedEntry
    publication: Publication
    format: str
    where: str
    old: tuple[str, ...] = ()
    state: State = "published"
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    comments: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is no article, or not for readers: `reason` is a stable word ("draft", "attachment", ...)."""

    where: str
    reason: str
    title: str = ""
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that should have become an article and cannot; `reason` is a sentence."""

    where: str
    reason: str


Found = Post | LeftOut | Refused


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for besides published posts; `base`: the address that a folder's files stood at."""

    drafts: bool = False
    pages: bool = False
    base: str = ""
