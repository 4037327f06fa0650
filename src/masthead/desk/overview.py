"""The first screen: is everything running, and what needs a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.desk import queries
from masthead.desk.access import needs


@needs("see desk")
def overview(request: HttpRequest) -> HttpResponse:
    """Queues, steps, failing feeds and refused entries. htmx asks for the part alone, every ten seconds."""
    part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    context = {
        "queues": queries.queues(),
        "heartbeats": queries.heartbeats(),
        "failing": queries.failing_feeds(),
        "refused": queries.refused_entries(),
        "arrived": queries.arrived(),
        "newest": queries.articles()[:12],
    }
    return render(request, "desk/parts/overview.html" if part else "desk/overview.html", context)
