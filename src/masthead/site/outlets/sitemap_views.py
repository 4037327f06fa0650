"""The addresses of the sitemaps."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from masthead.articles.models import Article
from masthead.feeds.models import Source
from masthead.site.outlets import sitemaps
from masthead.site.outlets.answers import document
from masthead.stories.models import Story

TYPE = "application/xml; charset=utf-8"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return document(request, sitemaps.index(), TYPE)


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    return document(request, sitemaps.urlset(sitemaps.pages()), TYPE)


@require_safe
def sources(request: HttpRequest, part: str) -> HttpResponse:
    return _part(request, list(sitemaps.sources(int(part))), int(part), Source)


@require_safe
def articles(request: HttpRequest, part: str) -> HttpResponse:
    return _part(request, list(sitemaps.articles(int(part))), int(part), Article)


@require_safe
def stories(request: HttpRequest, part: str) -> HttpResponse:
    return _part(request, list(sitemaps.stories(int(part))), int(part), Story)


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    return document(request, sitemaps.news(), TYPE)


def _part(request: HttpRequest, locations: list[sitemaps.Location], part: int, table: sitemaps.Table) -> HttpResponse:
    """A part. One that the index names may be empty (all taken down); any other does not exist."""
    if not locations and part not in sitemaps.parts(sitemaps.highest(table)):
        raise Http404("there is no such sitemap")
    return document(request, sitemaps.urlset(locations), TYPE)
