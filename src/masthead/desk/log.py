"""What was done at the desk, by whom, and why."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.accounts.queries import acts
from masthead.desk.access import needs


@needs("see log")
def log(request: HttpRequest) -> HttpResponse:
    page = Paginator(acts(), 100).get_page(request.GET.get("page"))
    return render(request, "desk/log.html", {"page": page})
