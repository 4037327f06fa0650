"""The list of stories: of more than one source by themselves, any by the words of its reports."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.desk import queries
from masthead.desk.access import needs
from masthead.desk.paging import asked
from masthead.stories.queries import held

PER_PAGE = 50


@needs("see desk")
def stories(request: HttpRequest) -> HttpResponse:
    """Newest first. What is typed is looked for in all reports; a number or an address names a story itself."""
    typed = asked(request).get("q", "")
    found = queries.stories_named(typed) if typed else queries.stories()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    placed = held([story.pk for story in page])
    context = {"page": page, "typed": typed, "held": placed, "query": kept.urlencode()}
    return render(request, "desk/stories.html", context)
