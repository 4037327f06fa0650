"""The front page and the most popular list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from masthead.pages import compose
from masthead.site.render import respond
from masthead.site.request import edition_of


@require_safe
def front(request: HttpRequest, edition: str = "") -> HttpResponse:
    """An edition's front page."""
    edition = edition_of(edition)
    page = compose.front(edition)
    return respond(request, "front.html", compose.frame(edition), changed_at=page.changed_at, page=page, on_front=True)


@require_safe
def popular(request: HttpRequest, edition: str = "") -> HttpResponse:
    """The reports read most."""
    edition = edition_of(edition)
    return respond(request, "popular.html", compose.frame(edition), page=compose.popular(edition))
