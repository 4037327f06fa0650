"""How long the original bytes of items and pages are kept (setting `keep_originals`; 0, the default: for ever).

What was read from them stays: records of versions, articles, revisions, addresses. Kept whatever its age: pages and
texts that were saved or imported, which are their article's only source, and whatever is still to be cleaned. A page
that was let go is fetched in full when it is wanted again, and `masthead replay` leaves its article alone.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from masthead.entries.models import EntryVersion, LinkedPage, PageState
from masthead.store.steps import Outcome
from masthead.store.sweep import Sweep

BATCH = 500


def _items(keys: list[int]) -> int:
    """Let go of items as received, of entries whose newest version became an article."""
    rows = EntryVersion.objects.filter(pk__in=keys, entry__cleaned_version=F("entry__version"))
    return rows.exclude(original=b"").exclude(original_type__startswith="text/").update(original=b"")


def _pages(keys: list[int]) -> int:
    """Let go of pages as received. Without validators, so that "not modified" is no answer to the next request."""
    rows = LinkedPage.objects.filter(pk__in=keys, state=PageState.READY, entry__cleaned_version=F("entry__version"))
    return rows.exclude(body=None).update(body=None, etag="", last_modified="")


def _fetched() -> QuerySet[LinkedPage]:
    return LinkedPage.objects.exclude(fetched_at=None)


ITEMS = Sweep(EntryVersion.objects.all, "received_at", _items)
PAGES = Sweep(_fetched, "fetched_at", _pages)


def retain() -> Outcome:
    """One batch of each. `done` counts originals that went."""
    days = settings.MASTHEAD.keep_originals
    if days <= 0:
        return Outcome()
    before, done, more = timezone.now() - timedelta(days=days), 0, False
    for sweep in (ITEMS, PAGES):
        went, left = sweep.run(before, BATCH)
        done, more = done + went, more or left
    return Outcome(done=done, more=more)
