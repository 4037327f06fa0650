"""What was done at the desk, by whom, and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.accounts.queries import acts
from masthead.desk.access import needs
from masthead.desk.paging import page_of


@needs("see log")
def log(request: HttpRequest) -> HttpResponse:
    page = page_of(acts(), request.GET.get("page"), 100)
    return render(request, "desk/log.html", {"page": page})
