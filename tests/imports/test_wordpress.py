"""WordPress exports: what becomes an article, what is left out, and that dates, names and pictures are kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from masthead.articles.clean import clean
from masthead.articles.models import Article, ArticleState, Image, Revision
from masthead.core.records import article_from_json
from masthead.core.types import CleanArticle
from masthead.delivery.models import Dispatch, Endpoint
from masthead.delivery.queue import queue
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry, EntryVersion, LinkedPage, OldAddress
from masthead.entries.storable import pack, unpack
from masthead.feeds import edit
from masthead.feeds.claims import due
from masthead.feeds.models import Feed, FeedState, Fetch, Source

pytestmark = pytest.mark.django_db
Report = Callable[..., dict[str, Any]]


def record(article: Article) -> CleanArticle:
    assert article.revision is not None
    return article_from_json(article.revision.document)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_posts_become_articles_with_date_author_section_and_address(
    tmp_path: Path, report: Report, wxr: ModuleType
) -> None:
    labels = (
        '<category domain="post_tag" nicename="x"><![CDATA[Dredging]]></category>'
        '<category domain="category" nicename="world"><![CDATA[World]]></category>'
        '<category domain="category" nicename="uncategorized"><![CDATA[Uncategorized]]></category>'
    )
    told = report(write(tmp_path / "x.xml", wxr.export(wxr.item(7, extra=labels), wxr.item(8))))
    assert (told["exit"], told["new"], told["refused"]) == (0, 2, [])
    article = Article.objects.select_related("source", "revision").order_by("pk")[0]
    assert article.title == "Estwick dredges its channel, part 7"
    assert article.published_at == datetime(2019, 5, 8, 8, 30, tzinfo=UTC) == article.sort_at
    assert article.byline == ["Miriam Okafor"]
    assert article.categories == ["World", "Dredging"]
    assert article.canonical_url == "https://lantern.example/2019/05/report-7/"
    assert (article.source.name, article.source.policy) == ("The Lantern Post", "full")
    assert article.source.home_url == "https://lantern.example/"
    assert article.language == "en-GB"
    blocks = record(article).body
    assert [block.type for block in blocks] == ["paragraph"] * len(blocks) and len(record(article).text) > 200


def test_again_adds_nothing_and_a_change_makes_a_revision(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    file = write(tmp_path / "x.xml", wxr.export(wxr.item(1), wxr.item(2)))
    report(file)
    rows = [model.objects.count() for model in (Entry, EntryVersion, Article, Revision, OldAddress, Source, Feed)]
    told = report(file)
    assert (told["new"], told["changed"], told["known"], told["articles"]) == (0, 0, 2, 0)
    assert rows == [
        model.objects.count() for model in (Entry, EntryVersion, Article, Revision, OldAddress, Source, Feed)
    ]
    told = report(
        write(file, wxr.export(wxr.item(1), wxr.item(2, content=wxr.TEXT.replace("March", "April") + " Ends.")))
    )
    assert (told["new"], told["changed"]) == (0, 1)
    assert Revision.objects.count() == 3 and Article.objects.count() == 2


def test_what_is_no_article_is_left_out_and_told(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    items = (
        wxr.item(1, status="draft"), wxr.item(2, status="private"), wxr.item(3, status="trash"),
        wxr.item(4, password="x"), wxr.item(5, type="page"), wxr.item(6, type="nav_menu_item"),
        wxr.item(7, type="attachment"), wxr.item(8, status="future"), wxr.item(9, type="revision", status="inherit"),
        wxr.item(10, extra=wxr.comment(1) + wxr.comment(2)),
    )  # fmt: skip
    told = report(write(tmp_path / "x.xml", wxr.export(*items)))
    assert told["exit"] == 0 and told["new"] == 1 and told["comments"] == 2
    assert told["left_out"] == {
        "draft": 2, "private": 1, "trash": 1, "password": 1, "page": 1, "other: nav_menu_item": 1, "attachment": 1,
        "other: revision": 1,
    }  # fmt: skip
    original = unpack(EntryVersion.objects.get().original)
    assert b"203.0.113.9" not in original and b"<wp:post_id>10</wp:post_id>" in original
    assert original.startswith(b"<item>") and original.endswith(b"</item>")


def test_drafts_come_in_held_and_pages_when_asked(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    draft = wxr.item(1, status="draft", gmt="0000-00-00 00:00:00", link="https://lantern.example/?p=1")
    file = write(
        tmp_path / "x.xml", wxr.export(draft, wxr.item(2, type="page", slug="crew"), wxr.item(3, password="x"))
    )
    told = report(file, "--drafts", "--pages")
    assert told["new"] == 2 and told["left_out"] == {"password": 1}
    held, page = Article.objects.order_by("pk")
    assert held.state == ArticleState.HELD and "draft" in held.state_reason
    assert page.state == ArticleState.PUBLISHED
    assert set(OldAddress.objects.values_list("entry", flat=True)) == {page.entry_id}


@pytest.mark.parametrize(
    ("given", "value", "zone"),
    [
        ({"gmt": "2019-05-02 08:30:00"}, "2019-05-02T08:30:00Z", "Z"),
        (
            {"gmt": "0000-00-00 00:00:00", "pub": "Thu, 02 May 2019 10:30:00 +0200"},
            "2019-05-02T10:30:00+02:00",
            "+02:00",
        ),
        (
            {"gmt": "0000-00-00 00:00:00", "pub": "Mon, 30 Nov -0001 00:00:00 +0000", "date": "2019-05-02 10:30:00"},
            "2019-05-02T10:30:00",
            None,
        ),
        ({"gmt": "0000-00-00 00:00:00", "pub": "", "date": "0000-00-00 00:00:00"}, None, None),
    ],
)
def test_the_true_date_or_none(
    tmp_path: Path, report: Report, wxr: ModuleType, given: dict[str, str], value: str | None, zone: str | None
) -> None:
    report(write(tmp_path / "x.xml", wxr.export(wxr.item(1, **given))))
    published = record(Article.objects.get()).published
    assert (published.value if published else None) == value
    assert (published.zone if published else None) == zone


def test_pictures_are_wanted_and_not_fetched(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    content = (
        '[caption id="attachment_9"]<a href="https://lantern.example/q.jpg"><img src="https://lantern.example/q.jpg"'
        f' alt="Quay"/></a> The quay at dawn. Photo: Ada Lund[/caption]\n\n{wxr.TEXT}\n\n[gallery ids="11,10"]'
    )
    items = (
        wxr.item(1, content=content, extra=wxr.meta("_thumbnail_id", "12")),
        wxr.item(2, content=f"{wxr.TEXT}\n\n[gallery]"),
        wxr.attachment(10, "boat.jpg", "A boat"), wxr.attachment(11, "crane.jpg", "A crane", "The crane in spring"),
        wxr.attachment(12, "front.jpg", "The front"), wxr.attachment(13, "child.jpg", "A child", parent=2),
    )  # fmt: skip
    told = report(write(tmp_path / "x.xml", wxr.export(*items)))
    assert told["pictures_wanted"] == Image.objects.filter(state="wanted").count() == 5
    first, second = (record(article) for article in Article.objects.select_related("revision").order_by("pk"))
    uploads = "https://lantern.example/wp-content/uploads"
    assert first.lead_image is not None and first.lead_image.src == f"{uploads}/front.jpg"
    figures = [block.image for block in first.body if block.image]
    assert [figure.src for figure in figures] == [
        "https://lantern.example/q.jpg",
        f"{uploads}/crane.jpg",
        f"{uploads}/boat.jpg",
    ]
    assert (figures[0].caption, figures[0].credit) == ("The quay at dawn.", "Ada Lund")
    assert figures[1].caption == "The crane in spring"
    assert [block.image.src for block in second.body if block.image] == [f"{uploads}/child.jpg"] or (
        second.lead_image is not None and second.lead_image.src == f"{uploads}/child.jpg"
    )
    assert not LinkedPage.objects.exists()


def test_an_archive_is_never_polled_or_fetched(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    report(write(tmp_path / "x.xml", wxr.export(wxr.item(1, content="Short."))))
    feed = Feed.objects.get()
    assert feed.state == FeedState.IMPORTED
    assert edit.poll_soon([feed.pk]) == 0
    assert not due(datetime.now(UTC)).exists() and not LinkedPage.objects.exists()


def test_options_win_over_the_file(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    file = write(tmp_path / "x.xml", wxr.export(wxr.item(1)))
    report(file, "--source", "Estwick Archive", "--policy", "excerpt", "--language", "de", "--section", "old-times")
    article = Article.objects.select_related("source", "entry__feed").get()
    assert (article.source.name, article.source.policy, article.source.language) == ("Estwick Archive", "excerpt", "de")
    assert (article.entry.feed.language, article.entry.feed.section) == ("de", "old-times")


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    file = write(
        tmp_path / "x.xml", wxr.export(*(wxr.item(n, content="A [plugin id='1'] text.") for n in range(1, 26)))
    )
    dry = report(file, "--dry-run")
    assert dry["new"] == 25 and dry["healed"]["lost-shortcode"]["count"] == 25
    assert not Entry.objects.exists() and not Source.objects.exists() and not OldAddress.objects.exists()
    wet = report(file)
    assert {**dry, "dry_run": False, "stderr": ""} == {**wet, "stderr": ""}


def test_packed_exports_are_read(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    told = report(write(tmp_path / "x.xml.gz", gzip.compress(wxr.export(wxr.item(1), wxr.item(2)))))
    assert told["new"] == 2 and told["exit"] == 0


def test_a_run_that_was_killed_goes_on(
    tmp_path: Path, report: Report, wxr: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from masthead.cli import _import

    file = write(tmp_path / "x.xml", wxr.export(*(wxr.item(number) for number in range(1, 121))))
    calls = []

    def die(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return clean(*arguments, **options)

    monkeypatch.setattr(_import, "clean", die)
    with pytest.raises((KeyboardInterrupt, SystemExit, AssertionError, ValueError)):
        report(file)
    monkeypatch.setattr(_import, "clean", clean)
    assert Entry.objects.count() == 100 and Article.objects.count() < 100
    told = report(file)
    assert (told["new"], told["known"]) == (20, 100)
    assert Article.objects.count() == Entry.objects.count() == 120
    assert OldAddress.objects.count() == 240


def test_a_death_while_writing_leaves_nothing_half_done(
    tmp_path: Path, report: Report, wxr: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from masthead.entries import keep as module

    file = write(tmp_path / "x.xml", wxr.export(wxr.item(1)))

    def die(*_: Any) -> Any:
        raise MemoryError

    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(module, "_keep_addresses", die)
        report(file)
    assert not Entry.objects.exists()
    assert report(file)["new"] == 1


def test_an_item_known_by_its_feed_keeps_its_article_and_gets_the_old_address(
    tmp_path: Path, report: Report, wxr: ModuleType
) -> None:
    file = write(tmp_path / "x.xml", wxr.export(wxr.item(1)))
    report(file)
    # As if it had come by a feed that is polled.
    Feed.objects.update(state=FeedState.ACTIVE, url="https://lantern.example/feed/")
    OldAddress.objects.all().delete()
    told = report(file)
    assert (told["new"], told["known"], told["old_addresses"]) == (0, 1, 2)
    assert Article.objects.count() == 1 and OldAddress.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_archive_is_no_news(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    Endpoint.objects.create(kind=Endpoint.Kind.WEBHOOK, url="https://hook.example/", queued_revision=0)
    report(write(tmp_path / "x.xml", wxr.export(wxr.item(1))))
    queue(100)
    assert not Dispatch.objects.exists()
    Feed.objects.update(state=FeedState.ACTIVE)
    Endpoint.objects.update(queued_revision=0)
    queue(100)
    assert Dispatch.objects.count() == 1


def test_a_feed_that_repeats_an_imported_post_does_not_shorten_it(
    tmp_path: Path, report: Report, wxr: ModuleType
) -> None:
    report(write(tmp_path / "x.xml", wxr.export(wxr.item(1))))
    feed = Feed.objects.create(source=Source.objects.get(), url="https://lantern.example/feed/")
    body = (
        b'<rss version="2.0"><channel><title>The Lantern Post</title><link>https://lantern.example</link><item>'
        b"<title>Estwick dredges its channel, part 1</title><link>https://lantern.example/2019/05/report-1/</link>"
        b'<guid isPermaLink="false">https://lantern.example/?p=1</guid><description>Short.</description></item>'
        b"</channel></rss>"
    )
    now = datetime.now(UTC)
    Fetch.objects.create(feed=feed, started_at=now, status=200, body=pack(body), body_size=len(body))
    assert ingest().done == 1
    assert Entry.objects.count() == 1 and EntryVersion.objects.count() == 1


def test_authors_by_login_and_several_files_of_one_site(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    one = write(tmp_path / "1.xml", wxr.export(wxr.item(1, extra=wxr.meta("_thumbnail_id", "50"))))
    two = write(tmp_path / "2.xml", wxr.export(wxr.attachment(50, "far.jpg"), wxr.item(2)))
    assert report(one, two)["new"] == 2
    first = Article.objects.select_related("lead").order_by("pk")[0]
    assert first.lead is not None and first.lead.url.endswith("/far.jpg")
    assert Feed.objects.count() == 1
