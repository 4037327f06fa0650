"""Items whose names all changed at once (guid at every fetch, a moved domain, a slug after the headline), known again.

Only an entry that the document at hand does not hold by its own names can be meant, and what both say must bear it out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import time, timedelta
from urllib.parse import urlsplit

from django.db.models import F, Q
from rapidfuzz import fuzz

from masthead.core.types import ParsedEntry
from masthead.entries.identity import canonical_link, fold, gist_of, moment_of
from masthead.entries.item import Item
from masthead.entries.models import Entry, EntryVersion
from masthead.entries.storable import entry_from_record
from masthead.feeds.models import Feed, FeedState

# So many entries that were seen last, and so long ago, may be meant.
_MOST = 300
_RECENT = timedelta(days=14)
# So many pairs are compared at most, whatever a document holds.
_MOST_COMPARED = 3_000
# A headline or text of so many characters is one item's own.
_OWN_TITLE, _OWN_TEXT, _LONG_TEXT, _OWN_PATH = 20, 40, 200, 8
_ALIKE, _VERY_ALIKE = 60.0, 85.0


def same_item(old: ParsedEntry, new: ParsedEntry) -> bool:
    """Whether two items with different guids and links are one item all the same. Pure.

    A column that comes every hour under one headline is another item each time, however alike its texts: so a headline
    is borne out by the very moment, by the same path on another host, or by the same text.
    """
    title = fold(old.title) == fold(new.title) != ""
    old_text, new_text = fold(gist_of(old)), fold(gist_of(new))
    length = min(len(old_text), len(new_text))
    alike = fuzz.ratio(old_text, new_text) if length else None
    before, after = moment_of(old.published), moment_of(new.published)
    if before is not None and after is not None and before != after:
        return title and alike == 100 and length >= _LONG_TEXT
    moved = _path(old) == _path(new) != ""
    if alike is not None and alike < (_ALIKE if moved else _VERY_ALIKE):
        return False
    # Midnight is how systems write a day without a time.
    moment = before is not None and before == after and before.time() != time(0)
    if not title:
        # Reports made after one pattern, of one second, differ in little but are many.
        return moment and alike == 100 and length >= _LONG_TEXT
    if moved or (moment and (alike is not None or len(fold(new.title)) >= _OWN_TITLE)):
        return True
    if alike is not None:
        return alike == 100 and length >= _OWN_TEXT
    return not (old.link or new.link or old_text or new_text) and len(fold(new.title)) >= _OWN_TITLE


def _path(entry: ParsedEntry) -> str:
    """The path and query of an item's link, "" where it is too short to be its own."""
    parts = urlsplit(f"//{canonical_link(entry.link)}")
    path = f"{parts.path}?{parts.query}"
    return path if len(path) > _OWN_PATH else ""


def candidates(feed: Feed, taken: Collection[int]) -> list[tuple[Entry, str, str | None]]:
    """Entries that may be meant, the last seen first, with headline and date: of this feed, or of one that stopped."""
    newest = Entry.objects.filter(feed=feed).order_by("-last_seen_at").values_list("last_seen_at", flat=True).first()
    stopped = (FeedState.GONE, FeedState.MERGED, FeedState.PAUSED)
    since = Q(feed=feed, last_seen_at__gte=newest - _RECENT) if newest is not None else Q(pk=None)
    mine = Entry.objects.filter(source=feed.source_id).filter(since | Q(feed__state__in=stopped))
    found = mine.exclude(pk__in=list(taken)[:_MOST]).select_related("feed").order_by("-last_seen_at", "-pk")[:_MOST]
    entries = {entry.pk: entry for entry in found if entry.pk not in taken}
    if not entries:
        return []
    rows = EntryVersion.objects.filter(entry__in=list(entries), number=F("entry__version"))
    said = {pk: (title, date) for pk, title, date in rows.values_list("entry", "record__title", "record__published")}
    return [(entry, *said[pk]) for pk, entry in entries.items() if pk in said]


def find_drifted(feed: Feed, items: Sequence[Item], taken: Collection[int]) -> dict[int, Entry]:
    """For places in `items`, all without a known name: the entry that each is. No entry is given twice."""
    by_name: dict[str, list[Entry]] = {}
    wanted = {name for item in items for name in _rough(item.title, item.published)}
    for entry, title, date in candidates(feed, taken) if items else ():
        for name in wanted.intersection(_rough(title, date)):
            by_name.setdefault(name, []).append(entry)
    records = _records({entry.pk for entries in by_name.values() for entry in entries})
    found: dict[int, Entry] = {}
    left = _MOST_COMPARED
    for place, item in enumerate(items):
        likely = {entry.pk: entry for name in _rough(item.title, item.published) for entry in by_name.get(name, ())}
        for pk, entry in likely.items():
            if left > 0 and pk in records:
                left -= 1
                if same_item(records[pk], item.entry()):
                    found[place] = entry
                    # Nobody else's any more.
                    del records[pk]
                    break
    return found


def _rough(title: str | None, published: str | None) -> list[str]:
    """By what an item is looked for before it is looked at: its headline and its date."""
    return [f"{kind}{value}" for kind, value in (("t", fold(title or "")), ("d", published or "")) if value]


def _records(entries: Collection[int]) -> dict[int, ParsedEntry]:
    rows = EntryVersion.objects.filter(entry__in=list(entries), number=F("entry__version"))
    return {pk: entry_from_record(record) for pk, record in rows.values_list("entry", "record")} if entries else {}
