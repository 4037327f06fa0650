"""Clean: entries become articles. What was received is never touched; every article can be made again from it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from masthead.articles.gone import mark_gone
from masthead.articles.make import Making, Material, Page, is_saved
from masthead.articles.models import Article, Revision
from masthead.articles.write import Made, revise, want_pictures, write_article
from masthead.core.engine import fingerprint
from masthead.core.repair import EntryContext
from masthead.core.types import CleanArticle
from masthead.entries import queries as entries
from masthead.entries.models import Entry, EntryVersion, LinkedPage
from masthead.entries.storable import unpack
from masthead.feeds.locking import locked
from masthead.store import generation, leases
from masthead.store.steps import Outcome
from masthead.store.workers import run as workers

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=10)
MAKE = workers.Task("masthead.articles.make:make", Material, Making, seconds=5.0)


class NoArticle(ValueError):
    """A page or text that holds no article; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """An entry whose article is being made."""

    entry: Entry
    version: EntryVersion
    page: LinkedPage | None


def clean(limit: int = 100, feeds: Collection[int] | None = None) -> Outcome:
    """Make articles of up to `limit` entries that have none for their newest version, oldest first.

    `feeds`: only entries of these. `done` counts entries, `failed` those from which no article could be made: they are
    marked with the reason and do not block the others. Raises database errors: they say nothing about the entry.
    """
    waiting = entries.to_clean(timezone.now())
    if feeds is not None:
        waiting = waiting.filter(feed__in=feeds)
    counts = {"done": 0, "failed": 0}
    with leases.claimed(waiting, limit, _LEASE) as keys:
        for outcome in _clean(keys):
            if outcome is not None:
                counts["done" if outcome else "failed"] += 1
    changed = counts["done"] + (mark_gone() if len(keys) < limit else 0)
    if changed:
        generation.bump()
    return Outcome(done=counts["done"], failed=counts["failed"], more=len(keys) == limit)


def _clean(keys: Iterable[int]) -> Iterator[bool | None]:
    """Make these articles, several at once, and write them in their order.

    For each whether there is one now; None when nothing was written, because somebody else was quicker.
    """
    refused: list[bool] = []
    for taken, making in workers.stream(MAKE, _materials(keys, refused)):
        pk = taken.entry.pk
        try:
            yield _write(taken, making) or None
        except DatabaseError:
            raise
        except (NoArticle, workers.Failed) as error:
            if isinstance(error, workers.Failed):
                log.error("entry %s could not be cleaned: %s\n%s", pk, error, error.report)
            _refuse(pk, str(error))
            yield False
        except Exception as error:
            log.exception("entry %s could not be cleaned", pk)
            _refuse(pk, f"{type(error).__name__}: {error}")
            yield False
    yield from refused


def _materials(keys: Iterable[int], refused: list[bool]) -> Iterator[tuple[_Taken, Material]]:
    """What the workers are given. An entry that is damaged in our own store is marked, and told in `refused`."""
    for pk in keys:
        try:
            entry = Entry.objects.select_related("feed", "source").get(pk=pk)
            version = EntryVersion.objects.filter(entry=entry, number=entry.version).defer("original").first()
            if version is None:
                raise ValueError(f"entry {pk} has no version {entry.version}")
            page = page_of(entry)
            material = material_of(entry, version, page)
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("entry %s could not be cleaned", pk)
            _refuse(pk, f"{type(error).__name__}: {error}")
            refused.append(False)
        else:
            yield _Taken(entry, version, page), material


def _refuse(pk: int, reason: str) -> None:
    Entry.objects.filter(pk=pk, cleaned_version=0).update(cleaned_version=-1, clean_error=reason[:2000])


def _write(taken: _Taken, making: Making | workers.Failed) -> bool:
    """Make or change the article of one entry. Tells whether anything was written (not when another was quicker)."""
    entry, version, page = taken.entry, taken.version, taken.page
    record = _article(making)
    _mend_first(entry, version, page)
    page_at = page.fetched_at if page else None
    with transaction.atomic():
        if LinkedPage.objects.filter(entry=entry, body__isnull=False).exclude(fetched_at=page_at).exists():
            # Its page came, or came anew, while it was made: the entry still waits, and is made with it next.
            return False
        if page is not None:
            _judge_page(page, record)
        return write_article(entry, version, record, page_at)


def _judge_page(page: LinkedPage, record: CleanArticle) -> None:
    """Note whether the page said more than its item: by that, pages are asked for or left alone."""
    body = record.provenance.get("body")
    gave_text = body is not None and body.origin.startswith("page:")
    if page.gave_text is not gave_text:
        LinkedPage.objects.filter(pk=page.pk).update(gave_text=gave_text)


def _mend_first(entry: Entry, version: EntryVersion, page: LinkedPage | None) -> None:
    """Before a new version is written, bring the article up to what this program makes of the version before.

    Otherwise what we read better since then would stand among the publisher's changes. Left out where the page behind
    the version before is not the one that is here now.
    """
    article = Article.objects.filter(entry=entry).select_related("revision").first()
    current = article.revision if article else None
    if article is None or current is None or current.version is None or current.engine == fingerprint():
        return
    page_at = page.fetched_at if page else None
    if current.version == version.number or current.page_at != page_at or current.origin == Revision.Origin.EDITOR:
        return
    before = EntryVersion.objects.filter(entry=entry, number=current.version).defer("original").first()
    if before is None:
        return
    record = article_of(entry, before, page)
    with transaction.atomic():
        rows = Article.objects.filter(pk=article.pk, revision=current).select_related("revision")
        if (article := locked(rows).first()) is not None:
            made = Made(before.number, page_at)
            images = want_pictures(entry.source, record)
            revise(article, record, images, at=version.received_at, origin=Revision.Origin.OURS, made=made)


def article_of(entry: Entry, version: EntryVersion, page: LinkedPage | None) -> CleanArticle:
    """The record of an entry's article, from what was received: the item and, where there is one, its page.

    Raises `NoArticle` when a saved page holds none, `workers.Failed` when it cannot be read.
    """
    return _article(workers.call(MAKE, material_of(entry, version, page)))


def _article(making: Making | workers.Failed) -> CleanArticle:
    if isinstance(making, workers.Failed):
        raise making
    if making.refusal:
        raise NoArticle(making.refusal)
    return making.article


def material_of(entry: Entry, version: EntryVersion, page: LinkedPage | None) -> Material:
    """What a worker needs to make an entry's article. Raises `ValueError` when what is stored is damaged."""
    source = entry.source
    context = EntryContext.from_stored(
        version.context,
        feed_url=entry.feed.url,
        source_name=source.name,
        source_url=source.home_url,
        source_language=entry.feed.language or source.language,
        licence=source.licence,
    )
    material = Material(version.record, context, version.received_at, original_type=version.original_type)
    if is_saved(version.original_type):
        return replace(material, original=unpack(version.original))
    if page is None or page.body is None:
        return material
    return replace(
        material, page=Page(unpack(page.body), page.final_url or page.url, page.content_type, page.fetched_at)
    )


def page_of(entry: Entry) -> LinkedPage | None:
    """The page behind an entry as it was last had: also while it is fetched again, and when that failed."""
    return LinkedPage.objects.filter(entry=entry, body__isnull=False).first()
