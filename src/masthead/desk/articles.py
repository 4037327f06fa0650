"""The list of articles: find one by its words, source and state."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.desk import queries
from masthead.desk.access import needs
from masthead.desk.forms import FilterForm
from masthead.desk.paging import asked, page_of

PER_PAGE = 50


@needs("see desk")
def articles(request: HttpRequest) -> HttpResponse:
    """Newest first. A filter that is not understood is named beside its field and ignored."""
    form = FilterForm(asked(request) or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = queries.articles(chosen.get("q", ""), chosen.get("source"), chosen.get("state", ""))
    page = page_of(found, request.GET.get("page"), PER_PAGE)
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(request, "desk/articles.html", {"form": form, "page": page, "query": kept.urlencode()})
