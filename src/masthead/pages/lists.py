"""Pages that are lists of cards, newest first: section, source, latest, a day of the archive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from masthead.articles.models import Article
from masthead.articles.queries import of_edition, visible
from masthead.feeds.models import Source
from masthead.pages.cards import cards, section_view, shown, source_view, with_card_columns
from masthead.pages.icons import with_icon
from masthead.pages.languages import edition_of, others, primary
from masthead.pages.models import Placement, Section
from masthead.pages.types import Card, ListPage, Paging

PER_PAGE = 30
DEEPEST = 1000
"""The last page of a list that is served: who wants older ones goes by the archive, whose pages cost the same."""


def zone() -> ZoneInfo:
    """The site's time zone."""
    return ZoneInfo(settings.MASTHEAD.time_zone)


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants from the beginning of `first` to the end of `last` (exclusive) in the site's zone."""
    start = datetime.combine(first, time.min, tzinfo=zone())
    return start, datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone())


def newest_first(articles: QuerySet[Article]) -> QuerySet[Article]:
    """In the order of all lists, which the indexes keep."""
    return with_card_columns(articles).order_by("-sort_at", "-id")


def stated_first(rows: Iterable[Article]) -> list[Article]:
    """Those whose day is stated before those of which it is unknown or concluded: these may be older than they look."""
    return sorted(rows, key=lambda row: row.published_at is None or row.published_inferred)


def one_page(rows: QuerySet[Article], number: int) -> tuple[Sequence[Article], Paging]:
    """The rows of page `number` (from 1) and whether there is a next. One query."""
    number = min(max(number, 1), DEEPEST)
    start = (number - 1) * PER_PAGE
    found = list(rows[start : start + PER_PAGE + 1])
    more = len(found) > PER_PAGE and number < DEEPEST
    return found[:PER_PAGE], Paging(number=number, has_next=more)


def changed_at(shown_cards: Sequence[Card]) -> datetime | None:
    """When the newest of these was first seen or changed: for Last-Modified and `updated`."""
    return max((max(c.first_seen, c.changed or c.first_seen) for c in shown_cards), default=None)


def placed(section: Section, edition: str) -> QuerySet[Placement]:
    """The placements of a section that readers of an edition see, newest first."""
    rows = Placement.objects.filter(shown("article__"), section=section)
    if edition == settings.MASTHEAD.language:
        left_out = others(edition)
        rows = rows.exclude(language__in=left_out) if left_out else rows
    else:
        rows = rows.filter(language=primary(edition))
    return with_card_columns(rows, "article").order_by("-at", "-article_id")


def section(slug: str, edition: str, page: int = 1) -> ListPage | None:
    """A section of an edition; None when there is no such section. It opens with what is known to be new."""
    found = Section.objects.filter(slug=slug).first()
    if found is None:
        return None
    number = min(max(page, 1), DEEPEST)
    start = (number - 1) * PER_PAGE
    rows = [p.article for p in placed(found, edition)[start : start + PER_PAGE + 1]]
    here = rows[:PER_PAGE]
    shown_cards = cards(stated_first(here) if number == 1 else here, edition)
    return ListPage(
        edition=edition,
        cards=shown_cards,
        paging=Paging(number=number, has_next=len(rows) > PER_PAGE and number < DEEPEST),
        section=section_view(found, edition),
        changed_at=changed_at(shown_cards),
    )


def source(slug: str, page: int = 1) -> ListPage | None:
    """All that a source published, in the edition of its language; None when there is no such source."""
    found = with_icon(Source.objects.filter(slug=slug)).first()
    if found is None:
        return None
    edition = edition_of(found.language)
    rows, paging = one_page(newest_first(visible().filter(source=found)), page)
    shown_cards = cards(rows, edition)
    return ListPage(
        edition=edition,
        cards=shown_cards,
        paging=paging,
        source=source_view(found),
        changed_at=changed_at(shown_cards),
    )


def latest(edition: str, page: int = 1) -> ListPage:
    """Everything of an edition. On top of it stands what is known to be new."""
    rows, paging = one_page(newest_first(of_edition(visible(), edition)), page)
    shown_cards = cards(stated_first(rows) if paging.number == 1 else rows, edition)
    return ListPage(edition=edition, cards=shown_cards, paging=paging, changed_at=changed_at(shown_cards))


def day(edition: str, day: date, page: int = 1) -> ListPage:
    """The articles of one day of the site's zone."""
    start, end = bounds(day, day)
    rows, paging = one_page(
        newest_first(of_edition(visible(), edition).filter(sort_at__gte=start, sort_at__lt=end)), page
    )
    shown_cards = cards(rows, edition)
    return ListPage(edition=edition, cards=shown_cards, paging=paging, changed_at=changed_at(shown_cards))
