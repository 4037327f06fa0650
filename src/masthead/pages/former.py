"""What of ours stands for the lists, feeds and pictures of a site that was imported: only true counterparts.

Paths come as a browser asks for them, without the old site's host; "" means that nothing here stands for it.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote, urlsplit

from django.conf import settings

from masthead.articles.models import ImageState
from masthead.core.urls import absolute
from masthead.feeds.models import Feed, FeedState
from masthead.pages import addresses
from masthead.pages.models import DayCount, Placement, Section
from masthead.pages.pictures import images_at, picture
from masthead.pages.sections import Directory

# A category, tag or label, the innermost last; what follows is a page of the list or its feed.
_LIST = re.compile(
    r"/(?:category|tag|search/label|feeds/posts/(?:default|summary)/-)/(?P<names>[^?#]{1,400}?)"
    r"(?P<feed>/feed(?:/(?P<form>rss2?|rdf|atom|json))?)?(?:/page/\d{1,5})?/?"
)
_DAY = re.compile(r"/(?P<year>\d{4})(?:/(?P<month>\d{1,2})(?:/(?P<day>\d{1,2}))?)?(?:/page/\d{1,5})?/?")
_ARCHIVE = re.compile(r"/(?P<year>\d{4})_(?P<month>\d{2})_(?P<day>\d{2})_archive\.html")
_PICTURE = re.compile(
    r"(?P<stem>/[^?#]{1,1000}?)(?P<size>-\d{1,5}x\d{1,5}|-scaled|-rotated)?(?P<end>\.(?:jpe?g|png|gif|webp|avif))", re.I
)
_MOST_SITES = 20


def of_list(path: str, query: str = "") -> str:
    """The section, or its feed, that stands for the page or feed of a category, tag or label."""
    found = _LIST.fullmatch(path)
    if found is None:
        return ""
    section = section_path(found["names"].rpartition("/")[2])
    if not section:
        return ""
    if path.startswith("/feeds/"):
        return addresses.feed(section, "rss" if "alt=rss" in query else "atom")
    if found["feed"]:
        form = found["form"] or "rss"
        return addresses.feed(section, form if form in ("atom", "json") else "rss")
    return section


def section_path(name: str) -> str:
    """The section that a category of this name leads to, where it has a report."""
    section = Directory(Section.objects.order_by("position", "slug")).of_category(name)
    if section is None or not Placement.objects.filter(section=section).exists():
        return ""
    return addresses.section(section.slug)


def of_time(path: str) -> str:
    """The part of the archive that stands for the list of a year, month or day."""
    if first := _ARCHIVE.fullmatch(path):
        # A blog's archive of a week or month is named by its first day.
        return archive_path(first["year"], first["month"])
    found = _DAY.fullmatch(path)
    return archive_path(found["year"], found["month"], found["day"]) if found else ""


def archive_path(year: str, month: str | None = None, day: str | None = None) -> str:
    """The archive of that time in the first edition that has any report of it."""
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    precision = "day" if day else "month" if month else "year"
    counts = DayCount.objects.filter(articles__gt=0, day__year=first.year)
    if month:
        counts = counts.filter(day__month=first.month)
    if day:
        counts = counts.filter(day__day=first.day)
    held = set(counts.values_list("edition", flat=True))
    edition = next((edition for edition in settings.MASTHEAD.all_editions if edition in held), None)
    return addresses.archive(first, edition, precision=precision) if edition is not None else ""


def of_picture(path: str) -> str:
    """Our copy of a picture that stood on an imported site, in whatever size it was asked for."""
    found = _PICTURE.fullmatch(path)
    if found is None:
        return ""
    names = dict.fromkeys((path, f"{found['stem']}{found['end']}", f"{found['stem']}-scaled{found['end']}"))
    urls = [url for site in _origins() for name in names if (url := absolute(quote(name), site))]
    held = images_at(urls)
    for url in urls:
        image = held.get(url)
        if image is None or image.state != ImageState.READY or (image.source and not image.source.show_images):
            continue
        if shown := picture(image):
            return shown.src
    return ""


def _origins() -> list[str]:
    """The imported sites, each by the spellings of its address under which its pictures may be kept."""
    homes = Feed.objects.filter(state=FeedState.IMPORTED).exclude(source__home_url="").order_by("pk")
    hosts = dict.fromkeys(
        urlsplit(home).netloc.removeprefix("www.")
        for home in homes.values_list("source__home_url", flat=True)[:_MOST_SITES]
    )
    return [
        f"{scheme}://{prefix}{host}/"
        for host in hosts
        if host
        for scheme in ("https", "http")
        for prefix in ("", "www.")
    ]
