"""Search: a form with filters, results with snippets, and help."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from masthead.core.characters import one_line
from masthead.pages import compose
from masthead.site.render import respond
from masthead.site.request import demand_cards, edition_of, page_number
from masthead.site.words import chrome_language

FILTERS = ("source", "section", "language", "since", "until")
LONGEST = 200
"""Characters of a query or filter that are read; the form allows no more."""


@require_safe
def search(request: HttpRequest, edition: str = "") -> HttpResponse:
    """The search page of an edition."""
    edition = edition_of(edition)
    query = _clean(request.GET.get("q", ""))
    filters = {name: value for name in FILTERS if (value := _clean(request.GET.get(name, "")))}
    # The help that comes with the results is written in the language in force.
    with translation.override(chrome_language(edition, "en")):
        page = compose.search(edition, query, filters, page_number(request))
    demand_cards(page.cards, page.paging)
    prefix = urlencode({"q": query, **filters}) + "&"
    return respond(request, "search.html", compose.frame(edition), page=page, query_prefix=prefix)


def _clean(text: str) -> str:
    """As it is looked for and written into the page again: one line, without what no page may hold."""
    return one_line(text)[:LONGEST]
