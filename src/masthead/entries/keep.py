"""Keep: posts of an archive become entries, their bytes as they were, each once. The verb behind `masthead import`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import F

from masthead.core.archive import Post
from masthead.core.records import to_builtins
from masthead.core.types import ParsedEntry, ParsedFeed
from masthead.entries.digest import digest_of
from masthead.entries.identity import name_items
from masthead.entries.item import Item, make_item
from masthead.entries.ledger import Ledger
from masthead.entries.match import chunks, match_items
from masthead.entries.models import Entry, EntryAlias, OldAddress
from masthead.entries.old import digest_of as address_digest
from masthead.entries.old import normal
from masthead.entries.storable import storable
from masthead.entries.write import Writer
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, Fetch, FullText


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of some posts. `entries`: all of them, old and new, with where each was found; `fresh`: the new ones.

    `taken`: old addresses that lead to something else here.
    """

    new: int = 0
    changed: int = 0
    known: int = 0
    entries: Mapping[int, str] = field(default_factory=dict)
    fresh: frozenset[int] = frozenset()
    addresses: int = 0
    taken: tuple[str, ...] = ()


class _Keeper(Writer):
    """Writes posts, each with the surroundings that its archive gave it."""

    def __init__(self, feed: Feed, fetch: Fetch, parsed: ParsedFeed, posts: dict[str, Post], ledger: Ledger) -> None:
        super().__init__(feed, fetch, parsed, ledger)
        self._posts = posts

    def context_of(self, item: Item) -> dict[str, Any]:
        post = self._posts[item.whole]
        context: dict[str, Any] = {**self.context, "format": post.format}
        if post.pictures:
            context["pictures"] = to_builtins(dict(post.pictures))
        if post.state == "draft":
            context["held"] = "a draft on the site it was imported from"
        return context


def keep(feed: Feed, fetch: Fetch, posts: Sequence[Post], ours: Callable[[str], bool] = lambda _: False) -> Kept:
    """Write posts of one source. In one transaction, so that a death on the way leaves nothing half done.

    `ours` tells whether a page of our own stands at a path: an old address of that path would never be asked for, and
    is not kept.
    """
    if not posts:
        return Kept()
    publication = posts[0].publication
    parsed = ParsedFeed(posts[0].format, title=publication.title, link=publication.link, language=publication.language)
    entries = [storable(post.entry) for post in posts]
    by_entry = {id(entry): post for entry, post in zip(entries, posts, strict=True)}
    named = name_items(feed.pk, entries, home=publication.link)
    items = [make_item(one, _digest(one.entry)) for one in named]
    by_name = {one.whole: by_entry[id(one.entry)] for one in named}
    with transaction.atomic():
        locked(Feed.objects.filter(pk=feed.pk)).first()
        feed.full_text = FullText.OFF
        matches = match_items(feed, items, set(), drifting=False)
        ledger = Ledger()
        writer = _Keeper(feed, fetch, parsed, by_name, ledger)
        writer.write(matches)
        created = ledger.write()
        Fetch.objects.filter(pk=fetch.pk).update(
            entries_seen=F("entries_seen") + len(items),
            entries_new=F("entries_new") + writer.new,
            entries_changed=F("entries_changed") + writer.changed,
        )
        found = _entries_of(feed, items)
        addresses, taken = _keep_addresses(by_name, found, ours)
    known = len(posts) - writer.new - writer.changed
    places = {found[item.whole]: by_name[item.whole].where for item in items if item.whole in found}
    return Kept(writer.new, writer.changed, known, places, frozenset(created), addresses, tuple(taken))


def _digest(entry: ParsedEntry) -> str:
    """What a reader would notice; of a page or text, whose record says little, all of it."""
    if entry.original_type == "application/xml":
        return digest_of(entry)
    return hashlib.sha256(entry.original).hexdigest()


def _entries_of(feed: Feed, items: Sequence[Item]) -> dict[str, int]:
    """The entries of items, by their `whole` name."""
    found: dict[str, int] = {}
    for piece in chunks(item.whole for item in items):
        rows = EntryAlias.objects.filter(source=feed.source_id, kind="whole", value__in=piece)
        found |= dict(rows.values_list("value", "entry"))
    return found


def _keep_addresses(
    posts: Mapping[str, Post], entries: Mapping[str, int], ours: Callable[[str], bool]
) -> tuple[int, list[str]]:
    """Enter posts' old addresses, by the `whole` names of their items; how many lead here, and which lead elsewhere."""
    wanted: dict[str, tuple[str, int]] = {}
    taken: list[str] = []
    for whole, post in posts.items():
        entry = entries.get(whole)
        for old in post.old if entry is not None else ():
            address = normal(old)
            if not address:
                continue
            path, mark, _ = address.partition("?")
            if not mark and (ours(path) or ours(f"{path}/")):
                taken.append(path)
            elif entry is not None and wanted.setdefault(address_digest(address), (address, entry))[1] != entry:
                taken.append(address)
    OldAddress.objects.bulk_create(
        (OldAddress(entry_id=entry, address=address, digest=digest) for digest, (address, entry) in wanted.items()),
        ignore_conflicts=True,
    )
    held: dict[str, int] = {}
    for piece in chunks(wanted):
        held |= dict(OldAddress.objects.filter(digest__in=piece).values_list("digest", "entry"))
    lost = [address for digest, (address, entry) in wanted.items() if held.get(digest) != entry]
    return len(wanted) - len(lost), taken + lost


def with_language(post: Post, language: str) -> Post:
    """The post in a language that its archive does not state or states wrongly."""
    return replace(
        post,
        publication=replace(post.publication, language=language),
        entry=replace(post.entry, language=language),
    )


def waiting(feeds: Sequence[int]) -> set[int]:
    """Entries of these feeds that have no article yet, also of an earlier import that was stopped."""
    return set(Entry.objects.filter(feed__in=feeds, cleaned_version=0).values_list("pk", flat=True))
