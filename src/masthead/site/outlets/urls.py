"""The addresses of everything that is not a page. Included by `site.urls` at the root, before the pages."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from masthead.site.outlets import icon_views, media, robots, short, sitemap_views, websub
from masthead.site.outlets.feeds import views as feeds

EDITION = r"^(?:(?P<edition>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)/)?"
# Neither database looks for a NUL, and PostgreSQL refuses one.
SLUG = r"(?P<slug>[^/\x00]+)/"
FORM = r"feed\.(?P<form>rss|atom|json)$"

app_name = "outlets"
urlpatterns: list[URLPattern] = [
    re_path(EDITION + FORM, feeds.front, name="feed"),
    re_path(EDITION + r"section/" + SLUG + FORM, feeds.section, name="section-feed"),
    re_path(r"^source/" + SLUG + FORM, feeds.source, name="source-feed"),
    re_path(EDITION + r"search/" + FORM, feeds.search, name="search-feed"),
    re_path(r"^s/(?P<code>[A-Za-z0-9_-]{1,12})/?$", short.follow, name="short-link"),
    re_path(r"^websub/(?P<token>[A-Za-z0-9_-]{43})$", websub.callback, name="websub"),
    re_path(r"^media/drawn/(?P<seed>[0-9a-z-]{1,40})\.svg$", media.drawing, name="drawing"),
    re_path(r"^media/(?P<path>.+)$", media.file, name="media"),
    re_path(r"^robots\.txt$", robots.robots, name="robots"),
    re_path(r"^sitemap\.xml$", sitemap_views.index, name="sitemap"),
    re_path(r"^sitemap-pages\.xml$", sitemap_views.pages, name="sitemap-pages"),
    re_path(r"^sitemap-sources-(?P<part>\d{1,9})\.xml$", sitemap_views.sources, name="sitemap-sources"),
    re_path(r"^sitemap-articles-(?P<part>\d{1,9})\.xml$", sitemap_views.articles, name="sitemap-articles"),
    re_path(r"^sitemap-stories-(?P<part>\d{1,9})\.xml$", sitemap_views.stories, name="sitemap-stories"),
    re_path(r"^sitemap-news\.xml$", sitemap_views.news, name="sitemap-news"),
    re_path(r"^site\.webmanifest$", icon_views.manifest, name="manifest"),
    re_path(EDITION + r"opensearch\.xml$", icon_views.opensearch, name="opensearch"),
    re_path(
        r"^(?P<name>favicon\.ico|icon\.svg|apple-touch-icon\.png|icon(?:-maskable)?-(?:192|512)\.png)$",
        icon_views.icon,
        name="icon",
    ),
]
