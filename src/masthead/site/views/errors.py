"""What a reader sees when a page is not there, or when we failed. Django finds them by `404.html` and `500.html`."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from masthead.pages import compose
from masthead.site.render import html
from masthead.site.words import chrome_language

NEWEST = 8


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
