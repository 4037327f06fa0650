"""Every route of the urlconf, found by introspection, with the addresses by which it is tried.

A route without an entry in `PLACES` makes `unknown()` name it: whoever adds one says here how it is attacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """`name` with its namespaces; `pattern` as the urlconf spells it from the root on."""

    name: str
    pattern: str
    callback: Any


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: Any, before: str, space: str) -> Iterator[Route]:
    for pattern in patterns:
        spelled = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, spelled, inner)
        elif isinstance(pattern, URLPattern):
            yield Route(space + (pattern.name or spelled), spelled, pattern.callback)


EDITION_PAGES = {
    "front": ["/"],
    "section": ["/section/{section}/"],
    "latest": ["/latest/", "/latest/?page=2"],
    "popular": ["/popular/"],
    "popular-window": ["/popular/hour/", "/popular/month/"],
    "archive": ["/archive/"],
    "archive-year": ["/archive/{year}/"],
    "archive-month": ["/archive/{year}/{month}/"],
    "archive-day": ["/archive/{year}/{month}/{day}/"],
    "search": ["/search/", "/search/?q=report", "/search/?q={query}&source={query}&section={query}&since={query}"],
    "about": ["/about/"],
    "about-sources": ["/about/sources/"],
    "about-counting": ["/about/counting/"],
    "about-front": ["/about/front/"],
}
_FEEDS = ("rss", "atom", "json")
PLACES: dict[str, list[str]] = {
    "healthz": ["/healthz"],
    "readyz": ["/readyz?pages"],
    "metrics": ["/metrics"],
    **{f"site:{name}": paths for name, paths in EDITION_PAGES.items()},
    **{f"site:of_edition:{name}": [f"/de{path}" for path in paths] for name, paths in EDITION_PAGES.items()},
    "site:source": ["/source/{source}/"],
    "site:article": ["/article/{article}/", "/article/{withdrawn}/"],
    "site:changes": ["/article/{article}/changes/"],
    "site:story": ["/story/{story}/"],
    "site:outlets:feed": [f"/feed.{form}{page}" for form in _FEEDS for page in ("", "?page=2")],
    "site:outlets:section-feed": [f"/section/{{section}}/feed.{form}" for form in _FEEDS],
    "site:outlets:source-feed": [f"/source/{{source}}/feed.{form}" for form in _FEEDS],
    "site:outlets:search-feed": [f"/search/feed.{form}?q={{query}}" for form in _FEEDS]
    + [f"/search/feed.{form}?q=report" for form in _FEEDS],
    "site:outlets:short-link": ["/s/{short}"],
    "site:outlets:websub": ["/websub/" + "a" * 43],
    "site:outlets:drawing": ["/media/drawn/1-2.svg"],
    "site:outlets:media": ["/media/images/none.jpg"],
    "site:outlets:robots": ["/robots.txt"],
    "site:outlets:sitemap": ["/sitemap.xml"],
    "site:outlets:sitemap-pages": ["/sitemap-pages.xml"],
    "site:outlets:sitemap-sources": ["/sitemap-sources-0.xml"],
    "site:outlets:sitemap-articles": ["/sitemap-articles-0.xml"],
    "site:outlets:sitemap-stories": ["/sitemap-stories-0.xml"],
    "site:outlets:sitemap-news": ["/sitemap-news.xml"],
    "site:outlets:manifest": ["/site.webmanifest"],
    "site:outlets:opensearch": ["/opensearch.xml"],
    "site:outlets:icon": ["/icon.svg", "/favicon.ico"],
    "api:v1:articles": ["/api/v1/articles", "/api/v1/articles?source={query}"],
    "api:v1:article": ["/api/v1/articles/{article}", "/api/v1/articles/{withdrawn}"],
    "api:v1:story": ["/api/v1/stories/{story}"],
    "api:v1:sources": ["/api/v1/sources"],
    "api:v1:sections": ["/api/v1/sections"],
    "api:v1:search": ["/api/v1/search?q=report", "/api/v1/search?q={query}"],
    "api:v1:popular": ["/api/v1/popular"],
    "api:v1:openapi": ["/api/v1/openapi.json"],
    "api:v1:api/v1/^(?P<rest>.*)$": ["/api/v1/{query}"],
    "desk:login": ["/desk/login/", "/desk/login/?next={query}"],
    "desk:code": ["/desk/login/code/"],
    "desk:logout": ["/desk/logout/"],
    "desk:password": ["/desk/password/"],
    "desk:again": ["/desk/again/?next={query}"],
    "desk:account": ["/desk/account/"],
    "desk:factor": ["/desk/account/factor/"],
    "desk:end-others": ["/desk/account/logins/end/"],
    "desk:end-login": ["/desk/account/logins/{login}/end/"],
    "desk:overview": ["/desk/"],
    "desk:articles": ["/desk/articles/", "/desk/articles/?q={query}&source={query}&state={query}&page={query}"],
    "desk:article": ["/desk/articles/{article}/", "/desk/articles/{withdrawn}/"],
    **{f"desk:{act}": [f"/desk/articles/{{article}}/{act}/"] for act in ("hold", "withdraw", "restore", "move", "pin")},
    "desk:unpin": ["/desk/articles/{article}/unpin/"],
    "desk:belongs": ["/desk/articles/{article}/story/", "/desk/articles/{article}/story/?q={query}"],
    "desk:separate": ["/desk/articles/{article}/separate/"],
    "desk:stories": ["/desk/stories/", "/desk/stories/?q={query}"],
    "desk:story": ["/desk/stories/{story}/", "/desk/stories/{story}/?q={query}"],
    "desk:merge": ["/desk/stories/{story}/merge/"],
    "desk:undo": ["/desk/decisions/{decision}/undo/"],
    "desk:sources": ["/desk/sources/"],
    "desk:source": ["/desk/sources/{source_pk}/"],
    "desk:feeds": ["/desk/feeds/", "/desk/feeds/?state={query}"],
    "desk:subscribe": ["/desk/feeds/new/"],
    "desk:feed": ["/desk/feeds/{feed}/"],
    **{f"desk:{act}": [f"/desk/feeds/{{feed}}/{act}/"] for act in ("poll", "pause", "choose")},
    "desk:front": ["/desk/front/"],
    "desk:sections": ["/desk/sections/"],
    "desk:new-section": ["/desk/sections/new/"],
    "desk:categories": ["/desk/sections/categories/", "/desk/sections/categories/?source={query}"],
    "desk:lead": ["/desk/sections/categories/lead/"],
    "desk:section": ["/desk/sections/{section_pk}/"],
    "desk:readers": ["/desk/readers/"],
    "desk:log": ["/desk/log/"],
    "desk:users": ["/desk/users/"],
    "desk:new-user": ["/desk/users/new/"],
    "desk:user": ["/desk/users/{user}/"],
    "desk:door": ["/desk/users/{user}/door/"],
}
_GIVEN = re.compile(r"<(?:path|int|str):(\w+)>")


def is_admin(route: Route) -> bool:
    return route.pattern.startswith("admin/")


def unknown() -> list[str]:
    """Routes that nobody said how to try, and entries whose route is gone."""
    names = {route.name for route in all_routes() if not is_admin(route)}
    return sorted(names ^ set(PLACES))


def places(route: Route, things: Mapping[str, object]) -> list[str]:
    """The addresses of a route, with the keys of what there is."""
    if is_admin(route):
        spelled = re.sub(r"\(\?P<[^>]*>[^()]*\)", "x", _GIVEN.sub("1", route.pattern))
        return ["/" + re.sub(r"[\^$\\]", "", spelled)]
    return [place.format(**things) for place in PLACES[route.name]]
