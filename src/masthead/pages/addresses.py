"""Where everything stands: the path of each kind of page. Promise 2: an address is for ever.

Paths begin with "/" and are not percent-encoded beyond what a slug needs; `absolute` adds the site's own address.
An edition other than the first has its language in front: "/ar/", "/ar/section/world/".
"""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode

from django.conf import settings


def absolute(path: str) -> str:
    """A path of ours with the site's scheme and host, for feeds, mail, canonical links and metadata."""
    return f"{settings.MASTHEAD.base_url.rstrip('/')}{path}"


def edition_prefix(edition: str = "") -> str:
    """ "" for the first edition, "/ar" for another."""
    return "" if not edition or edition == settings.MASTHEAD.language else f"/{edition}"


def front(edition: str = "") -> str:
    return f"{edition_prefix(edition)}/"


def article(pk: int, slug: str) -> str:
    return f"/article/{pk}-{quote(slug)}/" if slug else f"/article/{pk}/"


def changes(pk: int, slug: str) -> str:
    return f"{article(pk, slug)}changes/"


def story(pk: int, slug: str) -> str:
    return f"/story/{pk}-{quote(slug)}/" if slug else f"/story/{pk}/"


def short_link(code: str) -> str:
    return f"/s/{code}"


def section(slug: str, edition: str = "") -> str:
    return f"{edition_prefix(edition)}/section/{quote(slug)}/"


def source(slug: str) -> str:
    return f"/source/{quote(slug)}/"


def latest(edition: str = "") -> str:
    return f"{edition_prefix(edition)}/latest/"


def popular(edition: str = "", window: str = "day") -> str:
    """The most popular of a window: "hour", "day", "week", "month"."""
    return f"{edition_prefix(edition)}/popular/{'' if window == 'day' else window + '/'}"


def archive(day: date | None = None, edition: str = "", *, precision: str = "day") -> str:
    """The archive's first page, or that of a year, month or day."""
    base = f"{edition_prefix(edition)}/archive/"
    if day is None:
        return base
    parts = {"year": f"{day:%Y}", "month": f"{day:%Y/%m}", "day": f"{day:%Y/%m/%d}"}
    return f"{base}{parts[precision]}/"


def search(edition: str = "", **query: str) -> str:
    base = f"{edition_prefix(edition)}/search/"
    return f"{base}?{urlencode(query)}" if query else base


def about(page: str = "", edition: str = "") -> str:
    """ "" = about the site; "sources" = its sources; "counting" = how readers are counted; "front" = how it ranks."""
    return f"{edition_prefix(edition)}/about/{page + '/' if page else ''}"


def feed(of: str, form: str) -> str:
    """The outgoing feed of the list page at path `of`; `form` is "rss", "atom" or "json"."""
    path, _, query = of.partition("?")
    return f"{path}feed.{form}" + (f"?{query}" if query else "")


def media(path: str) -> str:
    """A file of ours under the media root."""
    return f"{settings.MEDIA_URL}{quote(path)}"
