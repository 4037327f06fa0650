"""Addresses of a site that was imported: they lead to the same posts here, and to nowhere else.

Asked only where no page of ours stands. A target is always a path of our own, so no address can lead off the site.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve

from masthead.articles import queries
from masthead.articles.models import ArticleState
from masthead.pages import addresses, former

_ROOT = ("/", "/index.php")
_POST = re.compile(r"(?:^|&)(?:p|page_id|attachment_id)=\d{1,18}(?:&|$)")
_LIST = re.compile(r"(?<![^&])(m|tag|category_name)=[^&]{1,400}")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
# Feeds of blog programs, by path without final slash: our own in the same form.
_FEEDS = {
    "/feed": "rss", "/feed/rss": "rss", "/feed/rss2": "rss", "/feed/rdf": "rss", "/feed/atom": "atom", "/rss": "rss",
    "/rss.xml": "rss", "/atom.xml": "atom", "/index.xml": "rss", "/wp-rss2.php": "rss", "/wp-atom.php": "atom",
    "/wp-feed.php": "rss", "/feeds/posts/default": "atom", "/feeds/posts/summary": "atom", "/feed/json": "json",
}  # fmt: skip
Handler = Callable[[HttpRequest], HttpResponse]


def stands_here(path: str) -> bool:
    """Whether some page of our own is meant by a path, be it there or not."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def old_addresses(get_response: Handler) -> Handler:
    """Middleware: 301 where an imported post or an old feed was asked for, else the answer as it is."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        query = str(request.META.get("masthead.query") or request.META.get("QUERY_STRING", ""))
        if query and request.path in _ROOT and (target := _at_root(request.path, query)):
            return HttpResponsePermanentRedirect(target)
        # Where nothing of ours stands, the page that says so need not be made first.
        if not stands_here(request.path_info) and (target := _elsewhere(request.path, query)):
            return HttpResponsePermanentRedirect(target)
        response = get_response(request)
        if response.status_code == 404 and stands_here(request.path_info):
            target = _elsewhere(request.path, query)
            return HttpResponsePermanentRedirect(target) if target else response
        return response

    return answer


def _at_root(path: str, query: str) -> str:
    """The target of "/?p=12", "/?feed=rss2", "/?m=201905" and "/?tag=harbour".

    Raises `Http404` for the number of a post that nobody knows, and for a list that nothing here stands for.
    """
    form = parse_qs(query, max_num_fields=50).get("feed", [""])[-1] if query.count("&") < 50 else ""
    if form in ("rss", "rss2", "rdf", "atom") and queries.has_old_addresses():
        return addresses.feed("/", "atom" if form == "atom" else "rss")
    if not _POST.search(query):
        return _list_at_root(query)
    if target := _article(path, query):
        return target
    if queries.has_old_addresses():
        raise Http404("no such post on the site that was imported")
    return ""


def _list_at_root(query: str) -> str:
    if not (found := _LIST.search(query)) or not queries.has_old_addresses():
        return ""
    value = parse_qs(found[0]).get(found[1], [""])[0]
    if found[1] == "m":
        target = former.archive_path(value[:4], value[4:6] or None, value[6:8] or None) if value.isdigit() else ""
    else:
        target = former.section_path(value.rstrip("/").rpartition("/")[2])
    if not target:
        raise Http404("nothing here stands for that list of the site that was imported")
    return target


def _elsewhere(path: str, query: str) -> str:
    form = _FEEDS.get(path.rstrip("/"), "")
    if form and queries.has_old_addresses():
        return addresses.feed("/", "rss" if "alt=rss" in query else form)
    return _picture(path) or _article(path, query) or _list(path, query)


def _list(path: str, query: str) -> str:
    """Our section, archive or feed in place of a list of the imported site."""
    return (former.of_list(path, query) or former.of_time(path)) if queries.has_old_addresses() else ""


def _picture(path: str) -> str:
    """Our copy of a picture, unless its report was taken down: then that report's page says so."""
    if not _FILE.search(path) or not queries.has_old_addresses():
        return ""
    found = queries.at_old_address(path)
    return former.of_picture(path) if found is None or found.state != ArticleState.WITHDRAWN else ""


def _article(path: str, query: str) -> str:
    found = queries.at_old_address(path, query)
    return addresses.article(found.pk, found.slug) if found is not None else ""
