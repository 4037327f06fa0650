"""Old addresses: each way an old link is written leads to its article, and to nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from masthead.articles import takedown
from masthead.articles.models import Article
from masthead.entries.models import OldAddress
from masthead.entries.old import candidates, digest_of, normal
from masthead.pages import addresses
from masthead.pages.cache import PageCache

Report = Callable[..., dict[str, Any]]


@pytest.fixture
def article(tmp_path: Path, report: Report, wxr: ModuleType) -> Article:
    extra = wxr.meta("_wp_old_slug", "first-name")
    cyrillic = "https://lantern.example/2019/05/%d0%bc%d0%be%d1%81%d1%82/"
    (tmp_path / "x.xml").write_bytes(
        wxr.export(wxr.item(12, slug="second-name", extra=extra), wxr.item(13, slug="most", link=cyrillic))
    )
    report(tmp_path / "x.xml")
    return Article.objects.order_by("pk")[0]


@pytest.mark.parametrize(
    "old",
    [
        "/2019/05/second-name/", "/2019/05/second-name", "/2019/05/Second-Name/", "/2019/05/second-name/?utm_source=x",
        "/2019/05/second-name/?replytocom=4", "/2019/05/second-name/amp/", "/2019/05/second-name/feed/",
        "/2019/05/second-name/comment-page-2/", "/2019/05/second-name/2/", "/2019/05/first-name/", "/?p=12",
        "/?utm_medium=mail&p=12", "/index.php?p=12",
    ],
)  # fmt: skip
def test_an_old_address_leads_to_the_article(client: Client, article: Article, old: str) -> None:
    answer = client.get(old)
    assert answer.status_code == 301
    assert answer["Location"] == addresses.article(article.pk, article.slug)
    assert client.get(answer["Location"]).status_code == 200
    assert client.head(old).status_code == 301


def test_addresses_in_any_script(client: Client, article: Article) -> None:
    for old in ("/2019/05/%d0%bc%d0%be%d1%81%d1%82/", "/2019/05/%D0%9C%D0%BE%D1%81%D1%82", "/2019/05/мост/"):
        assert client.get(old).status_code == 301


@pytest.mark.parametrize(
    "path",
    [
        "/2019/05/", "/2019/05/unknown/", "/?p=999", "/second-name/", "//evil.example/2019/05/unknown/",
        "/wp-login.php",
        "/2019/05/second-name/other/", "/%00", "/article/999999/",
    ],
)  # fmt: skip
def test_an_unknown_address_stays_404(client: Client, article: Article, path: str) -> None:
    assert client.get(path).status_code == 404


def test_no_redirect_leads_off_the_site(client: Client, article: Article) -> None:
    for path in ("/2019/05/second-name/?url=https://evil.example/", "//evil.example/..//2019/05/second-name/"):
        target = client.get(path).headers.get("Location", "/")
        assert target.startswith("/") and not target.startswith("//")


def test_pages_of_our_own_stay_where_they_are(tmp_path: Path, client: Client, report: Report, wxr: ModuleType) -> None:
    (tmp_path / "x.xml").write_bytes(wxr.export(wxr.item(1, link="https://lantern.example/latest/")))
    told = report(tmp_path / "x.xml")
    assert told["addresses_taken"] == ["/latest"]
    assert client.get("/latest/").status_code == 200
    assert client.get("/?p=1").status_code == 301


@pytest.mark.django_db
def test_without_an_import_nothing_changes(client: Client) -> None:
    assert client.get("/?p=12").status_code == 200
    assert client.get("/feed/").status_code == 404


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/feed/", "/feed.rss"), ("/feed", "/feed.rss"), ("/?feed=rss2", "/feed.rss"), ("/?feed=atom", "/feed.atom"),
        ("/feed/atom/", "/feed.atom"), ("/feeds/posts/default", "/feed.atom"), ("/rss.xml", "/feed.rss"),
        ("/feeds/posts/default?alt=rss", "/feed.rss"),
    ],
)  # fmt: skip
def test_old_feeds_lead_to_ours(client: Client, article: Article, old: str, new: str) -> None:
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)
    assert client.get(new).status_code == 200


def test_what_was_taken_down_says_so_and_what_is_held_does_not(client: Client, article: Article) -> None:
    takedown.withdraw(article, "a court ordered it")
    answer = client.get("/2019/05/second-name/")
    assert answer.status_code == 301 and client.get(answer["Location"]).status_code == 410
    takedown.hold(article, "being checked")
    assert client.get("/2019/05/second-name/").status_code == 404


@pytest.fixture
def _connection_stays() -> Iterator[None]:
    """The test's own connection outlives a request, as with the test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_connection_stays")
def test_the_page_cache_lets_old_addresses_through(article: Article, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    cache = PageCache(WSGIHandler(), limit=1_000_000)

    def ask(path: str, query: str = "") -> tuple[str, str]:
        told: list[tuple[str, str]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            told.append((status[:3], dict(headers).get("Location", "")))

        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        b"".join(cache(environ, start))
        return told[-1]

    target = addresses.article(article.pk, article.slug)
    assert ask("/") == ("200", "")
    assert ask("/", "p=12") == ("301", target)
    assert ask("/", "utm_source=x") == ("200", "")
    assert ask("/2019/05/second-name/", "utm_source=x") == ("301", target)
    entry = OldAddress.objects.filter(address="?p=12").values_list("entry", flat=True).get()
    OldAddress.objects.create(entry_id=entry, address="/news.php?id=7", digest=digest_of("/news.php?id=7"))
    assert ask("/news.php", "id=7&fbclid=abc") == ("301", target)
    assert ask("/news.php", "id=8")[0] == "404"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://a.example/", ""), ("https://a.example", ""), ("https://a.example/index.php?p=3", "?p=3"),
        ("https://a.example/A//b/?z=1&a=2#c", "/a/b?a=2&z=1"), ("/x?utm_source=q", "/x"), ("http://[bad", ""),
        ("/" + "x" * 3000, ""), ("/%E2%82%AC/", "/€"),
    ],
)  # fmt: skip
def test_normal_form(address: str, wanted: str) -> None:
    assert normal(address) == wanted


def test_candidates_never_drop_the_query_of_a_front_page() -> None:
    assert list(candidates("/", "p=3")) == ["?p=3"]
    assert list(candidates("/a/amp/", "x=1")) == ["/a/amp?x=1", "/a/amp", "/a"]
