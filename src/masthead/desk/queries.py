"""What the screens of the desk read. Lists are bounded; every screen costs a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from masthead.articles.models import Article, ArticleState, Image, ImageState, Revision
from masthead.articles.search import search
from masthead.articles.search.find import MOST_PER_PAGE
from masthead.articles.search.query import parse
from masthead.articles.search.scope import Scope, ranked
from masthead.entries.models import Entry, LinkedPage, PageState
from masthead.feeds.models import Feed, FeedState, Fetch, Source
from masthead.pages.icons import with_icon
from masthead.pages.models import Placement, Section, Slot
from masthead.store.models import Heartbeat
from masthead.stories.models import Member, Story

Row = TypeVar("Row")
LOOKED_AT = 5000
"""Headlines that are looked through letter by letter."""
FOUND = 1000


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows that wait for a step, and the age of the oldest."""

    name: str
    waiting: int
    oldest: datetime | None


STORIES = 2000
MEMBERS = 200
_ADDRESS = re.compile(r"(?:.*/(?P<kind>story|stories|article|articles)/)?(?P<number>\d{1,18})(?:[-/?#].*)?")


def queues() -> list[Queue]:
    """What waits between the stages; all small when the pipeline keeps up."""
    fetches = Fetch.objects.filter(ingested_at=None, body__isnull=False).aggregate(n=Count("id"), t=Min("started_at"))
    entries = Entry.objects.filter(cleaned_version=0).aggregate(n=Count("id"), t=Min("first_seen_at"))
    linked = LinkedPage.objects.filter(state=PageState.WANTED).aggregate(n=Count("id"), t=Min("due_at"))
    images = Image.objects.filter(state=ImageState.WANTED).aggregate(n=Count("id"), t=Min("created_at"))
    return [
        Queue("Fetched feeds to read", fetches["n"], fetches["t"]),
        Queue("Entries to clean", entries["n"], entries["t"]),
        Queue("Pages to fetch", linked["n"], linked["t"]),
        Queue("Pictures to fetch", images["n"], images["t"]),
    ]


def failing_feeds(limit: int = 20) -> list[Feed]:
    """Feeds that an editor should look at: failing in a row, gone or refused. Two queries, each with an index."""
    feeds = Feed.objects.select_related("source").order_by("-failures", "url")
    failing = feeds.filter(failures__gte=2)[:limit]
    stopped = feeds.filter(state__in=[FeedState.GONE, FeedState.REFUSED]).exclude(state=FeedState.ACTIVE)[:limit]
    found = {feed.pk: feed for feed in [*failing, *stopped]}
    return sorted(found.values(), key=lambda feed: (-feed.failures, feed.url))[:limit]


def refused_entries(limit: int = 20) -> QuerySet[Entry]:
    """Entries that could not be made into articles, with the reason."""
    return Entry.objects.exclude(clean_error="").select_related("source").order_by("-id")[:limit]


def heartbeats() -> QuerySet[Heartbeat]:
    return Heartbeat.objects.all()


def arrived(hours: int = 24) -> int:
    """Articles first seen within the last hours."""
    return Article.objects.filter(first_seen_at__gte=timezone.now() - timedelta(hours=hours)).count()


def articles(words: str = "", source: Source | None = None, state: str = "") -> QuerySet[Article]:
    """Articles for the desk's list, newest first; every state unless one is named."""
    found = Article.objects.select_related("source", "lead").order_by("-sort_at", "-id")
    if words:
        found = found.filter(pk__in=_with_words(words))
    if source is not None:
        found = found.filter(source=source)
    return _in_state(found, state) if state in ArticleState.values else found


def _in_state(rows: QuerySet[Article, Row], state: str) -> QuerySet[Article, Row]:
    """In so many words, so that SQLite too sees that the index of what is not published will do."""
    rows = rows.filter(state=state)
    return rows if state == ArticleState.PUBLISHED else rows.exclude(state=ArticleState.PUBLISHED)


