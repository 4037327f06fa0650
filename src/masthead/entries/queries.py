"""All reads of entries."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q, QuerySet

from masthead.entries.models import Entry, EntryVersion, LinkedPage, PageState
from masthead.feeds.queries import Backlog

_REFUSED = (401, 402, 403, 451)
_REFUSALS = 5
_REFUSAL_HOLDS = timedelta(days=7)


def to_clean(now: datetime) -> QuerySet[Entry]:
    """Entries whose newest version has no article yet and that wait for no page (any more), oldest first."""
    page_settled = Q(page__state__in=(PageState.READY, PageState.FAILED))
    return Entry.objects.filter(
        Q(clean_after=None) | Q(clean_after__lte=now) | page_settled, cleaned_version=0
    ).order_by("pk")


def newest_version(entry_id: int) -> EntryVersion | None:
    """The state of an entry as last received."""
    return EntryVersion.objects.filter(entry=entry_id, number=F("entry__version")).first()


def versions(entry_id: int) -> QuerySet[EntryVersion]:
    """All states of an entry, newest first, without their bytes."""
    return EntryVersion.objects.filter(entry=entry_id).defer("original").order_by("-number")


def refused() -> QuerySet[Entry]:
    """Entries from which no article could be made; `clean_error` says why."""
    return Entry.objects.filter(cleaned_version=-1).select_related("feed").order_by("-pk")


def pages_refused(feed_id: int, now: datetime) -> str:
    """Why the pages of a feed are not asked for automatically, in words; "" when they are.

    The newest pages that were asked for, five or more, were all refused (401, 402, 403, 451), the last one within a
    week. After that week they are tried again.
    """
    settled = LinkedPage.objects.filter(entry__feed=feed_id).exclude(asked_at=None).order_by("-asked_at")
    newest = list(settled.values_list("status", "asked_at")[:_REFUSALS])
    if len(newest) < _REFUSALS or any(status not in _REFUSED for status, _ in newest):
        return ""
    last = newest[0][1]
    if last is None or now - last >= _REFUSAL_HOLDS:
        return ""
    return (
        f"its server refused the last {_REFUSALS} pages ({newest[0][0]}); they are tried again "
        f"from {last + _REFUSAL_HOLDS:%Y-%m-%d} on"
    )


def cleaning_backlog() -> Backlog:
    """Entries that wait for their article."""
    found = Entry.objects.filter(cleaned_version=0).aggregate(count=Count("pk"), since=Min("last_seen_at"))
    return Backlog(found["count"], found["since"])


def pages_backlog() -> Backlog:
    """Pages that are wanted."""
    found = LinkedPage.objects.filter(state=PageState.WANTED).aggregate(count=Count("pk"), since=Min("due_at"))
    return Backlog(found["count"], found["since"])
