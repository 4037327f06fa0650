"""Sitemaps, robots, manifest, icons, search description, short links, media."""

from __future__ import annotations

import dataclasses
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from PIL import Image

from masthead.articles.models import Article
from masthead.pages.models import Section
from masthead.site.outlets import icons, sitemaps
from masthead.stories.models import Story

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SOURCES = "/sitemap-sources-0.xml"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def locations(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/xml")
    root = etree.fromstring(answer.content)
    found = [element.text or "" for element in root.iter(f"{MAP}loc")]
    assert all(url.startswith("http://testserver/") for url in found)
    assert len(found) == len(set(found))
    return found


def test_sitemaps_lead_to_every_canonical_page(client: Client, make_article, make_source) -> None:
    own = make_article(source=make_source(policy="full"), slug="größe")
    theirs = make_article(source=make_source(policy="excerpt"))
    free = make_article(source=make_source(policy="", licence="https://creativecommons.org/licenses/by/4.0/"))
    held = make_article(source=own.source, state="held")
    Section.objects.create(slug="world", name="World")
    at = NOW
    story = Story.objects.create(slug="s", title="S", articles=3, sources=2, first_at=at, last_at=at)
    single = Story.objects.create(slug="t", title="T", articles=1, sources=1, first_at=at, last_at=at)
    everything = [
        url
        for part in locations(client, "/sitemap.xml")
        for url in locations(client, part.removeprefix("http://testserver"))
    ]
    assert f"http://testserver/article/{own.pk}-gr%C3%B6%C3%9Fe/" in everything
    assert f"http://testserver/article/{free.pk}-{free.slug}/" in everything
    assert not any(f"/article/{x.pk}-" in url for x in (theirs, held) for url in everything)
    assert f"http://testserver/story/{story.pk}-s/" in everything
    assert not any(f"/story/{single.pk}-" in url for url in everything)
    for path in ("/", "/section/world/", "/source/publisher-1/", "/latest/", "/about/sources/"):
        assert f"http://testserver{path}" in everything


def test_sitemap_parts(client: Client, make_article, monkeypatch) -> None:
    made = [make_article() for _ in range(7)]
    monkeypatch.setattr(sitemaps, "PART", 3)
    parts = [url for url in locations(client, "/sitemap.xml") if "articles" in url]
    listed = [url for part in parts for url in locations(client, part.removeprefix("http://testserver"))]
    assert sorted(listed) == sorted(f"http://testserver/article/{a.pk}-{a.slug}/" for a in made)
    assert client.get("/sitemap-articles-999.xml").status_code == 404
    newest = etree.fromstring(client.get("/sitemap.xml").content).findall(f"{MAP}sitemap/{MAP}lastmod")
    assert [element.text for element in newest] == ["2026-11-20T12:05:00+00:00"]


def test_sources_have_parts_of_their_own(client: Client, make_source, monkeypatch) -> None:
    made = [make_source() for _ in range(7)]
    monkeypatch.setattr(sitemaps, "PART", 3)
    parts = [url for url in locations(client, "/sitemap.xml") if "sources" in url]
    listed = [locations(client, part.removeprefix("http://testserver")) for part in parts]
    wanted = sorted(f"http://testserver/source/{source.slug}/" for source in made)
    assert sorted(url for part in listed for url in part) == wanted
    assert len(parts) > 2 and max(map(len, listed)) <= 3
    assert not any("/source/" in url for url in locations(client, "/sitemap-pages.xml"))
    assert client.get("/sitemap-sources-999.xml").status_code == 404


def test_sitemap_queries_do_not_grow(client: Client, make_article) -> None:
    counts = []
    for target in (1, 30):
        while Article.objects.count() < target:
            make_article()
        for path in ("/sitemap.xml", "/sitemap-articles-0.xml", "/sitemap-news.xml", "/sitemap-pages.xml", SOURCES):
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))
    assert counts[:5] == counts[5:] and max(counts) <= 4