def _with_words(words: str) -> list[int]:
    """Articles with these words: in any part of a headline of the newest and of those that are held or taken down; of
    older ones those that the search finds."""
    newest = Article.objects.order_by("-sort_at", "-id")
    with_words = newest.filter(title__icontains=words).values_list("pk", flat=True)
    last = newest.values_list("sort_at", flat=True)[LOOKED_AT : LOOKED_AT + 1].first()
    if last is None:
        return list(with_words[:FOUND])
    found = set(with_words.filter(sort_at__gt=last)[:FOUND])
    for state in (ArticleState.HELD, ArticleState.WITHDRAWN):
        found.update(_in_state(with_words, state)[:FOUND])
    return sorted(found.union(ranked(parse(words), settings.MASTHEAD.language, Scope(), FOUND, 0)[0]))


def article(pk: int) -> Article | None:
    return Article.objects.select_related("source", "entry", "entry__feed", "revision", "lead").filter(pk=pk).first()


def revisions(pk: int, limit: int = 50) -> QuerySet[Revision]:
    return Revision.objects.filter(article_id=pk).defer("document").order_by("-number")[:limit]


def placement(pk: int) -> Placement | None:
    return Placement.objects.select_related("section").filter(article_id=pk).first()


def slots_of(pk: int) -> QuerySet[Slot]:
    return Slot.objects.filter(article_id=pk).order_by("edition", "area", "position")


def membership(pk: int) -> Member | None:
    return Member.objects.select_related("story").filter(article_id=pk).first()


def stories() -> QuerySet[Story]:
    """Stories of several sources, newest first."""
    rows = Story.objects.filter(merged_into=None, sources__gt=1).select_related("lead")
    return rows.order_by("-last_at", "-id")[:STORIES]


def stories_named(typed: str, language: str = "", besides: int | None = None) -> list[Story]:
    """The stories whose reports hold these words, newest report first; or the one of a number or an address.

    `language`: a primary subtag. Reports are looked for in the index that readers use: what they may not see is not
    found.
    """
    if named := story_at(typed):
        return [named] if named.pk != besides else []
    ids = search(typed, language=language or None, per_page=MOST_PER_PAGE, newest=True).ids
    of = dict(Member.objects.filter(article__in=ids).values_list("article", "story"))
    return [row for row in stories_at(of[pk] for pk in ids if pk in of) if row.pk != besides]


def story_at(typed: str) -> Story | None:
    """The story of this number, of this address, or of the report at it."""
    found = _ADDRESS.fullmatch(typed.strip())
    if found is None:
        return None
    pk = int(found["number"])
    if found["kind"] == "article":
        pk = Member.objects.filter(article=pk).values_list("story", flat=True).first() or 0
    row = Story.objects.filter(pk=pk).select_related("lead", "merged_into__lead").first()
    return (row.merged_into or row) if row else None


def stories_at(numbers: Iterable[int]) -> list[Story]:
    """These stories in this order, each once."""
    wanted = list(dict.fromkeys(numbers))
    rows = Story.objects.select_related("lead").in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows and rows[pk].merged_into_id is None]


def members_of(story: int) -> list[Member]:
    """The newest reports of a story in every state, oldest first."""
    rows = Member.objects.filter(story=story).select_related("article__source", "copy_of")
    return list(rows.order_by("-at", "-id")[:MEMBERS])[::-1]


def sources() -> QuerySet[Source]:
    of_one = Feed.objects.filter(source=OuterRef("pk")).order_by().values("source").annotate(n=Count("pk")).values("n")
    return with_icon(Source.objects.annotate(feed_count=Coalesce(Subquery(of_one), 0))).order_by("name", "pk")


def feeds(source: Source | None = None, state: str = "") -> QuerySet[Feed]:
    found = Feed.objects.select_related("source").order_by("source__name", "url")
    if source is not None:
        found = found.filter(source=source)
    return found.filter(state=state) if state in FeedState.values else found


def fetches(feed: Feed, limit: int = 30) -> QuerySet[Fetch]:
    """The last exchanges with a feed's server, without their bodies."""
    return Fetch.objects.filter(feed=feed).defer("body", "headers").order_by("-started_at")[:limit]


def front(edition: str) -> QuerySet[Slot]:
    found = Slot.objects.filter(edition=edition).select_related("article", "article__source")
    return found.order_by("area", "position")


def by_id(keys: list[int]) -> dict[int, Article]:
    """These articles with their sources."""
    return {row.pk: row for row in Article.objects.filter(pk__in=keys).select_related("source")}


def section_names() -> dict[str, str]:
    """The names of all sections by slug, in their order."""
    return dict(Section.objects.order_by("position", "slug").values_list("slug", "name"))
