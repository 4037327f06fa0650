# ruff: noqa: E501 (tables of addresses)
"""Addresses of an imported site that were no posts: lists, feeds and files lead to their true counterpart, or nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from masthead.articles import takedown
from masthead.articles.models import Article, Image, ImageState
from masthead.entries.models import OldAddress
from masthead.feeds.models import Source
from masthead.pages import addresses
from masthead.pages.models import DayCount, Placement, Section

Report = Callable[..., dict[str, Any]]
HOST = "https://lantern.example"
FILE = "/wp-content/uploads/2019/05/Quay.jpg"


@pytest.fixture
def export(tmp_path: Path, wxr: ModuleType) -> Path:
    path = tmp_path / "x.xml"
    path.write_bytes(
        wxr.export(
            wxr.item(12, slug="dredging", content=f'{wxr.TEXT}\n\n<img src="{HOST}{FILE}">'),
            wxr.attachment(40, "2019/05/Quay.jpg", parent=12),
            wxr.attachment(41, "2019/05/minutes.pdf", parent=12),
            wxr.attachment(42, "2019/05/alone.jpg"),
            wxr.item(13, slug="secret", status="private"),
            wxr.attachment(43, "2019/05/secret.jpg", parent=13),
        )
    )
    return path


@pytest.fixture
def article(export: Path, report: Report) -> Article:
    report(export)
    return Article.objects.get()


@pytest.fixture
def arranged(article: Article) -> Article:
    """The article in a section and counted in the archive, as the pipeline leaves it."""
    section = Section.objects.create(slug="harbour", name="Harbour", names={"de": "Hafen"}, matches=["ports and quays"])
    Section.objects.create(slug="empty", name="Empty")
    Placement.objects.create(article=article, section=section, at=article.sort_at)
    DayCount.objects.create(edition="en", day=date(2019, 5, 13), articles=1, counted_at=article.sort_at)
    return article


def target(client: Client, path: str) -> str:
    """Where a path leads for ever; "" for nowhere."""
    answer = client.get(path)
    assert answer.status_code in (301, 404), path
    return str(answer.headers.get("Location", ""))


@pytest.mark.parametrize(
    "old",
    [
        FILE, FILE.replace(".jpg", "-300x200.jpg"), FILE.replace(".jpg", "-scaled.jpg"), "/2019/05/report-40/", "/?attachment_id=40",
        "/wp-content/uploads/2019/05/minutes.pdf", "/2019/05/report-41", "/?attachment_id=41",
    ],
)  # fmt: skip
def test_a_file_without_a_copy_of_ours_leads_to_its_article(client: Client, article: Article, old: str) -> None:
    assert target(client, old) == addresses.article(article.pk, article.slug)


def ready() -> None:
    variants = [{"path": "images/ab/quay-640.jpg", "width": 640, "height": 360, "type": "image/jpeg"}]
    assert Image.objects.filter(url=f"{HOST}{FILE}").update(state=ImageState.READY, variants=variants) == 1


@pytest.mark.parametrize("size", ["", "-300x200", "-scaled"])
def test_a_picture_leads_to_our_copy(client: Client, article: Article, size: str) -> None:
    ready()
    assert target(client, FILE.replace(".jpg", f"{size}.jpg")) == "/media/images/ab/quay-640.jpg"
    assert target(client, "/?attachment_id=40") == addresses.article(article.pk, article.slug)


def test_no_copy_is_led_to_that_may_not_be_shown(client: Client, article: Article) -> None:
    ready()
    Source.objects.update(show_images=False)
    assert target(client, FILE) == addresses.article(article.pk, article.slug)
    Source.objects.update(show_images=True)
    takedown.withdraw(article, "a court ordered it")
    assert target(client, FILE) == addresses.article(article.pk, article.slug)
    assert client.get(target(client, FILE)).status_code == 410


@pytest.mark.parametrize(
    "old", ["/wp-content/uploads/2019/05/alone.jpg", "/?attachment_id=42", "/wp-content/uploads/2019/05/secret.jpg", "/?attachment_id=43", "/?attachment_id=999"]
)  # fmt: skip
def test_a_file_that_hangs_on_no_article_leads_nowhere(client: Client, article: Article, old: str) -> None:
    assert target(client, old) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/category/harbour/", "/section/harbour/"), ("/category/news/Ports-and-Quays", "/section/harbour/"),
        ("/tag/hafen/page/3/", "/section/harbour/"), ("/search/label/Ports%20and%20quays", "/section/harbour/"),
        ("/?category_name=harbour", "/section/harbour/"), ("/?tag=hafen", "/section/harbour/"),
        ("/category/harbour/feed/", "/section/harbour/feed.rss"), ("/tag/harbour/feed/atom/", "/section/harbour/feed.atom"),
        ("/feeds/posts/default/-/Harbour", "/section/harbour/feed.atom"),
        ("/feeds/posts/default/-/Harbour?alt=rss", "/section/harbour/feed.rss"),
        ("/2019/", "/archive/2019/"), ("/2019/05/", "/archive/2019/05/"), ("/2019/05/13/page/2", "/archive/2019/05/13/"),
        ("/2019_05_01_archive.html", "/archive/2019/05/"), ("/?m=201905", "/archive/2019/05/"), ("/?m=2019", "/archive/2019/"),
        ("/feeds/posts/summary", "/feed.atom"), ("/feed/json", "/feed.json"),
    ],
)  # fmt: skip
def test_a_list_leads_to_its_counterpart(client: Client, arranged: Article, old: str, new: str) -> None:
    assert target(client, old) == new
    assert client.get(new).status_code == 200


@pytest.mark.parametrize(
    "old",
    [
        "/category/unknown/", "/category/harbour/unknown/", "/category/empty/", "/tag/", "/?tag=unknown", "/category/unknown/feed/",
        "/2018/", "/2019/06/", "/2019/05/14/", "/2019/13/", "/0000/", "/?m=201813", "/?m=x", "/author/mokafor/", "/author/mokafor/feed/",
        "/comments/feed/",
    ],
)  # fmt: skip
def test_a_list_without_counterpart_leads_nowhere(client: Client, arranged: Article, old: str) -> None:
    assert target(client, old) == ""


def test_a_site_without_an_import_has_no_old_lists(client: Client, arranged: Article) -> None:
    OldAddress.objects.all().delete()
    for path in ("/category/harbour/", "/2019/05/", FILE):
        assert target(client, path) == ""
    assert client.get("/?tag=harbour").status_code == 200


def test_a_second_import_adds_no_address(export: Path, report: Report) -> None:
    report(export)
    kept = set(OldAddress.objects.values_list("pk", "address"))
    second = report(export)
    assert set(OldAddress.objects.values_list("pk", "address")) == kept
    assert {"/wp-content/uploads/2019/05/quay.jpg", "?attachment_id=41"} <= {address for _, address in kept}
    assert second["addresses_taken"] == []