def test_pages_of_editions_name_each_other(client: Client, settings) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, editions=("en", "ar"))
    root = etree.fromstring(client.get("/sitemap-pages.xml").content)
    fronts = {url.findtext(f"{MAP}loc"): url for url in root}
    for path in ("http://testserver/", "http://testserver/ar/"):
        assert {x.get("hreflang"): x.get("href") for x in fronts[path].iter(LINK)} == {
            "en": "http://testserver/",
            "ar": "http://testserver/ar/",
        }


def test_news_sitemap(client: Client, make_article, make_source, time_machine) -> None:
    time_machine.move_to(NOW)
    new = make_article('New <&> "x"', at=NOW - timedelta(hours=47), language="pt-BR")
    make_article("Old", at=NOW - timedelta(hours=49))
    make_article("Undated", at=None, first_seen_at=NOW)
    make_article("Theirs", at=NOW, source=make_source(policy="link"))
    day = make_article("Day", at=NOW.replace(hour=0), language="")
    Article.objects.filter(pk=day.pk).update(published_precision="day")
    rows = etree.fromstring(client.get("/sitemap-news.xml").content).findall(f"{MAP}url/{NEWS}news")
    found = [
        (
            row.findtext(f"{NEWS}title"),
            row.findtext(f"{NEWS}publication_date"),
            row.findtext(f"{NEWS}publication/{NEWS}language"),
        )
        for row in rows
    ]
    assert found == [
        ("Day", "2026-11-21", "en"),
        (new.title, "2026-11-19T13:00:00+00:00", "pt"),
    ]
    assert {row.findtext(f"{NEWS}publication/{NEWS}name") for row in rows} == {"The Test Courier"}


def test_robots(client: Client) -> None:
    from urllib.robotparser import RobotFileParser

    body = client.get("/robots.txt").content.decode()
    parser = RobotFileParser()
    parser.parse(body.splitlines())
    for path in ("/desk/", "/admin/login/", "/api/v1/articles", "/search/?q=x"):
        assert not parser.can_fetch("anybot", f"http://testserver{path}")
    for path in ("/", "/article/1-x/", "/feed.rss", "/sitemap.xml", "/media/x.jpg", "/static/site.css"):
        assert parser.can_fetch("anybot", f"http://testserver{path}")
    assert parser.site_maps() == ["http://testserver/sitemap.xml", "http://testserver/sitemap-news.xml"]


@pytest.mark.parametrize("name", ["The Test Courier", "Русская", "أخبار", "中文", "<script>", "!!!", "ß", "9am"])
def test_icons_of_any_name(client: Client, settings, tmp_path, name: str) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, site_name=name, home=tmp_path)
    icons._kept.cache_clear()
    for file, size in icons.SIZES.items():
        answer = client.get(f"/{file}")
        picture = Image.open(io.BytesIO(answer.content))
        assert picture.size == (size, size) and answer["Content-Type"] == "image/png"
        colours = picture.convert("RGB").getcolors(1 << 20)
        assert colours and len(colours) > 8, "a letter has edges"
    assert Image.open(io.BytesIO(client.get("/favicon.ico").content)).info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    svg = etree.fromstring(client.get("/icon.svg").content)
    assert not svg.findall(".//{*}script")
    assert len(list((tmp_path / "cache" / "icons").iterdir())) == len(icons.SIZES) + 2
    icons._kept.cache_clear()


def test_an_icon_without_a_home(client: Client, settings, tmp_path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, home=blocked)
    icons._kept.cache_clear()
    assert client.get("/icon-192.png").status_code == 200
    icons._kept.cache_clear()


def test_manifest(client: Client) -> None:
    answer = client.get("/site.webmanifest")
    assert answer["Content-Type"].startswith("application/manifest+json")
    data = json.loads(answer.content)
    assert data["name"] == "The Test Courier" and data["start_url"] == "/" and data["lang"] == "en"
    for picture in data["icons"]:
        assert client.get(picture["src"])["Content-Type"] == picture["type"]


