"""What a reader sees when a page is not there, or when we failed. Django finds them by `404.html` and `500.html`."""

from __future__ import annotations

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.views import defaults

from masthead.pages import compose
from masthead.site.render import html
from masthead.site.words import chrome_language

NEWEST = 8
AGAIN = 5
"""Seconds after which it may be asked again for what the database did not answer just now."""


def not_found_page(path: str) -> str:
    """404: in the edition that the address begins with, with a search and the newest reports."""
    first = path.lstrip("/").partition("/")[0]
    editions: tuple[str, ...] = settings.MASTHEAD.all_editions
    edition = first if first in editions else editions[0]
    cards = compose.latest(edition, 1).cards[:NEWEST]
    return html("not_found.html", compose.frame(edition), path=path, cards=cards)


def server_error_page() -> str:
    """500: needs no database and no other part of the site to work."""
    language = chrome_language(settings.MASTHEAD.language, "en")
    with translation.override(language):
        return render_to_string("site/error.html", {"site_name": settings.MASTHEAD.site_name, "language": language})


def failed(request: HttpRequest) -> HttpResponseBase:
    """The answer to a request that failed: 503 where it was the database that is away, or has no connection free."""
    answer = defaults.server_error(request)
    # Django calls this while it handles the fault, which it names nowhere else.
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer.status_code = 503
        answer.headers["Retry-After"] = str(AGAIN)
        answer.headers["Cache-Control"] = "no-store"
    return answer
