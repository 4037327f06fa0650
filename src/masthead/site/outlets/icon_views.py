"""Icons, the web app manifest, and the description of our search for browsers."""

from __future__ import annotations

import json
from pathlib import PurePath
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from lxml import etree

from masthead.pages import addresses
from masthead.site.outlets import icons
from masthead.site.outlets.answers import document
from masthead.site.outlets.feeds.views import edition_of
from masthead.site.outlets.feeds.xml import add, serialise
from masthead.site.outlets.text import one_line

DAY = "public, max-age=86400"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


@require_safe
def icon(request: HttpRequest, name: str) -> HttpResponse:
    drawn = icons.icon(name)
    if drawn is None:
        raise Http404(f"there is no icon {name}")
    answer = document(request, drawn, icons.TYPES[PurePath(name).suffix], cache=DAY)
    answer["Content-Security-Policy"] = f"default-src 'none'; style-src '{icons.STYLE_HASH}'; sandbox"
    return answer


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest (W3C): the site on a phone's home screen."""
    options = settings.MASTHEAD
    images = [
        {"src": icons.path("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": icons.path("icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": icons.path("icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": icons.path("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    data = {
        "id": "/",
        "name": options.site_name,
        "short_name": one_line(options.site_name, 24),
        "description": options.motto,
        "lang": options.language,
        "dir": "auto",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": icons.PAPER,
        "theme_color": icons.INK,
        "icons": images,
    }
    filled = {name: value for name, value in data.items() if value}
    body = json.dumps(filled, ensure_ascii=False).encode()
    return document(request, body, "application/manifest+json; charset=utf-8", cache=DAY)


@require_safe
def opensearch(request: HttpRequest, edition: str | None = None) -> HttpResponse:
    """The description of our search (OpenSearch 1.1), so that browsers can offer it."""
    edition = edition_of(request, edition)
    name = settings.MASTHEAD.site_name
    root = etree.Element(f"{{{OPENSEARCH}}}OpenSearchDescription", nsmap={None: OPENSEARCH})

    def child(tag: str, text: str | None = None, **attributes: str) -> None:
        add(root, f"{{{OPENSEARCH}}}{tag}", text, **attributes)

    child("ShortName", one_line(name, 16))
    child("Description", one_line(settings.MASTHEAD.motto or name, 1024))
    page = addresses.absolute(addresses.search(edition))
    child("Url", type="text/html", template=f"{page}?q={{searchTerms}}&page={{startPage?}}")
    for form, kind in (("rss", "application/rss+xml"), ("atom", "application/atom+xml")):
        child("Url", type=kind, template=f"{page}feed.{form}?q={{searchTerms}}")
    child("Image", addresses.absolute(quote(icons.path("favicon.ico"))), width="16", height="16", type="image/x-icon")
    child("Language", edition)
    child("InputEncoding", "UTF-8")
    child("OutputEncoding", "UTF-8")
    return document(request, serialise(root), "application/opensearchdescription+xml; charset=utf-8", cache=DAY)
