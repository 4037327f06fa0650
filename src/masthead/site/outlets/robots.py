"""robots.txt (RFC 9309): what robots need not visit, and where the sitemaps are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from masthead.pages import addresses
from masthead.site.outlets.answers import document

PRIVATE = ("/desk/", "/admin/", "/api/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = [*PRIVATE, *(addresses.search(edition) for edition in settings.MASTHEAD.all_editions)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    lines += [f"Sitemap: {addresses.absolute(path)}" for path in ("/sitemap.xml", "/sitemap-news.xml")]
    return document(request, "\n".join([*lines, ""]).encode(), "text/plain; charset=utf-8")
