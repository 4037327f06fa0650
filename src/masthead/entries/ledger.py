"""The rows of several documents, written together: one statement a table instead of some for each document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from masthead.entries.item import Item
from masthead.entries.match import chunks
from masthead.entries.models import Entry, EntryAlias, EntryVersion, LinkedPage, PageState
from masthead.entries.storable import json_text
from masthead.feeds import verdict
from masthead.feeds.models import Feed, Fetch, Source
from masthead.store.rows import insert_values, update_rows

# An article waits so long for its page.
PAGE_PATIENCE = timedelta(minutes=3)
# A page that was had is not asked for again within this time, whatever becomes of its item.
PAGE_REST = timedelta(hours=1)
_PAGE = ("url", "state", "due_at", "tries", "error", "etag", "last_modified", "asked_at")
_COUNTED = ("entries_seen", "entries_new", "entries_changed", "detail")
_ENTRY = (
    "feed_id", "source_id", "key", "first_seen_at", "last_seen_at", "version", "cleaned_version", "clean_error",
)  # fmt: skip
_VERSION = (
    "entry_id", "number", "fetch_id", "received_at", "original", "original_type", "record", "context", "digest",
)  # fmt: skip


@dataclass(slots=True)
class NewEntry:
    """An entry that is to be written, seen first at `moment`; its key in the database is known once it was."""

    feed_id: int
    source_id: int
    key: str
    moment: datetime
    pk: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Version:
    """A state of an entry that is to be written; its number is what the entry says then."""

    entry: Entry | NewEntry
    fetch: int
    moment: datetime
    item: Item
    context: dict[str, Any]


@dataclass(slots=True)
class Ledger:
    """What is to be written. Fill it and `write` it in one transaction."""

    entries: list[NewEntry] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    names: list[tuple[Entry | NewEntry, int, Item]] = field(default_factory=list)
    pages: list[tuple[Entry | NewEntry, str, datetime]] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def note(self, feed: Feed, fetch: Fetch, described: bool) -> None:
        """A document is done: its feed and exchange as they are now, and its source if it was `described`."""
        self.feeds.append(feed)
        self.fetches.append(fetch)
        if described:
            self.sources.append(feed.source)

    def write(self) -> set[int]:
        """Write everything. Returns the keys of the new entries."""
        self._write_entries()
        self._write_versions()
        self._write_names()
        self._want_pages()
        verdict.store(self.feeds, self.sources)
        update_rows(self.fetches, _COUNTED)
        return {entry.pk for entry in self.entries}

    def _write_entries(self) -> None:
        """Insert the new entries and learn their keys: above all that were there, and by feed and name."""
        if not self.entries:
            return
        last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
        moments = {moment: _moment(moment) for moment in {entry.moment for entry in self.entries}}
        insert_values(
            Entry,
            _ENTRY,
            [
                (new.feed_id, new.source_id, new.key, moments[new.moment], moments[new.moment], new.version, 0, "")
                for new in self.entries
            ],
        )
        feeds = {entry.feed_id for entry in self.entries}
        rows = Entry.objects.filter(pk__gt=last, feed__in=feeds).values_list("feed", "key", "pk").order_by()
        keys = {(feed, key): pk for feed, key, pk in rows}
        for entry in self.entries:
            entry.pk = keys[entry.feed_id, entry.key]

    def _write_versions(self) -> None:
        moments = {moment: _moment(moment) for moment in {version.moment for version in self.versions}}
        contexts = {id(version.context): json_text(version.context) for version in self.versions}
        insert_values(
            EntryVersion,
            _VERSION,
            [
                (
                    version.entry.pk,
                    version.entry.version,
                    version.fetch,
                    moments[version.moment],
                    version.item.original,
                    version.item.original_type,
                    version.item.record,
                    contexts[id(version.context)],
                    version.item.digest,
                )
                for version in self.versions
            ],
        )

    def _write_names(self) -> None:
        """The names, the first to have one keeping it; in one order everywhere, so that two writers never cross."""
        rows = [(source, kind, value, entry.pk) for entry, source, item in self.names for kind, value in item.aliases]
        rows.sort(key=lambda row: row[:3])
        insert_values(EntryAlias, ("source_id", "kind", "value", "entry_id"), rows, ignore=True)

    def _want_pages(self) -> None:
        """Have pages fetched, again for a changed entry; what was fetched before stays until then."""
        held: dict[int, LinkedPage] = {}
        for piece in chunks(entry.pk for entry, _, _ in self.pages if isinstance(entry, Entry)):
            held |= {page.entry_id: page for page in LinkedPage.objects.filter(entry__in=piece).defer("body")}
        pages: list[LinkedPage] = []
        patience: dict[datetime | None, list[int]] = {}
        for entry, url, moment in self.pages:
            page, due_at = held.get(entry.pk), moment
            if page is None or page.url != url:
                page = LinkedPage(entry_id=entry.pk)
            elif page.fetched_at is not None and page.asked_at is not None:
                due_at = max(due_at, page.asked_at + PAGE_REST)
            page.url, page.state, page.due_at, page.tries, page.error = url, PageState.WANTED, due_at, 0, ""
            pages.append(page)
            # An article waits for a page that comes soon; else it is made with the one that is here, and again later.
            patience.setdefault(moment + PAGE_PATIENCE if due_at == moment else None, []).append(entry.pk)
        LinkedPage.objects.bulk_create(
            [LinkedPage(entry_id=page.entry_id, **{name: getattr(page, name) for name in _PAGE}) for page in pages],
            update_conflicts=True,
            unique_fields=["entry"],
            update_fields=list(_PAGE),
        )
        for until, keys in patience.items():
            for some in chunks(keys):
                Entry.objects.filter(pk__in=some).update(clean_after=until)


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
