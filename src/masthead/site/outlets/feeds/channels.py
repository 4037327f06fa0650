"""Which feeds there are: of an edition, a section, a source, a search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils import translation

from masthead.articles.search import search as find
from masthead.delivery.queries import hubs
from masthead.pages import addresses, compose
from masthead.pages.models import Placement
from masthead.pages.types import ListPage, Paging
from masthead.site.outlets.feeds.channel import Channel
from masthead.site.outlets.feeds.content import items
from masthead.site.outlets.text import one_line
from masthead.site.words import chrome_language

PER_PAGE = 30
LONGEST = 300
FILTERS = ("source", "section", "language", "since", "until")


def _channel(path: str, page: ListPage, name: str = "", description: str = "", language: str = "") -> Channel:
    site = settings.MASTHEAD.site_name
    with translation.override(chrome_language(page.edition, "en")):
        shown = items(page.cards)
    return Channel(
        path=path,
        title=one_line(f"{site} – {name}" if name else site),
        description=one_line(description, 500) or settings.MASTHEAD.motto or site,
        language=language or page.edition,
        items=shown,
        hubs=hubs(),
        paging=page.paging,
        changed_at=page.changed_at,
    )


def front(edition: str, page: int) -> Channel:
    """Everything of an edition, newest first: the feed of its front page."""
    return _channel(addresses.front(edition), compose.latest(edition, page))


def section(edition: str, slug: str, page: int) -> Channel | None:
    """A section of an edition; None: there is no such section."""
    found = compose.section(slug, edition, page)
    if found is None or found.section is None:
        return None
    return _channel(addresses.section(slug, edition), found, found.section.name)


def source(slug: str, page: int) -> Channel | None:
    """All that a source published; None: there is no such source."""
    found = compose.source(slug, page)
    if found is None or found.source is None:
        return None
    shown = found.source
    return _channel(addresses.source(slug), found, shown.name, shown.description, shown.language)


def search(edition: str, query: str, filters: Mapping[str, str], page: int) -> Channel:
    """What a search finds, newest first: a feed to be told of what will be found."""
    query = one_line(query)[:LONGEST]
    given = {name: value for name in FILTERS if (value := one_line(filters.get(name, ""))[:LONGEST])}
    within = None
    if "section" in given:
        within = Placement.objects.filter(section__slug=given["section"]).values("article")
    found = find(
        query,
        edition=None if "language" in given else edition,
        source=given.get("source"),
        within=within,
        language=given.get("language"),
        since=_date(given.get("since", "")),
        until=_date(given.get("until", "")),
        page=page,
        per_page=PER_PAGE,
        newest=True,
    )
    cards = compose.cards_by_id(found.ids, edition)
    paging = Paging(number=page, has_next=found.total > page * PER_PAGE, total=found.total)
    return _channel(addresses.search(edition, q=query, **given), ListPage(edition, cards, paging), f"“{query}”")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
