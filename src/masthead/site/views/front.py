"""The front page and the most popular list."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from masthead.pages import addresses, compose
from masthead.pages.popular import DAY
from masthead.site.render import respond
from masthead.site.request import edition_of


@require_safe
def front(request: HttpRequest, edition: str = "") -> HttpResponse:
    """An edition's front page."""
    edition = edition_of(edition)
    page = compose.front(edition)
    return respond(request, "front.html", compose.frame(edition), changed_at=page.changed_at, page=page, on_front=True)


WINDOWS = {"hour": _("Hour"), "day": _("Day"), "week": _("Week"), "month": _("Month")}


@require_safe
def popular(request: HttpRequest, edition: str = "", window: str = "") -> HttpResponse:
    """The reports read most in a day, or in another window."""
    edition = edition_of(edition)
    if window == DAY:
        return HttpResponsePermanentRedirect(addresses.popular(edition))
    if window and window not in WINDOWS:
        raise Http404("there is no such window")
    page = compose.popular(edition, window or DAY)
    windows = [(words, addresses.popular(edition, name)) for name, words in WINDOWS.items()]
    return respond(request, "popular.html", compose.frame(edition), page=page, windows=windows)
