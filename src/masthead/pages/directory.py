"""The list of the site's sources, and the results of a search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db.models import OuterRef, Subquery

from masthead.articles.models import Article
from masthead.articles.queries import visible_by_source
from masthead.articles.search import search as find
from masthead.feeds.models import Feed, FeedState, Source
from masthead.pages.cards import cards_by_id, section_view, shown, source_view
from masthead.pages.front_page import sections_of
from masthead.pages.icons import with_icon
from masthead.pages.languages import primary
from masthead.pages.lists import DEEPEST, PER_PAGE
from masthead.pages.models import Placement
from masthead.pages.types import Paging, SearchPage, SourceLine, SourcesPage, SourceView

FILTERS = ("source", "section", "language", "since", "until")

SOURCES_PER_PAGE = 100
MOST_SOURCES = 1000
CHOICES = 300
"""Sources that the form of the search lists at most; where there are more, it lists the chosen one alone."""


def sources(page: int = 1, per_page: int = MOST_SOURCES) -> tuple[tuple[SourceLine, ...], bool]:
    """Sources by name: how much each has here, when its newest came, how its feeds are; whether more follow these.

    Six queries, whatever their number.
    """
    first = (page - 1) * per_page
    by_name = Source.objects.order_by("name", "pk").values_list("pk", flat=True)
    keys = list(by_name[first : first + per_page + 1])
    return _lines(keys[:per_page]), len(keys) > per_page


def sources_page(page: int = 1) -> SourcesPage:
    """A page of these."""
    number = min(max(page, 1), DEEPEST)
    lines, more = sources(number, SOURCES_PER_PAGE)
    return SourcesPage(lines, Paging(number=number, has_next=more), Source.objects.count())


def _lines(keys: list[int]) -> tuple[SourceLine, ...]:
    among = {"source__in": keys}
    newest = Article.objects.filter(shown(), source=OuterRef("pk")).order_by("-sort_at", "-id").values("sort_at")[:1]
    wanted = Source.objects.filter(pk__in=keys)
    rows = with_icon(wanted.annotate(newest_at=Subquery(newest))).order_by("name", "pk")
    counts = visible_by_source(rows)
    feeds: dict[int, list[Feed]] = {}
    for feed in Feed.objects.filter(**among).only("source_id", "state", "reason", "failures", "succeeded_at"):
        feeds.setdefault(feed.source_id, []).append(feed)
    return tuple(
        SourceLine(
            source=source_view(source),
            articles=counts.get(source.pk, 0),
            newest=source.newest_at,
            healthy=_healthy(feeds.get(source.pk, [])),
            state=_state(feeds.get(source.pk, [])),
        )
        for source in rows
    )


def _healthy(feeds: list[Feed]) -> bool:
    return any(feed.state == FeedState.ACTIVE and feed.failures == 0 for feed in feeds)


def _state(feeds: list[Feed]) -> str:
    """Why nothing comes of a source at present; empty while something does."""
    if not feeds or _healthy(feeds):
        return ""
    worst = feeds[0]
    return worst.reason or str(FeedState(worst.state).label)


def _choices(chosen: str) -> tuple[SourceView, ...]:
    """The sources that a reader may choose from."""
    rows = list(with_icon(Source.objects.order_by("name", "pk"))[: CHOICES + 1])
    if len(rows) > CHOICES:
        rows = list(with_icon(Source.objects.filter(slug=chosen)))
    return tuple(map(source_view, rows))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def search(edition: str, query: str, filters: Mapping[str, str], page: int = 1) -> SearchPage:
    """What is found in an edition, or in all of them with the filter `language`. Unknown filters are ignored."""
    given = {name: filters[name].strip() for name in FILTERS if filters.get(name, "").strip()}
    number = min(max(page, 1), DEEPEST)
    language = primary(given.get("language", ""))
    within = None
    if "section" in given:
        within = Placement.objects.filter(section__slug=given["section"]).values("article")
    found = find(
        query,
        edition=None if language else edition,
        source=given.get("source"),
        within=within,
        language=language or None,
        since=_date(given.get("since", "")),
        until=_date(given.get("until", "")),
        page=number,
        per_page=PER_PAGE,
    )
    return SearchPage(
        edition=edition,
        query=query,
        cards=cards_by_id(found.ids, edition, snippets=found.snippets),
        paging=Paging(number=number, has_next=found.total > number * PER_PAGE, total=found.total),
        more=found.more,
        help=found.help,
        suggestions=tuple(found.suggestions),
        sources=_choices(given.get("source", "")),
        sections=tuple(section_view(section, edition) for section in sections_of(edition)),
        languages=tuple(settings.MASTHEAD.all_editions),
        filters=given,
    )
