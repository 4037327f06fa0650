"""The addresses of the feeds: `<list page>feed.rss`, `feed.atom`, `feed.json`."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from masthead.site.outlets.answers import document
from masthead.site.outlets.feeds import atom, channels, jsonfeed, rss
from masthead.site.outlets.feeds.channel import Channel, Writer

WRITERS: dict[str, tuple[Writer, str]] = {
    "rss": (rss.write, "application/rss+xml; charset=utf-8"),
    "atom": (atom.write, "application/atom+xml; charset=utf-8"),
    "json": (jsonfeed.write, "application/feed+json; charset=utf-8"),
}
DEEPEST = 1000


def edition_of(request: HttpRequest, code: str | None) -> str:
    """The edition that an address names; without one the first. Raises Http404 for a language without an edition."""
    edition = code or getattr(request, "edition", "") or settings.MASTHEAD.language
    if edition not in settings.MASTHEAD.all_editions or (code and edition == settings.MASTHEAD.language):
        raise Http404(f"there is no edition {edition}")
    return edition


def _page(request: HttpRequest) -> int:
    number = request.GET.get("page", "")
    return min(max(int(number), 1), DEEPEST) if number.isascii() and number.isdecimal() and len(number) < 6 else 1


def _answer(request: HttpRequest, form: str, channel: Channel | None) -> HttpResponse:
    if channel is None:
        raise Http404("there is no such feed")
    write, content_type = WRITERS[form]
    answer = document(request, write(channel), content_type)
    # For WebSub, whose hubs look at the head of the answer first (section 4 of the recommendation).
    links = [f'<{channel.self_url(form, channel.paging.number)}>; rel="self"']
    answer["Link"] = ", ".join(links + [f'<{hub}>; rel="hub"' for hub in channel.hubs])
    # Feeds and their pictures are read from other sites' pages too.
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def front(request: HttpRequest, form: str, edition: str | None = None) -> HttpResponse:
    edition = edition_of(request, edition)
    return _answer(request, form, channels.front(edition, _page(request)))


@require_safe
def section(request: HttpRequest, form: str, slug: str, edition: str | None = None) -> HttpResponse:
    edition = edition_of(request, edition)
    return _answer(request, form, channels.section(edition, slug, _page(request)))


@require_safe
def source(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    return _answer(request, form, channels.source(slug, _page(request)))


@require_safe
def search(request: HttpRequest, form: str, edition: str | None = None) -> HttpResponse:
    edition = edition_of(request, edition)
    query = request.GET.get("q", "")
    return _answer(request, form, channels.search(edition, query, request.GET.dict(), _page(request)))
