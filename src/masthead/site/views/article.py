"""A report, the history of a report, a story."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from masthead.pages import compose
from masthead.pages.languages import edition_of
from masthead.pages.story_types import StoryMoved
from masthead.pages.types import ArticlePage, Tombstone
from masthead.site.render import in_language, respond


def _elsewhere(request: HttpRequest, path: str) -> HttpResponse | None:
    """A redirect for ever, when the request is not for the right address."""
    return None if iri_to_uri(request.path) == path else HttpResponsePermanentRedirect(path)


def _gone(request: HttpRequest, page: Tombstone) -> HttpResponse:
    return respond(request, "gone.html", compose.frame(edition_of("")), status=410, page=page)


@require_safe
def article(request: HttpRequest, pk: int, tail: str) -> HttpResponse:
    """The page of a report; 410 with the reason when it was taken down."""
    page = compose.article(pk)
    if page is None:
        raise Http404("no such report")
    if isinstance(page, Tombstone):
        return _gone(request, page)
    if moved := _elsewhere(request, page.card.path):
        return moved
    frame = in_language(compose.frame(edition_of(page.card.language)), page.card.language)
    return respond(request, "article.html", frame, changed_at=_changed(page), page=page)


def _changed(page: ArticlePage) -> datetime:
    times = [page.card.first_seen, page.card.changed, page.gone, *(c.first_seen for c in page.more_on_story)]
    times += [c.first_seen for c in (page.previous, page.next) if c]
    return max(t for t in times if t)


@require_safe
def changes(request: HttpRequest, pk: int, tail: str) -> HttpResponse:
    """What became of a report after it was first received."""
    page = compose.changes(pk)
    if page is None:
        raise Http404("no such report")
    if isinstance(page, Tombstone):
        return _gone(request, page)
    if moved := _elsewhere(request, f"{page.card.path}changes/"):
        return moved
    frame = in_language(compose.frame(edition_of(page.card.language)), page.card.language)
    return respond(request, "changes.html", frame, changed_at=page.card.changed or page.card.first_seen, page=page)


@require_safe
def story(request: HttpRequest, pk: int, tail: str) -> HttpResponse:
    """The reports of one event; 301 to where they stand now, 410 with the reason when they were taken down."""
    page = compose.story(pk)
    if page is None:
        raise Http404("no such story")
    if isinstance(page, Tombstone):
        return _gone(request, page)
    if isinstance(page, StoryMoved):
        return HttpResponsePermanentRedirect(page.path)
    if moved := _elsewhere(request, page.story.path):
        return moved
    frame = in_language(compose.frame(edition_of(page.language)), page.language)
    return respond(request, "story.html", frame, changed_at=page.changed_at, page=page)