def test_opensearch(client: Client) -> None:
    root = etree.fromstring(client.get("/opensearch.xml").content)
    ns = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(root.findtext(f"{ns}ShortName") or "") <= 16
    templates = [url.get("template", "") for url in root.findall(f"{ns}Url")]
    assert templates[0].startswith("http://testserver/search/?q={searchTerms}")
    assert (
        client.get("/opensearch.xml", headers={"if-none-match": client.get("/opensearch.xml")["ETag"]}).status_code
        == 304
    )


def test_short_links(client: Client, make_article, time_machine) -> None:
    time_machine.move_to(NOW)
    article = make_article(slug="wörter")
    path = f"/s/{article.short_link.code}"
    for method in (client.get, client.head):
        answer = method(path)
        assert answer.status_code == 302 and answer["Location"] == f"/article/{article.pk}-w%C3%B6rter/"
        assert "private" in answer["Cache-Control"] and "public" not in answer["Cache-Control"]
    assert client.get(f"{path}?next=https://evil.example/&url=//evil.example")["Location"].startswith("/article/")
    assert client.post(path).status_code == 405
    for wrong in ("/s/nope", "/s/https:", "/s/%2e%2e", "/s/" + "a" * 13, "/s/"):
        assert client.get(wrong).status_code == 404
    Article.objects.update(embargo_until=NOW + timedelta(minutes=1))
    assert client.get(path).status_code == 404
    Article.objects.update(embargo_until=None, state="held")
    assert client.get(path).status_code == 404
    Article.objects.update(state="withdrawn", state_reason="Court order <b>12</b>.")
    gone = client.get(path)
    assert gone.status_code == 410 and b"Court order" in gone.content and b"<b>12</b>" not in gone.content


@pytest.fixture
def media_root(settings, tmp_path) -> Path:
    root = tmp_path / "media"
    (root / "images" / "ab").mkdir(parents=True)
    settings.MEDIA_ROOT = root
    return root


def test_media(client: Client, media_root: Path) -> None:
    digest = "ab" * 32
    (media_root / "images" / "ab" / f"{digest}-480.webp").write_bytes(b"RIFFpicture")
    (media_root / "plain.png").write_bytes(b"png")
    answer = client.get(f"/media/images/ab/{digest}-480.webp")
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == b"RIFFpicture"
    assert answer["Content-Type"] == "image/webp" and answer["Content-Length"] == "11"
    assert "immutable" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    again = client.get(f"/media/images/ab/{digest}-480.webp", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert "immutable" not in client.get("/media/plain.png")["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.png",
        "images/../../secret.png",
        "%2e%2e/secret.png",
        "..%2fsecret.png",
        "images//x.png",
        "/etc/x.png",
        "images/",
        "images",
        ".hidden.png",
        "a/.git/x.png",
        "page.html",
        "x.svg",
        "x.js",
        "x.png%00.html",
        "x.png/",
        "link.png",
        "..\\secret.png",
        "C:\\x.png",
        "x" * 5000 + ".png",
        "folder.png",
    ],
)
def test_media_never_leaves_its_folder(client: Client, media_root: Path, path: str) -> None:
    (media_root.parent / "secret.png").write_bytes(b"secret")
    (media_root / "folder.png").mkdir()
    for name in (".hidden.png", "page.html", "x.svg", "x.js"):
        (media_root / name).write_bytes(b"secret")
    (media_root / "link.png").symlink_to(media_root.parent / "secret.png")
    assert client.get(f"/media/{path}").status_code == 404


def test_drawings(client: Client) -> None:
    answer = client.get("/media/drawn/7-123.svg")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert etree.fromstring(answer.content).tag.endswith("svg")
    assert answer.content == client.get("/media/drawn/7-123.svg").content
    for wrong in ("7_1", "A", "x" * 41, "../7", "%22"):
        assert client.get(f"/media/drawn/{wrong}.svg").status_code == 404


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/feed.rss", "/icon.svg", "/site.webmanifest", "/s/x"])
def test_nothing_here_is_written_to(client: Client, path: str) -> None:
    for method in (client.post, client.put, client.delete, client.patch):
        assert method(path).status_code == 405


def test_the_address_is_ours(client: Client) -> None:
    assert settings.MASTHEAD.base_url in client.get("/robots.txt").content.decode()
