"""What surrounds an entry: all that the repairs may draw on besides the entry itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class EntryContext:
    """The feed and the source that an entry came from. Every field may be empty; addresses are absolute."""

    feed_url: str = ""
    feed_title: str = ""
    feed_link: str = ""
    feed_language: str = ""
    feed_format: str = ""
    source_name: str = ""
    source_url: str = ""
    source_language: str = ""
    licence: str = ""
    """Of the source, as the tables know it."""
    feed_licence: str = ""
    """What the feed states of all its items: a licence, or words about rights."""
    pictures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of an archive's media library: {"12": {"url", "alt", "caption"}}, those that the text names by number."""

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any], **known: str) -> EntryContext:
        """From `EntryVersion.context` ({"title", "link", "language", "format", ...}) and what the tables know."""
        return cls(
            feed_url=known.get("feed_url") or str(stored.get("url") or ""),
            feed_title=str(stored.get("title") or ""),
            feed_link=str(stored.get("link") or ""),
            feed_language=str(stored.get("language") or ""),
            feed_format=str(stored.get("format") or ""),
            source_name=known.get("source_name", ""),
            source_url=known.get("source_url", ""),
            source_language=known.get("source_language", ""),
            licence=known.get("licence", ""),
            # The first name is what is stored; the other, feeds' own, is read where it stands.
            feed_licence=str(stored.get("licence") or stored.get("license") or ""),
            pictures=stored.get("pictures") or {},
        )
