"""The operations of the API, version 1: reading, without a key, of what the site's pages show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation

from masthead.api import records
from masthead.api.operations import Answer, Moved, operation
from masthead.api.parameters import Parameter, cursor, first_instant
from masthead.api.problem import Problem
from masthead.articles.models import Article
from masthead.articles.queries import of_edition, visible
from masthead.articles.search import search as find
from masthead.pages import addresses, compose
from masthead.pages.cards import cards, section_view, with_card_columns
from masthead.pages.directory import MOST_SOURCES
from masthead.pages.front_page import sections_of
from masthead.pages.models import Placement
from masthead.pages.popular import DAY, WINDOWS
from masthead.pages.story_types import StoryMoved
from masthead.pages.types import Tombstone

EDITION = Parameter("edition", "Language of an edition of the site; without it, all of them.", "edition")
FILTERS = (
    Parameter("source", "Slug of a source."),
    Parameter("section", "Slug of a section."),
    Parameter("language", "BCP 47 language; a primary subtag finds its varieties."),
    Parameter("since", "Not before this day or instant (by the time that lists are sorted by).", "instant"),
    Parameter("until", "Not after this day; before this instant.", "instant"),
)
LIMIT = Parameter("limit", "Articles in one answer.", "integer", default=20)


def _address(path: str, values: dict[str, Any]) -> str:
    """An address of this API with the parameters that are set."""
    given = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items() if value}
    return addresses.absolute(f"/api/v1/{path}?{urlencode(given)}")


def _placed(slug: str | None) -> QuerySet[Any] | None:
    return Placement.objects.filter(section__slug=slug).values("article") if slug else None


@operation(
    "/articles",
    "ArticleList",
    EDITION,
    *FILTERS,
    LIMIT,
    Parameter("cursor", "Where the list goes on: from `next` of the answer before.", "cursor"),
)
def articles(limit: int, cursor: tuple[datetime, int] | None, **filters: Any) -> Answer:
    """The articles, newest first."""
    rows = _filtered(**filters)
    if cursor is not None:
        at, pk = cursor
        rows = rows.filter(Q(sort_at__lt=at) | Q(sort_at=at, pk__lt=pk), sort_at__lte=at)
    found = list(with_card_columns(rows).order_by("-sort_at", "-pk")[: limit + 1])
    shown = found[:limit]
    return {
        "articles": [records.card(card) for card in cards(shown, filters["edition"] or "")],
        "next": _next(shown[-1], limit, filters) if len(found) > limit else None,
    }


def _next(last: Article, limit: int, filters: dict[str, Any]) -> str:
    return _address("articles", {**filters, "limit": limit, "cursor": cursor(last.sort_at, last.pk)})


def _filtered(
    edition: str | None,
    source: str | None,
    section: str | None,
    language: str | None,
    since: date | None,
    until: date | None,
) -> QuerySet[Article]:
    rows = of_edition(visible(), edition) if edition else visible()
    if source:
        rows = rows.filter(source__slug=source)
    if (placed := _placed(section)) is not None:
        rows = rows.filter(pk__in=placed)
    if language:
        rows = rows.filter(Q(language__iexact=language) | Q(language__istartswith=f"{language}-"))
    if since:
        rows = rows.filter(sort_at__gte=first_instant(since))
    if until:
        end = until if isinstance(until, datetime) else until + timedelta(days=1)
        rows = rows.filter(sort_at__lt=first_instant(end))
    return rows


@operation("/articles/{id}", "Article", problems=(404, 410))
def article(id: int) -> Answer:
    """An article: body within its source's rights, dates with their evidence, provenance, repairs."""
    page = compose.article(id)
    if page is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no article {id}")
    if isinstance(page, Tombstone):
        raise _gone("article", page)
    return records.article(page)


def _gone(what: str, page: Tombstone) -> Problem:
    return Problem(
        HTTPStatus.GONE,
        f"this {what} was taken down: {page.reason or 'no reason was given'}",
        reason=page.reason or None,
        at=page.at.isoformat() if page.at else None,
    )


@operation("/stories/{id}", "Story", problems=(301, 404, 410))
def story(id: int) -> Answer:
    """A story: the reports of different sources about one event."""
    page = compose.story(id)
    if page is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no story {id}")
    if isinstance(page, Tombstone):
        raise _gone("story", page)
    if isinstance(page, StoryMoved):
        if page.id != id:
            return Moved(records.api_url("stories", page.id))
        raise Problem(
            HTTPStatus.NOT_FOUND,
            f"story {id} has a single report left, which stands for itself",
            url=addresses.absolute(page.path),
        )
    return records.story(page)


@operation(
    "/sources",
    "SourceList",
    Parameter("limit", "Sources in one answer.", "integer", default=MOST_SOURCES, highest=MOST_SOURCES),
    Parameter("page", "Page of the list, from 1.", "integer", default=1, highest=1000),
)
def sources(limit: int, page: int) -> Answer:
    """The publishers by name, each with its rights policy and the state of its feeds."""
    lines, more = compose.sources(page, limit)
    return {
        "sources": [records.source_line(line) for line in lines],
        "next": _address("sources", {"limit": limit, "page": page + 1}) if more else None,
    }


@operation("/sections", "SectionList", EDITION)
def sections(edition: str | None) -> Answer:
    """The sections, named in the edition's language."""
    language = edition or settings.MASTHEAD.language
    return {"sections": [records.section(section_view(row, language)) for row in sections_of(language)]}


@operation(
    "/search",
    "SearchResult",
    Parameter("q", 'Words (all of them), "phrases", -excluded words, OR, and beginnings*.', required=True),
    EDITION,
    *FILTERS,
    LIMIT,
    Parameter("page", "Page of the results, from 1.", "integer", default=1, highest=1000),
)
def search(q: str, section: str | None, limit: int, page: int, **filters: Any) -> Answer:
    """Articles that hold the words of a query, best first. A query that finds nothing gets help, not an error."""
    edition = filters["edition"] or settings.MASTHEAD.language
    with translation.override(edition):
        result = find(q, within=_placed(section), page=page, per_page=limit, **filters)
    shown = compose.cards_by_id(result.ids, edition, snippets=result.snippets)
    more = {**filters, "section": section, "q": q, "limit": limit, "page": page + 1}
    return {
        "articles": [records.found(card) for card in shown],
        "total": result.total,
        "more": result.more,
        "help": result.help or None,
        "suggestions": list(result.suggestions),
        "next": _address("search", more) if result.total > page * limit else None,
    }


@operation(
    "/popular",
    "Popular",
    EDITION,
    Parameter("window", "The time that is looked at; late readings weigh more.", default=DAY, choices=WINDOWS),
)
def popular(edition: str | None, window: str) -> Answer:
    """The most read articles of an edition, by counts from which robots and repeats are left out."""
    found = compose.popular(edition or settings.MASTHEAD.language, window)
    return {
        "articles": [records.card(card) for card in found.cards],
        "window_hours": found.window_hours,
        "fallback": found.fallback,
    }


@operation("/openapi.json", "OpenAPI")
def openapi() -> Answer:
    """This description."""
    from masthead.api.openapi import description

    return description()
