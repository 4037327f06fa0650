"""Outgoing feeds: valid by the rules of the W3C validator, honest about dates, within rights, stable."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree, html

from masthead.articles.models import Article, Image, ImageState
from masthead.core.types import Block, ImageRef
from masthead.delivery.models import Endpoint
from masthead.pages.models import Placement, Section
from masthead.pages.pictures import url_digest

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]>&lt;b&gt;<![CDATA[", "a\x00b\x08c\x0bd\ufffe",
    "&amp;amp; &#0; &undefined;", "javascript:alert(1)", "</title></item></channel>", "\ud800 lone", "\u202eevil\u2066",
    "<!--", "--><svg onload=alert(1)>", "\n\n\tline\r\nline", "{{ 7*7 }} {% debug %}", "'\"`", "%0d%0aSet-Cookie: a=b",
]  # fmt: skip
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


def absolute(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and url == (url or "").strip() and " " not in url


def check_html(markup: str) -> None:
    """Nothing active, nothing relative, well-formed enough that a parser gives back what stands there."""
    tree = html.fragment_fromstring(markup, create_parent="div")
    for element in tree.iter():
        assert element.tag not in (
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "link",
            "meta",
        )
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name != "style"
            if name in ("href", "src", "cite"):
                assert absolute(value) or value.startswith("mailto:"), value


def check_rss(answer: HttpResponse) -> etree._Element:
    """The rules of RSS 2.0 as feedvalidator.org applies them."""
    assert answer["Content-Type"].startswith("application/rss+xml")
    root = etree.fromstring(answer.content)
    assert root.tag == "rss" and root.get("version") == "2.0" and len(root) == 1
    channel = root[0]
    for name in ("title", "link", "description", "language", "lastBuildDate", "generator"):
        assert len(channel.findall(name)) == 1 and channel.findtext(name), name
    assert absolute(channel.findtext("link"))
    assert RFC822.fullmatch(channel.findtext("lastBuildDate") or "")
    own = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert len(own) == 1 and absolute(own[0].get("href")) and own[0].get("type") == "application/rss+xml"
    ids = []
    for item in channel.findall("item"):
        for name in ("title", "link", "guid", "description"):
            assert len(item.findall(name)) == 1 and item.findtext(name), name
        assert absolute(item.findtext("link"))
        guid = item.find("guid")
        assert guid is not None and guid.get("isPermaLink") == "false"
        assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:article/\d+", guid.text or "")
        ids.append(guid.text)
        assert len(item.findall("pubDate")) + len(item.findall(f"{DC}date")) <= 1
        if date := item.findtext("pubDate"):
            assert RFC822.fullmatch(date) and parsedate_to_datetime(date)
        assert item.find("author") is None  # RSS wants a mail address there
        source = item.find("source")
        assert source is not None and absolute(source.get("url")) and source.text
        assert not item.findall("enclosure")  # would need a length
        check_html(item.findtext(CONTENT) or "")
        for media in item.findall(f"{MEDIA}content"):
            assert absolute(media.get("url")) and media.get("medium") == "image" and media.get("type")
    assert len(ids) == len(set(ids))
    return channel


def check_atom(answer: HttpResponse) -> etree._Element:
    """RFC 4287, section 4, and the validator's advice."""
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "subtitle", "generator"):
        assert len(feed.findall(ATOM + name)) == 1 and feed.findtext(ATOM + name), name
    links = [(link.get("rel"), link.get("type")) for link in feed.findall(f"{ATOM}link")]
    assert links.count(("self", "application/atom+xml")) == 1 and links.count(("alternate", "text/html")) == 1
    assert all(absolute(link.get("href")) for link in feed.iter(f"{ATOM}link"))
    assert RFC3339.fullmatch(feed.findtext(f"{ATOM}updated") or "")
    ids = [feed.findtext(f"{ATOM}id")]
    for entry in feed.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "content"):
            assert len(entry.findall(ATOM + name)) == 1 and entry.findtext(ATOM + name), name
        assert len([x for x in entry.findall(f"{ATOM}link") if x.get("rel") == "alternate"]) == 1
        assert entry.findall(f"{ATOM}author")
        assert all(author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author"))
        for name in ("updated", "published"):
            if (text := entry.findtext(ATOM + name)) is not None:
                assert RFC3339.fullmatch(text)
        content = entry.find(f"{ATOM}content")
        assert content is not None and content.get("type") == "html" and len(content) == 0
        check_html(content.text or "")
        ids.append(entry.findtext(f"{ATOM}id"))
    assert len(ids) == len(set(ids))
    return feed


def check_json(answer: HttpResponse) -> dict[str, Any]:
    """jsonfeed.org/version/1.1."""
    assert answer["Content-Type"].startswith("application/feed+json")
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"]
    for name in ("home_page_url", "feed_url", "icon", "favicon"):
        assert absolute(feed[name])
    ids = []
    for item in feed["items"]:
        assert item["id"] and isinstance(item["id"], str)
        assert absolute(item["url"]) and item["content_html"]
        assert absolute(item.get("external_url", item["url"]))
        for name in ("date_published", "date_modified"):
            assert RFC3339.fullmatch(item.get(name, item["date_modified"]))
        check_html(item["content_html"])
        assert all(author["name"] for author in item.get("authors", []))
        ids.append(item["id"])
    assert len(ids) == len(set(ids))
    return dict(feed)


CHECKS = {"rss": check_rss, "atom": check_atom, "json": check_json}


@pytest.mark.parametrize("form", CHECKS)
def test_every_feed_is_valid(client: Client, make_article, make_source, form: str) -> None:
    source = make_source("A source", slug="a-source")
    section = Section.objects.create(slug="world", name="World")
    for number in range(35):
        article = make_article(
            f"Fire {number}", source=source, at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=number)
        )
        Placement.objects.create(article=article, section=section, language="en", at=article.sort_at)
    paths = ("/", "/section/world/", "/source/a-source/", "/search/")
    for path in paths:
        query = "?q=fire&section=world" if path == "/search/" else ""
        answer = client.get(f"{path}feed.{form}{query}")
        assert answer.status_code == 200, path
        CHECKS[form](answer)
        if form != "json":
            parsed = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
            assert parsed.bozo == 0 and len(parsed.entries) == 30
            titles = [entry.title for entry in parsed.entries]
            assert titles == [f"Fire {number}" for number in range(34, 4, -1)]
        more = client.get(f"{path}feed.{form}{query}{'&' if query else '?'}page=2")
        CHECKS[form](more)
        assert b"Fire 4<" in more.content or b'"Fire 4"' in more.content
        assert b"Fire 5<" not in more.content


