"""An item made ready to be stored, where it was read: who writes it has neither to parse nor to pack. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from masthead.core.types import ParsedEntry
from masthead.entries.digest import digest_of
from masthead.entries.identity import KINDS, Named, canonical_link, name_items
from masthead.entries.linked import is_teaser, page_address
from masthead.entries.storable import entry_from_text, pack, record_text


@dataclass(frozen=True, slots=True)
class Item:
    """A storable item with its names (see `identity.Named`), and what is asked of it before anybody needs all of it.

    `record` is the `ParsedEntry` without its bytes, as JSON; `original` its bytes as they are stored. `page`: the
    address of its page, "" when it has none; `teaser`: whether its text is short of what that page must say; `place`:
    its link as `identity.canonical_link` has it.
    """

    guid: str
    link: str
    whole: str
    keys: tuple[str, ...]
    digest: str
    record: str
    original: bytes
    original_type: str
    title: str
    published: str | None
    updated: str | None
    place: str
    page: str
    teaser: bool

    @property
    def aliases(self) -> tuple[tuple[str, str], ...]:
        """The names to be stored, surest first."""
        named = zip(KINDS, (self.whole, self.guid, self.link), strict=True)
        return tuple((kind, value) for kind, value in named if value)

    def entry(self) -> ParsedEntry:
        """The item itself, without its bytes. It is read anew at each call."""
        return entry_from_text(self.record)


def make_item(named: Named, digest: str) -> Item:
    """An item made ready; `digest` tells its states apart."""
    entry = named.entry
    return Item(
        guid=named.guid,
        link=named.link,
        whole=named.whole,
        keys=named.keys,
        digest=digest,
        record=record_text(entry),
        original=pack(entry.original),
        original_type=entry.original_type[:100],
        title=entry.title,
        published=entry.published,
        updated=entry.updated,
        place=canonical_link(entry.link),
        page=page_address(entry),
        teaser=is_teaser(entry),
    )


def make_items(feed_id: int, entries: Sequence[ParsedEntry], home: str = "") -> list[Item]:
    """The items of a document, each once. `home` is the feed's own page: it names no item."""
    return [make_item(named, digest_of(named.entry)) for named in name_items(feed_id, entries, home)]
