"""The front page as it stands, place by place, each with its score as of now and what every fact adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from masthead.articles.models import Article
from masthead.core.rank import Scored, score
from masthead.desk import queries
from masthead.desk.access import needs
from masthead.desk.told import Factor, factors, notes
from masthead.pages.candidates import candidates
from masthead.pages.models import Slot

NAMES = {"lead": "Lead", "second": "Beside and under the lead", "brief": "In brief"}
NEXT = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A report on the page or in line for it. `slot` None: it has no place. `score` None: readers may not see it."""

    article: Article
    slot: Slot | None
    score: float | None
    factors: tuple[Factor, ...]
    notes: tuple[str, ...] = ()


def _line(article: Article, scores: Mapping[int, Scored], slot: Slot | None = None) -> Line:
    found = scores.get(article.pk)
    told = factors(found.why) if found else ()
    return Line(article, slot, found.score if found else None, told, notes(slot.why) if slot else ())


@needs("see desk")
def front(request: HttpRequest) -> HttpResponse:
    """One edition's places, and who comes next. An edition that does not exist shows the first."""
    editions = settings.MASTHEAD.all_editions
    edition = request.GET.get("edition", "")
    edition = edition if edition in editions else editions[0]
    slots, now = list(queries.front(edition)), timezone.now()
    found = candidates(edition, {slot.article_id: (slot.area, slot.position) for slot in slots})
    scores = {candidate.key: score(candidate, now) for candidate in found}
    sections = queries.section_names()
    order = {"lead": -2, "second": -1, "brief": len(sections)} | {f"section:{s}": n for n, s in enumerate(sections)}
    areas = sorted(
        ((area, list(rows)) for area, rows in groupby(slots, lambda s: s.area)), key=lambda a: order.get(a[0], 0)
    )
    standing = {slot.article_id for slot in slots}
    stories = {c.story for c in found if c.key in standing and c.story is not None}
    waiting = [s for s in scores.values() if s.candidate.key not in standing and s.candidate.story not in stories]
    waiting.sort(key=lambda s: (-s.score, s.candidate.key))
    rows = queries.by_id([s.candidate.key for s in waiting[:NEXT]])
    context = {
        "areas": [
            (NAMES.get(area) or sections.get(area.partition(":")[2], area), [_line(s.article, scores, s) for s in rows])
            for area, rows in areas
        ],
        "waiting": [_line(rows[s.candidate.key], scores) for s in waiting[:NEXT] if s.candidate.key in rows],
        "edition": edition,
        "editions": editions,
    }
    return render(request, "desk/front.html", context)
