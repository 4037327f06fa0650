"""What a reader sees when a page is not there, or when we failed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from masthead.pages import compose
from masthead.site.render import POLICY, respond
from masthead.site.words import chrome_language

NEWEST = 8


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: in the edition that the address begins with, with a search and the newest reports."""
    first = request.path.lstrip("/").partition("/")[0]
    editions: tuple[str, ...] = settings.MASTHEAD.all_editions
    edition = first if first in editions else editions[0]
    cards = compose.latest(edition, 1).cards[:NEWEST]
    return respond(request, "not_found.html", compose.frame(edition), status=404, cards=cards)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: needs no database and no other part of the site to work."""
    language = chrome_language(settings.MASTHEAD.language, "en")
    with translation.override(language):
        body = render_to_string("site/error.html", {"site_name": settings.MASTHEAD.site_name, "language": language})
    return HttpResponse(body, status=500, headers={"Content-Security-Policy": POLICY})
