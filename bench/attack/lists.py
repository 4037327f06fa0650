"""The other door: a stranger's list of feeds (OPML) with a payload in every place of its lines, imported as we do.

What it brought is followed to every page that names publishers, feeds, folders or addresses, and out again as OPML.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from django.utils import timezone

from attack import judge, outlets
from attack.forms import clean_xml
from attack.packs import Pair
from attack.press import publish

EVERY = 10
"""Of so many publishers one is asked for its own pages."""
PAGES = (
    "/", "/latest/", "/latest/?page=2", "/latest/?page=3", "/latest/?page=4", "/about/sources/",
    "/about/sources/?page=2", "/about/front/", "/about/", "/archive/", "/search/?q=harbour", "/feed.rss",
    "/feed.atom", "/feed.json", "/de/about/sources/", "/sitemap-pages.xml", "/api/v1/sources",
    "/api/v1/articles?limit=100", "/api/v1/sections", "/desk/", "/desk/sources/", "/desk/sources/?page=2",
    "/desk/feeds/", "/desk/feeds/?page=2", "/desk/sections/", "/desk/front/", "/desk/articles/",
    "/desk/articles/?page=2", "/desk/sections/categories/", "/desk/log/", "/metrics",
)  # fmt: skip


def opml(pairs: Sequence[Pair]) -> bytes:
    """A list in which each payload is a folder, a name, a description, a language, a home page and part of an address.

    A second line of each has the payload itself for an address.
    """
    lines = []
    for pair in pairs:
        raw = clean_xml(pair.text)
        text, named = quoteattr(raw), quoteattr(clean_xml(pair.marked("x")))
        address = quoteattr(clean_xml(f"https://list{pair.number}.example/{pair.text}"))
        lines.append(
            f"<outline text={named} title={named}><outline type='rss' text={named} title={named} xmlUrl={address}"
            f" htmlUrl={text} description={quoteattr(clean_xml(pair.marked('w')))} language={text}"
            f" masthead:reason={text} masthead:policy={text} masthead:fullText={text} masthead:state={text}/>"
            f"<outline type='rss' text={named} xmlUrl={text} htmlUrl={text}/>"
            f"<outline text={named} htmlUrl={text}/></outline>"
        )
    title = quoteattr(clean_xml(pairs[0].text))[1:-1]
    return (
        "<?xml version='1.0'?><opml version='2.0' xmlns:masthead='urn:masthead:opml'>"
        f"<head><title>{title}</title></head><body>{''.join(lines)}</body></opml>"
    ).encode()


def take_in(data: bytes) -> str:
    """Import a list with the command's own function; what it said on the terminal."""
    from masthead.cli import _opml

    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        file = Path(folder) / "list.opml"
        file.write_bytes(data)
        _opml.import_files([file], "", False)
        _opml.import_files([file], "", True)
    return said.getvalue()


def bring_reports() -> None:
    """A quiet report for every feed, so that its publisher is named wherever publishers are."""
    from masthead.entries.storable import pack
    from masthead.feeds.models import Feed, Fetch

    now = timezone.now()
    for feed in Feed.objects.order_by("pk"):
        title = f"Harbour {feed.pk} of the {feed.pk * 7919} reopens"
        item = f"<title>{title}</title><guid isPermaLink='false'>{feed.pk}</guid><description>Words.</description>"
        data = f"<rss version='2.0'><channel><title>x</title><item>{item}</item></channel></rss>"
        Fetch.objects.create(
            feed=feed, started_at=now, status=200, final_url=feed.url, body=pack(data.encode()), body_size=len(data)
        )
    publish()


def ask(client_get: outlets.Get, said: str, seen: outlets.Seen) -> None:
    """Judge every page that shows what the list brought, the terminal, and the list that goes out."""
    from masthead.cli import _opml
    from masthead.feeds.models import Feed

    paths = [*PAGES]
    for feed in Feed.objects.select_related("source").order_by("pk")[::EVERY]:
        paths += [f"/source/{quote(feed.source.slug)}/", f"/source/{quote(feed.source.slug)}/feed.rss"]
        paths += [f"/desk/sources/{feed.source_id}/", f"/desk/feeds/{feed.pk}/"]
    outlets.ask(client_get, paths, seen)
    going_out = _opml.export()
    seen.faults += [f"OPML: {fault}" for fault in judge.document_xml(going_out)]
    seen.faults += [f"terminal: {line[:80]!r}" for line in said.splitlines() if not line.isprintable()]
    seen.answers += 1
    outlets.note(seen, "OPML", going_out.decode())
    for feed in Feed.objects.select_related("source"):
        for address in (feed.url, feed.home_url, feed.source.home_url):
            if address and not address.startswith(("http://", "https://")):
                seen.faults.append(f"kept as an address: {address[:80]!r}")
