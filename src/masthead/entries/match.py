"""Which of a document's items are known: the names of `identity`, looked up in the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db.models import Exists, F, OuterRef

from masthead.entries.drift import find_drifted
from masthead.entries.identity import KINDS, is_other_article, moment_of
from masthead.entries.item import Item
from masthead.entries.models import Entry, EntryAlias, EntryVersion
from masthead.entries.storable import entry_from_record
from masthead.feeds.models import Feed, Source

CHUNK = 500
Thing = TypeVar("Thing")


def chunks(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Lists of at most `CHUNK`, as many as a query may name."""
    rest = iter(things)
    while piece := list(islice(rest, CHUNK)):
        yield piece


@dataclass(frozen=True, slots=True)
class Match:
    """An item and the entry that it is a state of; None when it is new. `reused`: names taken from another entry.

    `drifted`: the item has names that its entry had not.
    """

    item: Item
    entry: Entry | None
    reused: tuple[str, ...] = ()
    drifted: bool = False


def known_feeds(feeds: Iterable[Feed]) -> set[int]:
    """Those of the feeds whose source has entries already: for the others nothing need be looked up."""
    sources = {feed.pk: feed.source_id for feed in feeds}
    named = EntryAlias.objects.filter(source=OuterRef("pk"))
    known = set(Source.objects.filter(Exists(named), pk__in=set(sources.values())).values_list("pk", flat=True))
    return {pk for pk, source in sources.items() if source in known}


def _known_by_name(feed: Feed, items: Sequence[Item]) -> dict[str, Entry]:
    """The publisher's entries that have one of the items' names, by name, each with its feed."""
    values = {value for item in items for _, value in item.aliases}
    keys: dict[str, int] = {}
    for piece in chunks(sorted(values)):
        # The kinds are named for the index, which begins with source and kind.
        rows = EntryAlias.objects.filter(source_id=feed.source_id, kind__in=KINDS, value__in=piece)
        keys |= dict(rows.values_list("value", "entry_id"))
    entries: dict[int, Entry] = {}
    for keys_piece in chunks(sorted(set(keys.values()))):
        entries |= {entry.pk: entry for entry in Entry.objects.filter(pk__in=keys_piece)}
    others = Feed.objects.in_bulk({entry.feed_id for entry in entries.values()} - {feed.pk})
    for entry in entries.values():
        entry.feed = feed if entry.feed_id == feed.pk else others[entry.feed_id]
    return {value: entries[pk] for value, pk in keys.items() if pk in entries}


def current_versions(entries: Iterable[int]) -> dict[int, EntryVersion]:
    """The newest version of each entry, without its bytes."""
    found: dict[int, EntryVersion] = {}
    for piece in chunks(sorted(set(entries))):
        rows = EntryVersion.objects.filter(entry__in=piece, number=F("entry__version")).defer("original", "context")
        found |= {row.entry_id: row for row in rows}
    return found


def match_items(
    feed: Feed, items: Sequence[Item], shared: set[str], *, known: bool = True, drifting: bool = True
) -> list[Match]:
    """Tell for each item which entry it is a state of.

    An entry known by guid, link and headline together is certain. One known by guid or link alone is looked at: the
    name may have been given to a new article. In a `drifting` feed one that is known by no name may have changed them
    all at once (see `drift`); an archive is no such feed. No entry is given to two items of a document. Guid names in
    `shared` no longer name anything and are forgotten. `known` False: the source has no entries yet.
    """
    if not known:
        return [Match(item, None) for item in items]
    for piece in chunks(sorted(shared)):
        EntryAlias.objects.filter(source_id=feed.source_id, kind="guid", value__in=piece).delete()
    named = _known_by_name(feed, items)
    certain: set[str] = set()
    taken: set[int] = set()
    passed_over: set[str] = set()
    for item in items:
        if (entry := named.get(item.whole)) is None:
            continue
        # Two states of one entry in one document: the first, which feeds write newest, counts.
        (passed_over if entry.pk in taken else certain).add(item.whole)
        taken.add(entry.pk)
    items = [item for item in items if item.whole not in passed_over]
    doubtful = {
        entry.pk
        for item in items
        if item.whole not in certain
        for value in (item.guid, item.link)
        if (entry := named.get(value)) is not None and entry.pk not in taken
    }
    versions = current_versions(doubtful)
    matches = [_match(item, named, certain, taken, versions) for item in items]
    nameless = [place for place, match in enumerate(matches) if match.entry is None and not match.reused]
    unknown = [items[place] for place in nameless if drifting]
    for place, entry in find_drifted(feed, unknown, taken).items():
        matches[nameless[place]] = Match(items[nameless[place]], entry, drifted=True)
    return matches


def not_older(matches: Sequence[Match]) -> list[Match]:
    """The matches without items that the publisher changed since: what a hub sends may come late, or twice."""
    versions = current_versions(match.entry.pk for match in matches if match.entry is not None)

    def is_older(match: Match) -> bool:
        version = versions.get(match.entry.pk) if match.entry is not None else None
        if version is None:
            return False
        known, sent = moment_of(version.record.get("updated")), moment_of(match.item.updated)
        return known is not None and sent is not None and sent < known

    return [match for match in matches if not is_older(match)]


def _match(
    item: Item, known: dict[str, Entry], certain: set[str], taken: set[int], versions: dict[int, EntryVersion]
) -> Match:
    if item.whole in certain:
        return Match(item, known[item.whole])
    reused: list[str] = []
    for value in (item.guid, item.link):
        entry = known.get(value)
        if entry is None:
            continue
        version = versions.get(entry.pk)
        if entry.pk in taken or version is None or is_other_article(entry_from_record(version.record), item.entry()):
            reused.append(value)
            continue
        taken.add(entry.pk)
        return Match(item, entry, drifted=True)
    return Match(item, None, tuple(reused))
