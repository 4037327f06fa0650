"""Pages that list reports, newest first: section, source, latest."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from masthead.pages import addresses, compose
from masthead.pages.types import ListPage
from masthead.site.render import respond
from masthead.site.request import demand_cards, edition_of, page_number


def _list(request: HttpRequest, page: ListPage, template: str, title: object, feed_of: str) -> HttpResponse:
    demand_cards(page.cards, page.paging)
    frame = compose.frame(page.edition)
    popular = None
    if page.section is not None:
        popular = compose.popular_in(page.edition, section=page.section.slug)
    elif page.source is not None:
        popular = compose.popular_in(page.edition, source=page.source.id)
    return respond(
        request,
        template,
        frame,
        changed_at=page.changed_at,
        page=page,
        popular=popular,
        title=title,
        feed_of=feed_of,
        in_editions=page.source is None,
        icons=page.source is None,
    )


@require_safe
def section(request: HttpRequest, slug: str, edition: str = "") -> HttpResponse:
    """A section of an edition."""
    page = compose.section(slug, edition_of(edition), page_number(request))
    if page is None or page.section is None:
        raise Http404("no such section")
    return _list(request, page, "list.html", page.section.name, page.section.path)


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """A publisher, and what it published here."""
    page = compose.source(slug, page_number(request))
    if page is None or page.source is None:
        raise Http404("no such source")
    return _list(request, page, "source.html", page.source.name, page.source.path)


@require_safe
def latest(request: HttpRequest, edition: str = "") -> HttpResponse:
    """Everything of an edition."""
    edition = edition_of(edition)
    page = compose.latest(edition, page_number(request))
    return _list(request, page, "list.html", _("Latest"), addresses.front(edition))