@pytest.mark.parametrize("form", CHECKS)
def test_an_empty_site_has_valid_feeds(client: Client, form: str) -> None:
    for path in (f"/feed.{form}", f"/search/feed.{form}", f"/search/feed.{form}?q=%22"):
        CHECKS[form](client.get(path))
    for path in (f"/section/none/feed.{form}", f"/source/none/feed.{form}", f"/xx/feed.{form}", "/feed.exe"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field(client: Client, make_article, make_source, text: str) -> None:
    from masthead.core.characters import strip_controls

    stored = text.replace("\x00", "").replace("\ud800", "")
    source = make_source(stored, slug="s", home_url=f"https://e.example/{stored}", description=stored, licence=stored)
    make_article(
        stored,
        stored,
        source=source,
        standfirst=stored,
        byline=[stored],
        language="en",
        categories=[stored],
        lead_alt=stored,
        canonical_url=stored,
        blocks=tuple(
            Block(kind, text=stored, html=stored, items=(stored,), cite=stored, url=stored, title=stored)  # type: ignore[arg-type]
            for kind in ("paragraph", "heading", "quote", "list", "table", "figure", "embed", "code", "rule")
        ),
    )
    for path in ("/", "/source/s/", "/search/"):
        for form, check in CHECKS.items():
            answer = client.get(f"{path}feed.{form}", {"q": stored} if path == "/search/" else {})
            feed = check(answer)
            if path == "/" and form == "json":
                assert feed["items"][0]["title"] == " ".join(strip_controls(stored).split()) or not stored.strip()
    assert client.get("/feed.rss", headers={"host": "evil.example"}).status_code == 400


def test_what_rights_permit_and_no_more(client: Client, make_article, make_source) -> None:
    long = "Opening words. " + "Filler stands here in between. " * 60 + "Lastword."
    for policy in ("full", "excerpt", "link"):
        make_article(f"{policy} title", long, source=make_source(policy=policy), standfirst=f"Standing {policy}.")
    for form in CHECKS:
        body = client.get(f"/feed.{form}").content.decode()
        assert body.count("Lastword") == 1
        assert "Opening words" in body and "Standing excerpt" in body and "Standing link" not in body
        assert body.count("Read the whole report") == 2


def test_dates_are_not_made_up(client: Client, make_article) -> None:
    seen = datetime(2026, 11, 20, 15, tzinfo=UTC)
    make_article("undated", at=None, first_seen_at=seen)
    day = make_article("day", at=datetime(2026, 11, 19, tzinfo=UTC), first_seen_at=seen)
    Article.objects.filter(pk=day.pk).update(published_precision="day")
    make_article("second", at=datetime(2026, 11, 18, 10, 30, tzinfo=UTC), first_seen_at=seen)
    channel = check_rss(client.get("/feed.rss"))
    dates = {i.findtext("title"): (i.findtext("pubDate"), i.findtext(f"{DC}date")) for i in channel.findall("item")}
    assert dates == {
        "undated": (None, None),
        "day": (None, "2026-11-19"),
        "second": ("Wed, 18 Nov 2026 10:30:00 GMT", None),
    }
    entries = {i["title"]: i for i in check_json(client.get("/feed.json"))["items"]}
    assert "date_published" not in entries["undated"] and "date_published" not in entries["day"]
    assert entries["undated"]["date_modified"] == "2026-11-20T15:00:00Z"
    assert entries["day"]["_masthead"]["published_day"] == "2026-11-19"
    assert entries["second"]["date_published"] == "2026-11-18T10:30:00Z"
    published = [e.findtext(f"{ATOM}published") for e in check_atom(client.get("/feed.atom")).findall(f"{ATOM}entry")]
    assert published == [None, "2026-11-18T10:30:00Z", None], "what may be older than it looks stands last"


def test_ids_outlive_headline_slug_and_edition(client: Client, make_article) -> None:
    article = make_article("Before")
    before = [check_json(client.get("/feed.json"))["items"][0]["id"]]
    Article.objects.filter(pk=article.pk).update(title="After", slug="after")
    after = check_json(client.get("/feed.json"))["items"][0]
    assert after["title"] == "After" and [after["id"]] == before
    assert check_rss(client.get("/feed.rss")).findtext("item/guid") == before[0]
    assert check_atom(client.get("/feed.atom")).findtext(f"{ATOM}entry/{ATOM}id") == before[0]


def test_conditional_get(client: Client, make_article, time_machine) -> None:
    time_machine.move_to(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False)
    article = make_article("One")
    first = client.get("/feed.rss")
    etag, modified = first["ETag"], first["Last-Modified"]
    assert "max-age" in first["Cache-Control"] and "public" in first["Cache-Control"]
    time_machine.move_to(datetime(2026, 11, 21, 13, tzinfo=UTC), tick=False)
    for headers in ({"if-none-match": etag}, {"if-modified-since": modified}, {"if-none-match": f'"x", W/{etag}'}):
        again = client.get("/feed.rss", headers=headers)
        assert again.status_code == 304 and again.content == b"" and again["ETag"] == etag
    assert client.get("/feed.rss", headers={"if-none-match": '"x"', "if-modified-since": modified}).status_code == 200
    assert client.head("/feed.rss")["ETag"] == etag
    # Nothing newer came, something was taken down: both validators must notice.
    Article.objects.filter(pk=article.pk).update(state="withdrawn")
    for headers in ({"if-none-match": etag}, {"if-modified-since": modified}):
        gone = client.get("/feed.rss", headers=headers)
        assert gone.status_code == 200 and b"<item>" not in gone.content


def test_hubs_are_named(client: Client, make_article) -> None:
    make_article()
    Endpoint.objects.create(kind="websub", url="https://hub.example/")
    Endpoint.objects.create(kind="websub", url="https://off.example/", active=False)
    Endpoint.objects.create(kind="webhook", url="https://hook.example/", secret="s")
    rss = client.get("/feed.rss")
    assert [x.get("href") for x in check_rss(rss).findall(f"{ATOM}link") if x.get("rel") == "hub"] == [
        "https://hub.example/"
    ]
    assert rss["Link"] == '<http://testserver/feed.rss>; rel="self", <https://hub.example/>; rel="hub"'
    assert check_json(client.get("/feed.json"))["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


@pytest.mark.parametrize("form", CHECKS)
def test_queries_do_not_grow(client: Client, make_article, form: str) -> None:
    counts = []
    for target in (1, 25):
        while Article.objects.count() < target:
            make_article("Fire", blocks=(Block("paragraph", text="x", html="x"),))
        for path in ("/", "/source/publisher-1/", "/search/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{path}feed.{form}?q=fire")
            counts.append(len(queries))
    assert counts[:3] == counts[3:] and max(counts) <= 9


def test_feeds_of_editions_are_apart(client: Client, make_article, settings) -> None:
    import dataclasses

    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, editions=("en", "de"))
    make_article("English", language="en")
    make_article("Deutsch", language="de-AT")
    first, second = client.get("/feed.rss"), client.get("/de/feed.rss")
    assert b"English" in first.content and b"Deutsch" not in first.content
    assert b"Deutsch" in second.content and b"English" not in second.content
    assert check_rss(second).findtext("language") == "de"
    assert client.get("/en/feed.rss").status_code == 404


def test_settings_hold() -> None:
    assert settings.MASTHEAD.base_url == "http://testserver"


def test_the_body_of_an_item(client: Client, make_article) -> None:
    make_article(
        standfirst="A first paragraph…",
        blocks=(
            Block("paragraph", text="A first paragraph.", html="A <em>first</em> paragraph."),
            Block("heading", text="Part", html="Part", level=3),
            Block("quote", text="Said.", html="<p>Said.</p>", cite="Someone"),
            Block("list", items=("one", "<b>two</b>"), ordered=True),
            Block("table", text="1", html="<table><tr><td>1</td></tr></table>"),
            Block("embed", text="Words", html="Words", url="https://e.example/v", title="Words"),
            Block("embed", url="https://e.example/w", title="A film"),
            Block("code", text="a < b", html="a &lt; b"),
            Block("rule"),
        ),
    )
    markup = check_json(client.get("/feed.json"))["items"][0]["content_html"]
    for piece in (
        "<p>A <em>first</em> paragraph.</p><h3>Part</h3>",
        "<blockquote><p>Said.</p><p><cite>Someone</cite></p></blockquote>",
        "<ol><li>one</li><li><b>two</b></li></ol><table>",
        "<blockquote>Words</blockquote>",
        ">A film</a>",
        "<pre>a &lt; b</pre><hr>",
        "Published by Publisher 1</a></p>",
    ):
        assert piece in markup
    assert markup.count("first") == 1


def test_an_embed_goes_out_as_a_still_that_links(client: Client, make_article) -> None:
    still = ImageRef("https://films.example/still.jpg")
    Image.objects.create(
        url=still.src,
        url_digest=url_digest(still.src),
        state=ImageState.READY,
        variants=[{"path": "images/a.jpg", "width": 640, "height": 360, "type": "image/jpeg"}],
    )
    make_article(
        blocks=(
            Block("paragraph", text="One.", html="One."),
            Block("embed", url="https://films.example/7", title="A film", image=still),
            Block(
                "embed", url="https://films.example/8", title="Unseen", image=ImageRef("https://films.example/x.jpg")
            ),
        )
    )
    markup = check_json(client.get("/feed.json"))["items"][0]["content_html"]
    check_html(markup)
    figure = html.fragment_fromstring(markup, create_parent="div").find("figure")
    assert [a.get("href") for a in figure.iter("a")] == ["https://films.example/7"] * 2
    picture = figure.find(".//img")
    assert picture.get("src").startswith("http://testserver/") and picture.get("alt") == "Still picture: A film"
    assert figure.findtext("figcaption/a") == "A film"
    assert markup.count("<img") == 1 and ">Unseen</a></p>" in markup


def test_characters_that_no_database_holds(client: Client, make_article) -> None:
    make_article("Fire")
    for path in ("/section/%00/feed.rss", "/source/a%00b/feed.rss", "/s/%00", "/media/%00.png"):
        assert client.get(path).status_code == 404, path
    for query in ("q=fire%00", "q=%ED%A0%80fire", "q=fire&source=%00&section=%00&language=%00&since=%00&page=%00"):
        check_rss(client.get(f"/search/feed.rss?{query}"))


def test_the_last_line_speaks_the_language_of_the_edition(client: Client, make_article, settings) -> None:
    import dataclasses

    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, editions=("en", "de"))
    make_article("Feuer", language="de")
    assert "Veröffentlicht von Publisher 1" in client.get("/de/feed.rss").content.decode()
