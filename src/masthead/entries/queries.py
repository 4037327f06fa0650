"""All reads of entries."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q, QuerySet

from masthead.entries.models import Entry, EntryVersion, LinkedPage, PageState
from masthead.feeds.queries import Backlog

_REFUSED = (401, 402, 403, 451)
_REFUSALS = 5
_REFUSAL_HOLDS = timedelta(days=7)
# So many pages in a row that say no more than their items show what the next ones will say.
_IDLE = 10
_IDLE_HOLDS = timedelta(days=30)


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


def pages_left_alone(feed_id: int, now: datetime) -> str:
    """Why the pages of a feed are not asked for automatically, in words; "" when they are.

    The newest five that were asked for were all refused (401, 402, 403, 451), the last one within a week; or the newest
    ten with which an article was made gave none of them its text, the last one within a month. Then they are tried
    again.
    """
    asked = LinkedPage.objects.filter(entry__feed=feed_id).exclude(asked_at=None).order_by("-asked_at")
    newest = list(asked.values_list("status", "asked_at")[:_REFUSALS])
    if len(newest) == _REFUSALS and all(status in _REFUSED for status, _ in newest):
        again = _again(newest[0][1], _REFUSAL_HOLDS, now)
        if again:
            return f"its server refused the last {_REFUSALS} ({newest[0][0]}); {again}"
    judged = list(asked.exclude(gave_text=None).values_list("gave_text", "asked_at")[:_IDLE])
    if len(judged) == _IDLE and not any(gave_text for gave_text, _ in judged):
        again = _again(judged[0][1], _IDLE_HOLDS, now)
        if again:
            return f"the last {_IDLE} said no more than the items themselves; {again}"
    return ""


def _again(last: datetime | None, holds: timedelta, now: datetime) -> str:
    """When they are tried again, in words; "" when that is now."""
    if last is None or now - last >= holds:
        return ""
    return f"they are tried again from {last + holds:%Y-%m-%d} on"


def cleaning_backlog() -> Backlog:
    """Entries that wait for their article."""
    found = Entry.objects.filter(cleaned_version=0).aggregate(count=Count("pk"), since=Min("last_seen_at"))
    return Backlog(found["count"], found["since"])


def pages_backlog() -> Backlog:
    """Pages that are wanted."""
    found = LinkedPage.objects.filter(state=PageState.WANTED).aggregate(count=Count("pk"), since=Min("due_at"))
    return Backlog(found["count"], found["since"])
