"""Sitemaps (sitemaps.org, protocol 0.9) and the news sitemap of search engines.

Only pages whose canonical address is ours are listed: where a source's policy lets less than the full text through,
the canonical page is the publisher's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from lxml import etree

from masthead.articles.models import Article
from masthead.articles.queries import visible
from masthead.core.rights import effective_policy
from masthead.feeds.models import Source
from masthead.pages import addresses
from masthead.pages.models import Section
from masthead.site.outlets.feeds.xml import add, serialise
from masthead.site.outlets.text import language_tag, one_line
from masthead.stories.models import Story

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
PART = 10_000
"""Ids to a part. The protocol allows 50,000 addresses in a document."""
NEWS_HOURS = 48
MOST_NEWS = 1000
ABOUT = ("", "sources", "counting")


@dataclass(frozen=True, slots=True)
class Location:
    """A page for search engines. `alternates`: (language, absolute address) of the same page in other editions."""

    url: str
    changed: datetime | None = None
    alternates: tuple[tuple[str, str], ...] = ()


def own_sources() -> list[int]:
    """The sources whose whole text we may show, so that our page is the canonical one."""
    rows = Source.objects.values_list("pk", "policy", "licence")
    return [pk for pk, policy, licence in rows if effective_policy(policy, licence) == "full"]


def own_articles() -> QuerySet[Article]:
    """The visible articles whose canonical page is ours."""
    return visible().filter(source__in=own_sources())


def _newest() -> Coalesce:
    return Coalesce(Greatest("changed_at", "first_seen_at"), "first_seen_at")


def parts(highest: int | None) -> range:
    """The numbers of the parts that hold the ids up to `highest`."""
    return range((highest or 0) // PART + 1)


Table = type[Article] | type[Story] | type[Source]


def highest(table: Table) -> int | None:
    """The highest id of a table; None when it is empty."""
    last: int | None = table._default_manager.aggregate(last=Max("pk"))["last"]
    return last


def index() -> bytes:
    """The list of all sitemaps. Four queries, whatever the number of articles.

    `lastmod` stands at the newest part of the articles; older parts hardly change, and to say when would mean to
    read them all.
    """
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    last_article = highest(Article)
    last_story = highest(Story)
    newest_part = parts(last_article)[-1]
    changed = visible().filter(pk__gte=newest_part * PART).aggregate(at=Max(_newest()))["at"]
    _map(root, "/sitemap-pages.xml")
    for part in parts(highest(Source)):
        _map(root, f"/sitemap-sources-{part}.xml")
    for part in reversed(parts(last_article)):
        _map(root, f"/sitemap-articles-{part}.xml", changed if part == newest_part else None)
    for part in reversed(parts(last_story)):
        _map(root, f"/sitemap-stories-{part}.xml")
    return serialise(root)


def _map(root: etree._Element, path: str, changed: datetime | None = None) -> None:
    entry = add(root, f"{{{SITEMAP}}}sitemap")
    add(entry, f"{{{SITEMAP}}}loc", addresses.absolute(path))
    if changed:
        add(entry, f"{{{SITEMAP}}}lastmod", changed.isoformat())


def urlset(locations: Iterable[Location]) -> bytes:
    """Pages as a sitemap document."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "xhtml": XHTML})
    for location in locations:
        entry = add(root, f"{{{SITEMAP}}}url")
        add(entry, f"{{{SITEMAP}}}loc", location.url)
        if location.changed:
            add(entry, f"{{{SITEMAP}}}lastmod", location.changed.isoformat())
        for language, url in location.alternates:
            add(entry, f"{{{XHTML}}}link", rel="alternate", hreflang=language, href=url)
    return serialise(root)


def articles(part: int) -> Iterator[Location]:
    """The articles of a part, newest first. Two queries."""
    rows = own_articles().filter(pk__gte=part * PART, pk__lt=(part + 1) * PART).order_by("-pk")
    for pk, slug, changed in rows.values_list("pk", "slug", _newest()):
        yield Location(addresses.absolute(addresses.article(pk, slug)), changed)


def stories(part: int) -> Iterator[Location]:
    """The stories of a part that have a page of their own. One query."""
    rows = Story.objects.filter(
        pk__gte=part * PART, pk__lt=(part + 1) * PART, merged_into=None, articles__gt=1, sources__gt=1
    )
    for pk, slug, last in rows.order_by("-pk").values_list("pk", "slug", "last_at"):
        yield Location(addresses.absolute(addresses.story(pk, slug)), last)


def pages() -> Iterator[Location]:
    """Front pages, sections and lists. One query."""
    editions = settings.MASTHEAD.all_editions
    slugs = list(Section.objects.values_list("slug", flat=True))
    for edition in editions:
        yield _in_editions([addresses.front(code) for code in editions], edition)
        for slug in slugs:
            yield _in_editions([addresses.section(slug, code) for code in editions], edition)
        for path in (addresses.latest, addresses.popular):
            yield _in_editions([path(code) for code in editions], edition)
        yield _in_editions([addresses.archive(None, code) for code in editions], edition)
        for about in ABOUT:
            yield _in_editions([addresses.about(about, code) for code in editions], edition)


def sources(part: int) -> Iterator[Location]:
    """The pages of the sources of a part. One query."""
    rows = Source.objects.filter(pk__gte=part * PART, pk__lt=(part + 1) * PART).order_by("pk")
    for slug in rows.values_list("slug", flat=True):
        yield Location(addresses.absolute(addresses.source(slug)))


def _in_editions(paths: list[str], edition: str) -> Location:
    """A page in one edition, with the same page in the others named."""
    by_edition = dict(zip(settings.MASTHEAD.all_editions, map(addresses.absolute, paths), strict=True))
    return Location(by_edition[edition], alternates=tuple(by_edition.items()) if len(by_edition) > 1 else ())


def news() -> bytes:
    """The articles of the last 48 hours that have a date, newest first, 1,000 at most. Two queries."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "news": NEWS})
    since = timezone.now() - timedelta(hours=NEWS_HOURS)
    rows = own_articles().filter(sort_at__gte=since, published_at__gte=since).order_by("-sort_at", "-pk")[:MOST_NEWS]
    for row in rows.only("pk", "slug", "title", "language", "published_at", "published_precision"):
        entry = add(root, f"{{{SITEMAP}}}url")
        add(entry, f"{{{SITEMAP}}}loc", addresses.absolute(addresses.article(row.pk, row.slug)))
        item = add(entry, f"{{{NEWS}}}news")
        publication = add(item, f"{{{NEWS}}}publication")
        add(publication, f"{{{NEWS}}}name", settings.MASTHEAD.site_name)
        add(publication, f"{{{NEWS}}}language", _news_language(row.language))
        day_only = row.published_precision == "day"
        assert row.published_at is not None
        date = f"{row.published_at:%Y-%m-%d}" if day_only else row.published_at.isoformat()
        add(item, f"{{{NEWS}}}publication_date", date)
        add(item, f"{{{NEWS}}}title", one_line(row.title))
    return serialise(root)


def _news_language(tag: str) -> str:
    """An ISO 639 code; Chinese alone with its country, as the search engines want it."""
    tag = language_tag(tag, settings.MASTHEAD.language).lower()
    primary = tag.partition("-")[0]
    if primary != "zh":
        return primary
    return "zh-tw" if any(part in ("tw", "hk", "mo", "hant") for part in tag.split("-")) else "zh-cn"
