"""The public pages. Their paths are those that `pages.addresses` builds."""

from __future__ import annotations

from django.urls import include, path

from masthead.site import converters
from masthead.site.views import about, archive, article, front, lists, search

app_name = "site"
converters.register()

of_an_edition = [
    path("", front.front, name="front"),
    path("section/<str:slug>/", lists.section, name="section"),
    path("latest/", lists.latest, name="latest"),
    path("popular/", front.popular, name="popular"),
    path("popular/<str:window>/", front.popular, name="popular-window"),
    path("archive/", archive.index, name="archive"),
    path("archive/<digits:year>/", archive.index, name="archive-year"),
    path("archive/<digits:year>/<digits:month>/", archive.index, name="archive-month"),
    path("archive/<digits:year>/<digits:month>/<digits:day>/", archive.day, name="archive-day"),
    path("search/", search.search, name="search"),
    path("about/", about.about, name="about"),
    path("about/sources/", about.sources, name="about-sources"),
    path("about/counting/", about.counting, name="about-counting"),
    path("about/front/", about.front_page, name="about-front"),
]

urlpatterns = [
    path("", include("masthead.site.outlets.urls")),
    *of_an_edition,
    path("source/<str:slug>/", lists.source, name="source"),
    path("article/<id:pk><tail:tail>/", article.article, name="article"),
    path("article/<id:pk><tail:tail>/changes/", article.changes, name="changes"),
    path("story/<id:pk><tail:tail>/", article.story, name="story"),
    path("<edition:edition>/", include((of_an_edition, "of_edition"))),
]
