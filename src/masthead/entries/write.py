"""The rows that a document's items become: entries, versions, names, wanted pages. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count

from masthead.core.types import ParsedEntry, ParsedFeed
from masthead.entries.digest import digest_of
from masthead.entries.identity import Named
from masthead.entries.linked import page_address, wants_page
from masthead.entries.match import Match, chunks, current_versions
from masthead.entries.models import Entry, EntryAlias, EntryVersion, LinkedPage, PageState
from masthead.entries.queries import pages_refused
from masthead.entries.storable import entry_from_record, entry_record, feed_context, pack
from masthead.feeds.models import Feed, FeedState, Fetch, FullText

# An article waits so long for its page.
PAGE_PATIENCE = timedelta(minutes=3)
# A page that was had is not asked for again within this time, whatever becomes of its item.
PAGE_REST = timedelta(hours=1)
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
    """Writes the items of one document. `new` and `changed` count entries; `created` holds their keys."""

    def __init__(self, feed: Feed, fetch: Fetch, parsed: ParsedFeed) -> None:
        self.feed, self.fetch = feed, fetch
        self.moment = fetch.started_at
        self.context = feed_context(parsed, feed.url)
        self.new = self.changed = 0
        self.created: set[int] = set()
        self._refused: bool | None = None

    def context_of(self, entry: ParsedEntry) -> dict[str, Any]:
        """What surrounds an item, as `EntryVersion.context`."""
        return self.context

    def write(self, matches: Sequence[Match], digests: Mapping[str, str]) -> None:
        """Write all items; `digests` by their `whole` name."""
        pairs = [(match, digests[match.named.whole]) for match in matches]
        for piece in chunks(pair for pair in pairs if pair[0].entry is not None):
            self._known(piece)
        for piece in chunks(pair for pair in pairs if pair[0].entry is None):
            self._unknown(piece)

    def _unknown(self, pairs: Sequence[tuple[Match, str]]) -> None:
        keys = self._free_keys([match.named for match, _ in pairs])
        entries = Entry.objects.bulk_create(
            Entry(
                feed=self.feed,
                source_id=self.feed.source_id,
                key=key,
                first_seen_at=self.moment,
                last_seen_at=self.moment,
            )
            for key in keys
        )
        self._versions(
            (entry, match.named.entry, digest) for entry, (match, digest) in zip(entries, pairs, strict=True)
        )
        for match, _ in pairs:
            if match.reused:
                EntryAlias.objects.filter(source_id=self.feed.source_id, value__in=match.reused).delete()
        self._aliases((entry, match.named) for entry, (match, _) in zip(entries, pairs, strict=True))
        self.created |= {entry.pk for entry in entries}
        self.new += len(entries)

    def _free_keys(self, items: Sequence[Named]) -> list[str]:
        """For each item the best of its keys that no entry of the feed has."""
        wanted = {key for item in items for key in item.keys}
        taken: set[str] = set()
        for piece in chunks(sorted(wanted)):
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

    def _known(self, pairs: Sequence[tuple[Match, str]]) -> None:
        seen = [match.entry for match, _ in pairs if match.entry is not None]
        Entry.objects.filter(pk__in=[entry.pk for entry in seen]).update(last_seen_at=self.moment, missing_since=None)
        current = current_versions(entry.pk for entry in seen)
        changed: list[tuple[Entry, ParsedEntry, str]] = []
        for match, digest in pairs:
            entry = match.entry
            if entry is None or not self._may_speak_for(entry):
                continue
            version = current.get(entry.pk)
            if version is not None and (_says_the_same(version, digest) or self._churns(entry, version)):
                continue
            entry.version += 1
            entry.cleaned_version, entry.clean_error = 0, ""
            changed.append((entry, match.named.entry, digest))
        Entry.objects.bulk_update([entry for entry, _, _ in changed], ["version", "cleaned_version", "clean_error"])
        self._versions(changed)
        full = self._with_enough_names(match.entry.pk for match, _ in pairs if match.entry and match.drifted)
        self._aliases((m.entry, m.named) for m, _ in pairs if m.entry is not None and m.entry.pk not in full)
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

    def _versions(self, rows: Iterable[tuple[Entry, ParsedEntry, str]]) -> None:
        versions: list[EntryVersion] = []
        wanting: list[tuple[Entry, str]] = []
        for entry, parsed, digest in rows:
            versions.append(
                EntryVersion(
                    entry=entry,
                    number=entry.version,
                    fetch=self.fetch,
                    received_at=self.moment,
                    original=pack(parsed.original),
                    original_type=parsed.original_type[:100],
                    record=entry_record(parsed),
                    context=self.context_of(parsed),
                    digest=digest,
                )
            )
            if wants_page(self.feed.full_text, parsed) and not self._pages_are_refused():
                wanting.append((entry, page_address(parsed)))
        EntryVersion.objects.bulk_create(versions)
        self._want_pages(wanting)

    def _want_pages(self, wanting: Sequence[tuple[Entry, str]]) -> None:
        """Have pages fetched, again for a changed entry; what was fetched before stays until then."""
        keys = [entry.pk for entry, _ in wanting]
        held = {page.entry_id: page for page in LinkedPage.objects.filter(entry__in=keys).defer("body")}
        pages: list[LinkedPage] = []
        for entry, url in wanting:
            page, due_at = held.get(entry.pk), self.moment
            if page is None or page.url != url:
                page = LinkedPage(entry=entry)
            elif page.fetched_at is not None and page.asked_at is not None:
                due_at = max(due_at, page.asked_at + PAGE_REST)
            page.url, page.state, page.due_at, page.tries, page.error = url, PageState.WANTED, due_at, 0, ""
            pages.append(page)
        fields = ["url", "state", "due_at", "tries", "error", "etag", "last_modified", "asked_at"]
        LinkedPage.objects.bulk_create(
            [LinkedPage(entry=page.entry, **{name: getattr(page, name) for name in fields}) for page in pages],
            update_conflicts=True,
            unique_fields=["entry"],
            update_fields=fields,
        )
        # An article waits for a page that comes soon; else it is made with the one that is here, and again later.
        soon = [page.entry_id for page in pages if page.due_at == self.moment]
        Entry.objects.filter(pk__in=keys).update(clean_after=None)
        Entry.objects.filter(pk__in=soon).update(clean_after=self.moment + PAGE_PATIENCE)

    def _pages_are_refused(self) -> bool:
        """Whether the publisher refuses the pages of this feed at present; asked for once a document."""
        if self._refused is None:
            automatic = self.feed.full_text == FullText.AUTO
            self._refused = automatic and bool(pages_refused(self.feed.pk, self.moment))
        return self._refused

    def _aliases(self, rows: Iterable[tuple[Entry, Named]]) -> None:
        EntryAlias.objects.bulk_create(
            (
                EntryAlias(source_id=self.feed.source_id, kind=kind, value=value, entry=entry)
                for entry, named in rows
                for kind, value in named.aliases
            ),
            ignore_conflicts=True,
        )
