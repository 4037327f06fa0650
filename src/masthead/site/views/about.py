"""About the site, its sources, and how it counts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from masthead.pages import compose
from masthead.site.render import respond
from masthead.site.request import demand_cards, edition_of, page_number


@require_safe
def about(request: HttpRequest, edition: str = "") -> HttpResponse:
    """What this site is and what it promises."""
    contact: str = settings.MASTHEAD.contact
    url = contact if contact.startswith(("http://", "https://")) else f"mailto:{contact}" if "@" in contact else ""
    frame = compose.frame(edition_of(edition))
    return respond(request, "about.html", frame, contact=contact, contact_url=url)


@require_safe
def sources(request: HttpRequest, edition: str = "") -> HttpResponse:
    """Every source, its rights and its health."""
    page = compose.sources_page(page_number(request))
    demand_cards(page.lines, page.paging)
    frame = compose.frame(edition_of(edition))
    return respond(request, "sources.html", frame, lines=page.lines, paging=page.paging, total=page.total)


@require_safe
def front_page(request: HttpRequest, edition: str = "") -> HttpResponse:
    """How the front page is made, and why each report stands on it."""
    edition = edition_of(edition)
    return respond(request, "about_front.html", compose.frame(edition), parts=compose.standing(edition))


@require_safe
def counting(request: HttpRequest, edition: str = "") -> HttpResponse:
    """How popularity is counted, with the figures of today and of a week."""
    account = compose.counting()
    return respond(request, "counting.html", compose.frame(edition_of(edition)), account=account)
