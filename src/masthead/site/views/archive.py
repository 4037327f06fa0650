"""The archive by year, month and day."""

from __future__ import annotations

import calendar
from datetime import date

from babel.dates import get_day_names
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from masthead.pages import addresses, compose
from masthead.pages.types import ArchivePage
from masthead.site import words
from masthead.site.render import respond
from masthead.site.request import edition_of, page_number

Week = list[tuple[date | None, int]]


def weeks_of(page: ArchivePage, language: str) -> tuple[list[tuple[str, str]], list[Week]]:
    """A month as the language's calendar has it: names of the weekdays (short, long), and weeks of (day, reports)."""
    if page.day is None or page.precision != "day":
        return [], []
    locale = words.locale_of(language)
    first = locale.first_week_day
    short = get_day_names("abbreviated", "stand-alone", locale)
    long = get_day_names("wide", "stand-alone", locale)
    counts = {count.day: count.articles for count in page.counts}
    month = calendar.Calendar(first).monthdatescalendar(page.day.year, page.day.month)
    weeks: list[Week] = [
        [(day, counts.get(day, 0)) if day.month == page.day.month else (None, 0) for day in week] for week in month
    ]
    return [(short[(first + n) % 7], long[(first + n) % 7]) for n in range(7)], weeks


@require_safe
def index(request: HttpRequest, year: int | None = None, month: int | None = None, edition: str = "") -> HttpResponse:
    """The years, the months of a year, or the days of a month, with counts."""
    page = compose.archive(edition_of(edition), year, month)
    if page is None or (page.day and request.path != _path(page)):
        raise Http404("nothing of that time")
    frame = compose.frame(page.edition)
    weekdays, weeks = weeks_of(page, frame.language)
    if page.day is None:
        title: object = _("Archive")
    else:
        title = str(year) if month is None else words.month_name(page.day, frame.language)
    return respond(
        request,
        "archive.html",
        frame,
        page=page,
        title=title,
        weekdays=weekdays,
        weeks=weeks,
        trail_depth="year" if month is None else "month",
    )


def _path(page: ArchivePage) -> str:
    return addresses.archive(page.day, page.edition, precision="year" if page.precision == "month" else "month")


@require_safe
def day(request: HttpRequest, year: int, month: int, day: int, edition: str = "") -> HttpResponse:
    """The reports of one day."""
    try:
        wanted = date(year, month, day)
        page = compose.day(edition_of(edition), wanted, page_number(request))
    except (ValueError, OverflowError) as error:
        raise Http404("no such day") from error
    if not page.cards:
        raise Http404("nothing of that day")
    frame = compose.frame(page.edition)
    title = words.full_date(wanted, frame.language)
    return respond(
        request, "day.html", frame, changed_at=page.changed_at, page=page, title=title, day=wanted, icons=True
    )
