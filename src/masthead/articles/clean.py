"""Clean: entries become articles. What was received is never touched; every article can be made again from it."""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from masthead.articles.gone import mark_gone
from masthead.articles.models import Article, Revision
from masthead.articles.saved import NoArticle, saved_article
from masthead.articles.write import Made, revise, want_pictures, write_article
from masthead.core.engine import fingerprint
from masthead.core.extract import extract_page
from masthead.core.repair import EntryContext, clean_entry
from masthead.core.types import CleanArticle
from masthead.entries import queries as entries
from masthead.entries.models import Entry, EntryVersion, LinkedPage
from masthead.entries.storable import entry_from_record, unpack
from masthead.feeds.locking import locked
from masthead.store import generation
from masthead.store.steps import Outcome

log = logging.getLogger(__name__)


def clean(limit: int = 100, feeds: Collection[int] | None = None) -> Outcome:
    """Make articles of up to `limit` entries that have none for their newest version, oldest first.

    `feeds`: only entries of these. `done` counts entries, `failed` those from which no article could be made: they are
    marked with the reason and do not block the others. Raises database errors: they say nothing about the entry.
    """
    waiting = entries.to_clean(timezone.now())
    if feeds is not None:
        waiting = waiting.filter(feed__in=feeds)
    keys = list(waiting.values_list("pk", flat=True)[:limit])
    done = failed = 0
    for pk in keys:
        try:
            done += clean_one(pk)
        except DatabaseError:
            raise
        except NoArticle as error:
            Entry.objects.filter(pk=pk, cleaned_version=0).update(cleaned_version=-1, clean_error=str(error)[:2000])
            failed += 1
        except Exception as error:
            log.exception("entry %s could not be cleaned", pk)
            Entry.objects.filter(pk=pk, cleaned_version=0).update(
                cleaned_version=-1, clean_error=f"{type(error).__name__}: {error}"[:2000]
            )
            failed += 1
    changed = done + (mark_gone() if len(keys) < limit else 0)
    if changed:
        generation.bump()
    return Outcome(done=done, failed=failed, more=len(keys) == limit)


def clean_one(entry_id: int) -> bool:
    """Make or change the article of one entry. Tells whether anything was written (not when another was quicker)."""
    entry = Entry.objects.select_related("feed", "source").get(pk=entry_id)
    version = EntryVersion.objects.filter(entry=entry, number=entry.version).defer("original").first()
    if version is None:
        raise ValueError(f"entry {entry_id} has no version {entry.version}")
    page = page_of(entry)
    record = article_of(entry, version, page)
    _mend_first(entry, version, page)
    return write_article(entry, version, record, page.fetched_at if page else None)


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

    Raises `NoArticle` when a saved page holds none.
    """
    source = entry.source
    context = EntryContext.from_stored(
        version.context,
        feed_url=entry.feed.url,
        source_name=source.name,
        source_url=source.home_url,
        source_language=entry.feed.language or source.language,
        licence=source.licence,
    )
    if version.original_type in ("text/html", "text/plain"):
        return saved_article(unpack(version.original), version, context)
    read = None
    if page is not None and page.body is not None:
        read = extract_page(unpack(page.body), page.final_url or page.url, page.content_type, seen=page.fetched_at)
    return clean_entry(entry_from_record(version.record), context, read, first_seen=version.received_at)


def page_of(entry: Entry) -> LinkedPage | None:
    """The page behind an entry as it was last had: also while it is fetched again, and when that failed."""
    return LinkedPage.objects.filter(entry=entry, body__isnull=False).first()
