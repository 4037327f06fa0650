"""The front page as it stands, place by place, each with the reason why."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.desk import queries
from masthead.desk.access import needs


@needs("see desk")
def front(request: HttpRequest) -> HttpResponse:
    """One edition's places. An edition that does not exist shows the first."""
    editions = settings.MASTHEAD.all_editions
    edition = request.GET.get("edition", "")
    edition = edition if edition in editions else editions[0]
    areas = [(area, list(slots)) for area, slots in groupby(queries.front(edition), key=lambda slot: slot.area)]
    order = {"lead": 0, "second": 1, "brief": 9}
    areas.sort(key=lambda pair: (order.get(pair[0], 5), pair[0]))
    return render(request, "desk/front.html", {"areas": areas, "edition": edition, "editions": editions})
