"""What waits between the stages, and since when: one or two reads of a small index each, however large the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from masthead.articles.models import Article, ArticleState, Image, ImageState
from masthead.delivery.queries import due
from masthead.entries.models import Entry, LinkedPage, PageState
from masthead.feeds.models import Feed, FeedState, Fetch
from masthead.stories.models import Member, Progress
from masthead.stories.queries import LATE

MOST = 100_000
"""So many waiting rows are counted at most."""


@dataclass(frozen=True, slots=True)
class Queue:
    """`step`: the pipeline's step that it waits for; `waiting`: rows, `MOST` at most; `since`: when the oldest could
    have been worked on."""

    step: str
    title: str
    waiting: int
    since: datetime | None

    def age(self, now: datetime) -> float:
        """Seconds that the oldest has waited; 0 when nothing waits."""
        return max(0.0, (now - self.since).total_seconds()) if self.since is not None else 0.0


def queues(now: datetime | None = None) -> list[Queue]:
    """All queues, in the order in which news passes through them."""
    now = now or timezone.now()
    return [_queue(step, title, made(now), order, at) for step, title, made, order, at in _QUEUES]


def _queue(step: str, title: str, rows: QuerySet[Any], order: str, at: str) -> Queue:
    oldest = rows.order_by(order).values_list(at, flat=True)[:1]
    return Queue(step, title, rows.order_by()[:MOST].count(), next(iter(oldest), None))


def _overdue(now: datetime) -> QuerySet[Feed]:
    held = Q(leased_until__gt=now) | Q(not_before__gt=now)
    return Feed.objects.filter(due_at__lte=now, state=FeedState.ACTIVE).exclude(held)


def _fetched(now: datetime) -> QuerySet[Fetch]:
    return Fetch.objects.filter(ingested_at=None, body__isnull=False)


def _uncleaned(now: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(cleaned_version=0)


def _ungrouped(now: datetime) -> QuerySet[Article]:
    reached = Progress.objects.filter(pk=1).values_list("article", flat=True).first() or 0
    member = Member.objects.filter(article=OuterRef("pk"))
    return Article.objects.filter(~Exists(member), pk__gt=reached - LATE).exclude(state=ArticleState.WITHDRAWN)


def _pages(now: datetime) -> QuerySet[LinkedPage]:
    return LinkedPage.objects.filter(state=PageState.WANTED, due_at__lte=now)


def _pictures(now: datetime) -> QuerySet[Image]:
    return Image.objects.filter(state=ImageState.WANTED, due_at__lte=now)


# By number where rows are worked on in the order in which they came: the first of an index, not the least of all.
_QUEUES: tuple[tuple[str, str, Callable[[datetime], QuerySet[Any]], str, str], ...] = (
    ("poll", "feeds to ask", _overdue, "due_at", "due_at"),
    ("ingest", "fetched feeds to read", _fetched, "pk", "started_at"),
    ("retrieve", "pages to fetch", _pages, "due_at", "due_at"),
    ("clean", "entries to clean", _uncleaned, "pk", "last_seen_at"),
    ("pictures", "pictures to fetch", _pictures, "due_at", "due_at"),
    ("group", "articles to group", _ungrouped, "pk", "first_seen_at"),
    ("deliver", "messages to send", due, "due_at", "due_at"),
)
