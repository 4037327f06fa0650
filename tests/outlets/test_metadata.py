"""Heads of pages: metadata is true, within rights, absolute, and no text can leave its attribute or script."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template
from lxml import html

from masthead.core.types import UNKNOWN_SINCE, ArticleDate, Block
from masthead.pages import compose
from masthead.pages.types import ArticlePage, Picture, PictureFile
from masthead.site.outlets import metadata

pytestmark = pytest.mark.django_db
PICTURE = Picture(
    "/media/images/ab/abc-1280.jpg",
    1280,
    720,
    (PictureFile("/media/images/ab/abc-1280.jpg", 1280, 720, "image/jpeg"),),
    alt="A harbour",
)
HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "<!--<script>",
    "\u2028",
    "a & b < c",
    "'\"",
    "{{ x }}",
]


def page_of(make_article, **fields: Any) -> ArticlePage:
    page = compose.article(make_article(**fields).pk)
    assert isinstance(page, ArticlePage)
    return page


def head_of(markup: str) -> tuple[dict[str, str], dict[str, Any], html.HtmlElement]:
    """Metadata by name, the JSON-LD, and the parsed head."""
    tree = html.document_fromstring(f"<!doctype html><html><head>{markup}</head><body></body></html>")
    assert len(tree.body) == 0 and not (tree.body.text or "").strip(), "nothing leaves the head"
    head = tree.head
    for element in head:
        assert element.tag in ("meta", "link", "script")
        assert not any(name.startswith("on") for name in element.attrib)
    names = {element.get("name") or element.get("property"): element.get("content") for element in head.findall("meta")}
    scripts = head.findall("script")
    assert all(script.get("type") == "application/ld+json" for script in scripts) and len(scripts) <= 1
    return names, json.loads(scripts[0].text) if scripts else {}, head


def article_head(page: ArticlePage) -> tuple[dict[str, str], dict[str, Any], html.HtmlElement]:
    return head_of(Template("{% load outlets %}{% article_head page %}").render(Context({"page": page})))


def test_an_article_in_full(make_article) -> None:
    page = page_of(
        make_article,
        title="Fire",
        standfirst="It burnt.",
        byline=["Ann Ode", "Bo Fee"],
        at=datetime(2026, 11, 20, 12, tzinfo=UTC),
    )
    page = dataclasses.replace(page, card=dataclasses.replace(page.card, picture=PICTURE))
    names, data, head = article_head(page)
    url = f"http://testserver{page.card.path}"
    assert head.xpath("link[@rel='canonical']/@href") == [url] == [names["og:url"]]
    assert head.xpath("link[@rel='shortlink']/@href")[0].startswith("http://testserver/s/")
    assert data["@type"] == "NewsArticle" and data["headline"] == "Fire" == names["og:title"]
    assert data["mainEntityOfPage"] == url and data["datePublished"] == "2026-11-20T12:00:00+00:00"
    assert [author["name"] for author in data["author"]] == ["Ann Ode", "Bo Fee"]
    assert data["image"] == ["http://testserver/media/images/ab/abc-1280.jpg"] == [names["og:image"]]
    assert names["og:image:alt"] == "A harbour" and names["twitter:card"] == "summary_large_image"
    assert data["isBasedOn"].startswith("https://publisher-1.example/")
    assert data["publisher"]["name"] == "The Test Courier" and data["sourceOrganization"]["name"] == "Publisher 1"
    assert names["description"] == "It burnt." == data["description"]


@pytest.mark.parametrize("policy", ["excerpt", "link"])
def test_the_canonical_page_is_the_publishers_where_rights_are_less(make_article, make_source, policy: str) -> None:
    page = page_of(make_article, source=make_source(policy=policy), standfirst="Standing words.")
    names, data, head = article_head(page)
    assert head.xpath("link[@rel='canonical']/@href") == [page.original_url] == [data["mainEntityOfPage"]]
    assert page.original_url.startswith("https://publisher-1.example/")
    assert names["og:url"] == f"http://testserver{page.card.path}"
    assert ("Standing words." in json.dumps([names, data])) is (policy == "excerpt")


def test_what_is_not_known_is_not_said(make_article) -> None:
    names, data, _ = article_head(page_of(make_article, at=None))
    assert "datePublished" not in data and "dateModified" not in data and "description" not in data
    assert "article:published_time" not in names
    assert [author["@type"] for author in data["author"]] == ["NewsMediaOrganization"]
    assert names["og:image"] == "http://testserver/icon-512.png" and "image" not in data
    page = page_of(make_article, at=datetime(2026, 11, 20, tzinfo=UTC))
    day = dataclasses.replace(page, card=dataclasses.replace(page.card, precision="day"))
    assert article_head(day)[1]["datePublished"] == "2026-11-20"
    # The day of a change is one of a change, and not told to machines as one of publication.
    latest = "2026-11-21T11:59:59Z"
    known = ArticleDate("2026-11-20", "day", None, UNKNOWN_SINCE, latest, "Updated Nov 20", "inferred", 0.5)
    names, data, _ = article_head(dataclasses.replace(day, published=known))
    assert "datePublished" not in data and "article:published_time" not in names
    assert data["dateModified"] == "2026-11-20"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(make_article, make_source, text: str) -> None:
    source = make_source(text, home_url=text, licence=text)
    block = Block("paragraph", text=text, html="x")
    page = page_of(
        make_article, title=text, standfirst=text, byline=[text], source=source, canonical_url=text, blocks=(block,)
    )
    picture = dataclasses.replace(PICTURE, alt=text)
    page = dataclasses.replace(page, card=dataclasses.replace(page.card, picture=picture))
    names, data, head = article_head(page)
    words = " ".join(text.split())
    assert names["og:title"] == words == data["headline"] if words else True
    assert head.xpath("link[@rel='canonical']/@href") == [f"http://testserver{page.card.path}"]
    assert "isBasedOn" not in data and "license" not in data
    template = Template("{% load outlets %}{% site_head %}{% page_head path title description=title feeds=True %}")
    names, _, head = head_of(template.render(Context({"path": f"/section/{text}/", "title": text})))
    assert names["og:title"] == words or not words
    for link in head.findall("link"):
        assert (link.get("href") or "").startswith(("http://testserver/", "/"))
        assert " " not in (link.get("href") or "")


def test_any_other_page(settings) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, editions=("en", "ar"))
    names, data, head = head_of(
        metadata.page_head("/ar/section/größe/", "Größe", edition="ar", feeds=True, editions=True, picture=PICTURE)
    )
    assert names["og:type"] == "website" and data == {}
    assert head.xpath("link[@rel='canonical']/@href") == ["http://testserver/ar/section/gr%C3%B6%C3%9Fe/"]
    alternates = {link.get("hreflang"): link.get("href") for link in head.xpath("link[@hreflang]")}
    assert alternates == {
        "en": "http://testserver/section/gr%C3%B6%C3%9Fe/",
        "ar": "http://testserver/ar/section/gr%C3%B6%C3%9Fe/",
        "x-default": "http://testserver/section/gr%C3%B6%C3%9Fe/",
    }
    feeds = {link.get("type"): link.get("href") for link in head.xpath("link[@rel='alternate'][@type]")}
    assert feeds == {
        "application/rss+xml": "/ar/section/gr%C3%B6%C3%9Fe/feed.rss",
        "application/atom+xml": "/ar/section/gr%C3%B6%C3%9Fe/feed.atom",
        "application/feed+json": "/ar/section/gr%C3%B6%C3%9Fe/feed.json",
    }


def test_links_of_the_site_lead_somewhere(client) -> None:
    _, _, head = head_of(metadata.site_head())
    for link in head.findall("link"):
        answer = client.get(link.get("href"))
        assert answer.status_code == 200, link.get("href")
        if kind := link.get("type"):
            assert answer["Content-Type"].startswith(kind)


def test_a_front_page_names_its_feeds_once() -> None:
    _, _, head = head_of(f"{metadata.site_head()}{metadata.page_head('/', feeds=True)}")
    hrefs = head.xpath("link[@rel='alternate']/@href")
    assert hrefs == ["/feed.rss", "/feed.atom", "/feed.json"]
