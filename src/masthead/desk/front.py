"""The front page as it stands, place by place, each with the reason why."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.desk import queries
from masthead.desk.access import needs

NAMES = {"lead": "Lead", "second": "Under and beside the lead", "brief": "In brief"}


@needs("see desk")
def front(request: HttpRequest) -> HttpResponse:
    """One edition's places. An edition that does not exist shows the first."""
    editions = settings.MASTHEAD.all_editions
    edition = request.GET.get("edition", "")
    edition = edition if edition in editions else editions[0]
    found = {area: list(slots) for area, slots in groupby(queries.front(edition), key=lambda slot: slot.area)}
    order = {"lead": 0, "second": 1, "brief": 9}
    sections = queries.section_names()
    areas = [
        (NAMES.get(area) or sections.get(area.partition(":")[2], area), found[area])
        for area in sorted(found, key=lambda area: (order.get(area, 5), area))
    ]
    return render(request, "desk/front.html", {"areas": areas, "edition": edition, "editions": editions})
