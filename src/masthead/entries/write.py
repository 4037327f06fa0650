"""What a document's items become: entries, versions, names, wanted pages. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count

from masthead.core.types import ParsedFeed
from masthead.entries.digest import digest_of
from masthead.entries.item import Item
from masthead.entries.ledger import Ledger, NewEntry, Version
from masthead.entries.match import Match, chunks, current_versions
from masthead.entries.models import Entry, EntryAlias, EntryVersion
from masthead.entries.queries import pages_left_alone
from masthead.entries.storable import entry_from_record, feed_context
from masthead.feeds.models import Feed, FeedState, Fetch, FullText
from masthead.store.rows import update_rows

# An entry that changed so often changes once a day at most from then on.
_CHURNING = 20
_CHURN_REST = timedelta(days=1)
# An entry has three names at first, and two more with each change of its guid.
_MOST_NAMES = 60


def _says_the_same(version: EntryVersion, digest: str) -> bool:
    """Whether an item with this digest is what the version holds.

    The digest stored may have been made by an older program, which told states apart in another way.
    """
    if version.digest == digest:
        return True
    if digest_of(entry_from_record(version.record)) != digest:
        return False
    EntryVersion.objects.filter(pk=version.pk).update(digest=digest)
    return True


class Writer:
    """Enters the items of one document in a ledger. `new` and `changed` count entries.

    `known` False: the source has no entries yet, so that nothing need be looked up.
    """

    def __init__(self, feed: Feed, fetch: Fetch, parsed: ParsedFeed, ledger: Ledger, *, known: bool = True) -> None:
        self.feed, self.fetch, self.ledger, self.known = feed, fetch, ledger, known
        self.moment = fetch.started_at
        self.context = feed_context(parsed, feed.url)
        self.new = self.changed = 0
        self._keys: set[str] = set()
        self._left_alone: bool | None = None

    def context_of(self, item: Item) -> dict[str, Any]:
        """What surrounds an item, as `EntryVersion.context`."""
        return self.context

    def write(self, matches: Sequence[Match]) -> None:
        """Write all items."""
        for piece in chunks(match for match in matches if match.entry is not None):
            self._known(piece)
        for piece in chunks(match for match in matches if match.entry is None):
            self._unknown(piece)

    def _unknown(self, matches: Sequence[Match]) -> None:
        keys = self._free_keys([match.item for match in matches])
        for key, match in zip(keys, matches, strict=True):
            entry = NewEntry(self.feed.pk, self.feed.source_id, key, self.moment)
            if match.reused:
                EntryAlias.objects.filter(source_id=self.feed.source_id, value__in=match.reused).delete()
            self.ledger.entries.append(entry)
            self._version(entry, match.item)
            self.ledger.names.append((entry, self.feed.source_id, match.item))
        self.new += len(keys)

    def _free_keys(self, items: Sequence[Item]) -> list[str]:
        """For each item the best of its keys that no entry of the feed has."""
        wanted = {key for item in items for key in item.keys}
        taken = self._keys
        for piece in chunks(sorted(wanted)) if self.known else ():
            taken |= set(Entry.objects.filter(feed=self.feed, key__in=piece).values_list("key", flat=True))
        chosen: list[str] = []
        for item in items:
            key = next((key for key in item.keys if key not in taken), None)
            if key is None:
                # Guid, link, headline, date and text are all those of an entry whose names have since passed on.
                key = item.keys[-1][:40] + f"{self.fetch.pk:012x}{len(chosen):012x}"
            taken.add(key)
            chosen.append(key)
        return chosen

    def _known(self, matches: Sequence[Match]) -> None:
        seen = [match.entry for match in matches if match.entry is not None]
        Entry.objects.filter(pk__in=[entry.pk for entry in seen]).update(last_seen_at=self.moment, missing_since=None)
        current = current_versions(entry.pk for entry in seen)
        changed: list[Entry] = []
        for match in matches:
            entry = match.entry
            if entry is None or not self._may_speak_for(entry):
                continue
            version = current.get(entry.pk)
            if version is not None and (_says_the_same(version, match.item.digest) or self._churns(entry, version)):
                continue
            entry.version += 1
            entry.cleaned_version, entry.clean_error = 0, ""
            changed.append(entry)
            self._version(entry, match.item)
        update_rows(changed, ("version", "cleaned_version", "clean_error"))
        full = self._with_enough_names(match.entry.pk for match in matches if match.entry and match.drifted)
        self.ledger.names += [
            (match.entry, self.feed.source_id, match.item)
            for match in matches
            if match.entry is not None and match.entry.pk not in full
        ]
        self.changed += len(changed)

    def _with_enough_names(self, entries: Iterable[int]) -> set[int]:
        """Those of some entries that get no more names: their guid is another at every fetch and will not come back."""
        rows = EntryAlias.objects.filter(entry__in=list(entries)).values("entry").annotate(names=Count("pk"))
        return set(rows.filter(names__gte=_MOST_NAMES).values_list("entry", flat=True))

    def _may_speak_for(self, entry: Entry) -> bool:
        """Whether this feed's copy counts as the entry's state.

        A publisher's other feeds repeat an item, often shortened: only the feed that it came by changes it. When that
        one is polled no more, the item passes to this feed; but what was imported is whole, and stays as it is.
        """
        if entry.feed_id == self.feed.pk:
            return True
        if (
            entry.feed.state in (FeedState.ACTIVE, FeedState.IMPORTED)
            or Entry.objects.filter(feed=self.feed, key=entry.key).exists()
        ):
            return False
        Entry.objects.filter(pk=entry.pk).update(feed=self.feed)
        entry.feed = self.feed
        return True

    def _churns(self, entry: Entry, version: EntryVersion) -> bool:
        return entry.version >= _CHURNING and self.moment - version.received_at < _CHURN_REST

    def _version(self, entry: Entry | NewEntry, item: Item) -> None:
        self.ledger.versions.append(Version(entry, self.fetch.pk, self.moment, item, self.context_of(item)))
        if self._wants_page(item) and not self._pages_are_left_alone():
            self.ledger.pages.append((entry, item.page, self.moment))

    def _wants_page(self, item: Item) -> bool:
        """Whether the publisher's page is to be read too; left to us, when the item is but a teaser."""
        mode = self.feed.full_text
        return bool(item.page) and (mode == FullText.ON or (mode == FullText.AUTO and item.teaser))

    def _pages_are_left_alone(self) -> bool:
        """Whether asking for the pages of this feed has shown to be no use; asked for once a document."""
        if self._left_alone is None:
            automatic = self.known and self.feed.full_text == FullText.AUTO
            self._left_alone = automatic and bool(pages_left_alone(self.feed.pk, self.moment))
        return self._left_alone
