from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.articles import clean as clean_module
from masthead.articles import takedown
from masthead.articles.clean import clean
from masthead.articles.make import Making, Material
from masthead.articles.models import Article, Image, Revision, ShortLink
from masthead.articles.queries import visible
from masthead.core.records import article_from_json
from masthead.entries.models import Entry, EntryVersion, LinkedPage, PageState
from masthead.entries.storable import pack
from masthead.feeds.models import Feed, Source
from masthead.store.workers import run as workers

pytestmark = pytest.mark.django_db
SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
TEXT = (
    "<p>The council of Oberwald voted on Monday to rebuild the old bridge over the river.</p>"
    "<p>Work begins in April and will last until the end of the year, the mayor said.</p>"
    "<p>The bridge was closed after the flood of last summer damaged two of its piers.</p>"
)


def make_entry(record: dict[str, Any], *, number: int = 1, entry: Entry | None = None, **source: Any) -> Entry:
    if entry is None:
        publisher = Source.objects.create(
            name="Oberwald Courier",
            slug=f"courier-{Source.objects.count()}",
            home_url="https://courier.example/",
            **source,
        )
        feed = Feed.objects.create(source=publisher, url=f"https://courier.example/feed{publisher.pk}")
        entry = Entry.objects.create(
            feed=feed, source=publisher, key=f"{publisher.pk:064d}", first_seen_at=SEEN, last_seen_at=SEEN
        )
    EntryVersion.objects.create(
        entry=entry,
        number=number,
        received_at=SEEN + timedelta(hours=number - 1),
        original=b"",
        record=record,
        context={"title": "Courier", "link": "https://courier.example/", "language": "en"},
        digest=str(number),
    )
    Entry.objects.filter(pk=entry.pk).update(version=number, cleaned_version=0)
    entry.refresh_from_db()
    return entry


def item(**changes: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "link": "https://courier.example/bridge?utm_source=rss",
        "title": "Council votes to rebuild the bridge",
        "published": "2024-03-05T09:00:00+01:00",
        "content_html": TEXT,
        **changes,
    }


def test_an_entry_becomes_an_article_once() -> None:
    make_entry(item())
    assert clean().done == 1
    assert clean().done == 0
    article = Article.objects.get()
    assert article.title == "Council votes to rebuild the bridge"
    assert article.slug == "council-votes-to-rebuild-the-bridge"
    assert article.canonical_url == "https://courier.example/bridge"
    assert article.published_at == datetime(2024, 3, 5, 8, 0, tzinfo=UTC)
    assert article.revision is not None and article.revision.number == 1
    assert article_from_json(article.revision.document).body[0].type == "paragraph"
    assert ShortLink.objects.get().article == article


def test_white_space_makes_no_revision_and_a_changed_word_does() -> None:
    entry = make_entry(item())
    clean()
    make_entry(item(content_html=TEXT.replace("</p><p>", "</p>\n\n  <p>")), number=2, entry=entry)
    clean()
    assert Revision.objects.count() == 1
    pk = Article.objects.get().pk
    make_entry(item(content_html=TEXT.replace("April", "May")), number=3, entry=entry)
    clean()
    article = Article.objects.get()
    assert article.pk == pk
    assert article.revision is not None and article.revision.number == 2
    assert article.revision.changed == ["body"]
    assert article.changed_at == SEEN + timedelta(hours=2)


def test_a_bad_entry_does_not_block_the_others(caplog: pytest.LogCaptureFixture) -> None:
    bad = make_entry({"title": 5})
    make_entry(item())
    outcome = clean()
    assert (outcome.done, outcome.failed) == (1, 1)
    bad.refresh_from_db()
    assert bad.cleaned_version == -1
    assert "ValidationError" in bad.clean_error


@pytest.mark.parametrize(
    ("word", "reason"),
    [("spin-in-c", "more than 0.5 s of processor time"), ("eat", "MB of memory"), ("abort", "SIGABRT")],
)
def test_an_entry_that_breaks_its_worker_does_not_block_the_others(
    monkeypatch: pytest.MonkeyPatch, word: str, reason: str
) -> None:
    monkeypatch.setattr(clean_module, "MAKE", workers.Task("breaking:make", Material, Making, seconds=0.5))
    bad = make_entry(item(title=f"do {word}"))
    for _ in range(10):
        make_entry(item())
    outcome = clean()
    assert (outcome.done, outcome.failed) == (10, 1)
    bad.refresh_from_db()
    assert bad.cleaned_version == -1 and reason in bad.clean_error
    assert clean().failed == 0, "it is not tried for ever"


def test_a_page_that_comes_while_an_article_is_made_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = make_entry(item(content_html="<p>A summary.</p>"))
    stream = workers.stream

    def late(task: Any, asked: Any) -> Any:
        for taken, made in stream(task, asked):
            page = f"<html><body><article><h1>Council votes to rebuild the bridge</h1>{TEXT}</article></body></html>"
            LinkedPage.objects.create(
                entry=entry, url="https://courier.example/bridge", state=PageState.READY, body=pack(page.encode()),
                content_type="text/html", fetched_at=SEEN,
            )  # fmt: skip
            yield taken, made

    with monkeypatch.context() as patch:
        patch.setattr(workers, "stream", late)
        assert clean().done == 0
    assert clean().done == 1
    revision = Article.objects.get().revision
    assert revision is not None and revision.page_at == SEEN and "Work begins in April" in str(revision.document)
    assert LinkedPage.objects.get(entry=entry).gave_text is True


@pytest.mark.parametrize("said", ["", "<p>The council voted.</p>", "<p>Members only. Subscribe to read on.</p>"])
def test_a_page_that_says_no_more_than_its_item_is_noted(said: str) -> None:
    entry = make_entry(item(content_html=TEXT))
    page = f"<html><body><article><h1>Council votes to rebuild the bridge</h1>{said}</article></body></html>"
    LinkedPage.objects.create(
        entry=entry, url="https://courier.example/bridge", state=PageState.READY, body=pack(page.encode()),
        content_type="text/html", fetched_at=SEEN,
    )  # fmt: skip
    clean()
    assert LinkedPage.objects.get(entry=entry).gave_text is False


def test_pictures_are_wanted_only_where_they_may_be_shown() -> None:
    picture = '<figure><img src="/bridge.jpg" width="800" height="500"><figcaption>The bridge</figcaption></figure>'
    make_entry(item(content_html=picture + TEXT))
    make_entry(item(content_html=picture.replace("bridge.jpg", "other.jpg") + TEXT), show_images=False)
    clean()
    assert [image.url for image in Image.objects.all()] == ["https://courier.example/bridge.jpg"]


def test_embargo_and_takedown_hide_an_article() -> None:
    make_entry(item(), embargo_minutes=60)
    clean()
    assert not visible(now=SEEN + timedelta(minutes=59)).exists()
    article = visible(now=SEEN + timedelta(minutes=60)).get()
    takedown.withdraw(article, "A court ordered it.")
    assert not visible().exists()
    takedown.restore(article)
    assert visible().exists()
    with pytest.raises(ValueError, match="say why"):
        takedown.withdraw(article, "  ")


def test_an_item_without_title_gets_its_first_words() -> None:
    make_entry(item(title=""))
    clean()
    assert Article.objects.get().title.startswith("The council of Oberwald voted")


@pytest.mark.parametrize(("subscribed", "older"), [(timedelta(days=9), 0), (timedelta(hours=1), 3), (timedelta(0), 3)])
def test_an_undated_item_is_news_only_in_a_feed_that_was_watched(subscribed: timedelta, older: int) -> None:
    make_entry(item(published=None))
    Feed.objects.update(created_at=SEEN - subscribed)
    clean()
    article = Article.objects.get()
    assert article.published_at is None
    assert article.sort_at == SEEN - timedelta(days=older)


def test_a_report_that_its_publisher_dates_anew_does_not_move_up() -> None:
    entry = make_entry(item())
    clean()
    before = Article.objects.get().sort_at
    make_entry(item(published="2024-03-05T11:30:00Z"), number=2, entry=entry)
    clean()
    article = Article.objects.get()
    assert article.published_at == datetime(2024, 3, 5, 11, 30, tzinfo=UTC)
    assert (article.sort_at, article.revision is not None and article.revision.number) == (before, 2)
    make_entry(item(published="2024-03-01T11:30:00Z"), number=3, entry=entry)
    clean()
    assert Article.objects.get().sort_at == datetime(2024, 3, 1, 11, 30, tzinfo=UTC)
