"""Bodies become entries: who is who, what is a new version, what is missing. Each peer's reported fault is a case."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zstandard
from django.db import connections

from masthead.entries import ingest as ingest_module
from masthead.entries import queries
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry, EntryAlias, EntryVersion, LinkedPage, PageState
from masthead.entries.read import Body, Reading
from masthead.entries.storable import entry_from_record, unpack
from masthead.feeds.models import Feed, FeedState, Fetch, Source
from masthead.feeds.subscribe import Wish, subscribe
from masthead.store.workers import pool
from masthead.store.workers import run as workers

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
Arrive = Callable[..., Fetch]


def no_worker(*args: Any) -> Any:
    raise workers.Unavailable("no room")


LONG = "The harbour of the old town was closed for three weeks after the storm. " * 12


def day(number: int, hour: int = 9) -> str:
    return f"{number:02d} Nov 2026 {hour:02d}:00:00 GMT"


def item(title: str, **fields: str) -> dict[str, str]:
    return {"title": title, **fields}


@pytest.fixture
def feed(db: None) -> Feed:
    return subscribe(Wish("http://gazette.example/feed", source="Gazette")).feed


@pytest.fixture
def arrive(feed: Feed, rss: Any) -> Arrive:
    """A document of the feed arrives, an hour after the one before, and is read."""
    clock = iter(range(1, 10_000))

    def make(*items: dict[str, str], into: Feed | None = None, body: bytes | None = None, read: bool = True) -> Fetch:
        data = rss(*items) if body is None else body
        target = into or feed
        target.refresh_from_db()
        fetch = Fetch.objects.create(
            feed=target,
            started_at=START + timedelta(hours=next(clock)),
            status=200,
            final_url=target.url,
            body=zstandard.compress(data),
            body_size=len(data),
        )
        if read:
            ingest()
        fetch.refresh_from_db()
        return fetch

    return make


def titles() -> list[str]:
    """The newest headline of every entry, in the order in which they came."""
    return [
        version.record["title"]
        for entry in Entry.objects.order_by("pk")
        if (version := queries.newest_version(entry.pk))
    ]


def test_an_item_becomes_an_entry_with_its_bytes(arrive: Arrive, feed: Feed) -> None:
    fetch = arrive(item("Harbour reopens", guid="g1", link="http://gazette.example/1", description="Boats again."))
    assert (fetch.entries_seen, fetch.entries_new, fetch.entries_changed) == (1, 1, 0)
    entry = Entry.objects.get()
    version = EntryVersion.objects.get()
    assert entry.first_seen_at == entry.last_seen_at == fetch.started_at
    assert (entry.version, entry.cleaned_version, version.number, version.fetch_id) == (1, 0, 1, fetch.pk)
    assert b"Harbour reopens" in unpack(version.original)
    record = entry_from_record(version.record)
    assert (record.title, record.id, record.link) == ("Harbour reopens", "g1", "http://gazette.example/1")
    assert version.context["title"] == "The Scripted Gazette"
    assert version.context["url"] == feed.url


def test_the_same_document_again_changes_nothing(arrive: Arrive) -> None:
    items = [item(f"Report {n}", guid=f"g{n}", link=f"http://gazette.example/{n}") for n in range(5)]
    arrive(*items)
    second = arrive(*items)
    assert (second.entries_seen, second.entries_new, second.entries_changed) == (5, 0, 0)
    assert EntryVersion.objects.count() == 5
    assert set(Entry.objects.values_list("last_seen_at", flat=True)) == {second.started_at}


def test_an_edit_makes_a_version_even_without_a_new_date(arrive: Arrive) -> None:
    arrive(item("Harbour reopens", guid="g1", pubDate=day(3), description="Two boats."))
    Entry.objects.update(cleaned_version=1)
    second = arrive(item("Harbour reopens", guid="g1", pubDate=day(3), description="Three boats."))
    entry = Entry.objects.get()
    assert second.entries_changed == 1
    assert (entry.version, entry.cleaned_version) == (2, 0)
    assert [v.number for v in queries.versions(entry.pk)] == [2, 1]


@pytest.mark.parametrize(
    "churn",
    [
        {"pubDate": day(5)},
        {"category": "Other"},
        {"description": "Two  boats.\n\n"},
        {"description": "&lt;p class='x'&gt;Two boats.&lt;/p&gt;"},
        {"description": "Two boats.&lt;img src='https://cdn7.example/a/b.jpg?token=9'&gt;"},
        {"link": "http://gazette.example/1?utm_source=rss&amp;utm_medium=feed#top"},
        {"link": "https://www.gazette.example/1/"},
    ],
)
def test_churn_makes_no_version(arrive: Arrive, churn: dict[str, str]) -> None:
    before = {"pubDate": day(3), "category": "News", "description": "Two boats.", "link": "http://gazette.example/1"}
    if "img" in churn.get("description", ""):
        before["description"] = "Two boats.&lt;img src='https://cdn1.example/c/b.jpg?token=1'&gt;"
    arrive(item("Harbour reopens", guid="g1", **before))
    assert arrive(item("Harbour reopens", guid="g1", **(before | churn))).entries_changed == 0
    assert EntryVersion.objects.count() == 1


def test_an_entry_that_churns_at_every_poll_is_bounded(arrive: Arrive) -> None:
    for n in range(40):
        arrive(item("Weather", guid="g1", description=f"{n} degrees"))
    assert EntryVersion.objects.count() < 25


def test_a_guid_that_changes_with_the_headline_is_the_same_item(arrive: Arrive) -> None:
    link = "http://gazette.example/2026/harbour"
    arrive(item("Harbour reopens", guid="harbour-reopens", link=link))
    arrive(item("Harbour reopens at last", guid="harbour-reopens-at-last", link=link))
    arrive(item("Harbour opens", guid="harbour-opens", link=link))
    assert titles() == ["Harbour opens"]
    assert Entry.objects.get().version == 3


def test_http_to_https_is_the_same_item(arrive: Arrive) -> None:
    arrive(item("Harbour reopens", guid="http://gazette.example/?p=1", link="http://gazette.example/1"))
    arrive(item("Harbour reopens", guid="https://gazette.example/?p=1", link="https://gazette.example/1"))
    arrive(item("Harbour reopens", guid="https://www.gazette.example/?p=1", link="https://gazette.example/1/"))
    assert titles() == ["Harbour reopens"]
    assert EntryVersion.objects.count() == 1


def test_one_guid_for_all_items(arrive: Arrive) -> None:
    def document(*names: str) -> Fetch:
        return arrive(
            *(item(f"Report {n}", guid="http://gazette.example/", link=f"http://gazette.example/{n}") for n in names)
        )

    assert document("a", "b", "c").entries_new == 3
    assert document("d", "a", "b").entries_new == 1
    assert document("e").entries_new == 1
    assert document("f", "e").entries_new == 1
    assert titles() == [f"Report {n}" for n in "abcdef"]
    assert EntryVersion.objects.count() == 6


def test_one_guid_and_one_link_for_all_items(arrive: Arrive) -> None:
    def document(*names: str) -> Fetch:
        return arrive(*(item(f"Report about {n}", guid="same", link="http://gazette.example/") for n in names))

    document("apples", "boats", "clouds")
    assert document("doves", "apples", "boats").entries_new == 1
    assert len(titles()) == 4


@pytest.mark.parametrize("fields", [{}, {"link": "http://gazette.example/"}])
def test_no_guid_and_no_link_of_its_own(arrive: Arrive, fields: dict[str, str]) -> None:
    arrive(*(item(name, description=f"About {name}.", pubDate=day(3), **fields) for name in ("Apples", "Boats")))
    second = arrive(
        *(item(name, description=f"About {name}!", pubDate=day(4), **fields) for name in ("Boats", "Clouds"))
    )
    assert (second.entries_new, second.entries_changed) == (1, 1)
    assert titles() == ["Apples", "Boats", "Clouds"]


def test_nothing_but_text(arrive: Arrive) -> None:
    document = [{"description": f"Short note about {name}."} for name in ("apples", "boats")]
    assert arrive(*document).entries_new == 2
    assert arrive(*document).entries_new == 0


def test_a_repeated_item_is_one(arrive: Arrive) -> None:
    one = item("Harbour reopens", guid="g1", link="http://gazette.example/1")
    assert arrive(one, one, one).entries_new == 1
    retitled = item("Harbour reopens today", guid="g2", link="http://gazette.example/2")
    again = item("Harbour reopens today (updated)", guid="g2", link="http://gazette.example/2")
    assert arrive(retitled, again).entries_new == 1


def test_a_guid_given_to_a_new_article(arrive: Arrive) -> None:
    arrive(item("Harbour reopens", guid="lead", link="http://gazette.example/1", pubDate=day(3), description=LONG))
    text = "Parliament has voted for the new budget after a debate that lasted all night. " * 8
    second = arrive(
        item("Budget passed", guid="lead", link="http://gazette.example/2", pubDate=day(5), description=text)
    )
    assert second.entries_new == 1
    third = arrive(
        item("Budget passed", guid="lead", link="http://gazette.example/2", pubDate=day(5), description=text)
    )
    assert (third.entries_new, third.entries_changed) == (0, 0)
    assert titles() == ["Harbour reopens", "Budget passed"]
    corrected = arrive(
        item("Budget passed", guid="lead", link="http://gazette.example/2", pubDate=day(5), description=text + "Yes.")
    )
    assert (corrected.entries_new, corrected.entries_changed) == (0, 1)


def test_a_rewritten_article_stays_the_same_article(arrive: Arrive) -> None:
    arrive(item("Explosion reported near port", guid="g1", link="http://gazette.example/1", pubDate=day(3, 9)))
    arrive(item("Gas leak blamed, says mayor", guid="g1", link="http://gazette.example/1", pubDate=day(3, 12)))
    assert titles() == ["Gas leak blamed, says mayor"]


def test_small_guids_of_two_feeds_of_a_source_are_two_items(arrive: Arrive) -> None:
    other = subscribe(Wish("http://gazette.example/sport", source="Gazette")).feed
    arrive(item("Harbour reopens", guid="1", link="http://gazette.example/1"))
    arrive(item("Home win", guid="1", link="http://gazette.example/sport/1"), into=other)
    assert titles() == ["Harbour reopens", "Home win"]


def test_an_item_in_two_feeds_of_a_source_is_one(arrive: Arrive, feed: Feed) -> None:
    other = subscribe(Wish("http://gazette.example/world", source="Gazette")).feed
    arrive(
        item("Harbour reopens", guid="http://gazette.example/?p=1", link="http://gazette.example/1", description=LONG)
    )
    short = item(
        "Harbour reopens", guid="http://gazette.example/?p=1", link="http://gazette.example/1", description="Short."
    )
    second = arrive(short, into=other)
    assert (second.entries_new, second.entries_changed) == (0, 0)
    assert Entry.objects.get().feed_id == feed.pk


def test_the_same_item_of_two_sources_is_two(arrive: Arrive) -> None:
    other = subscribe(Wish("http://courier.example/feed", source="Courier")).feed
    same = item("Harbour reopens", guid="http://agency.example/1", link="http://agency.example/1")
    arrive(same)
    arrive(same, into=other)
    assert Entry.objects.count() == 2


def test_a_feed_that_moved_brings_nothing_twice(arrive: Arrive, feed: Feed) -> None:
    arrive(
        item("Harbour reopens", guid="http://gazette.example/?p=1", link="http://gazette.example/1", description="One.")
    )
    Feed.objects.filter(pk=feed.pk).update(state=FeedState.GONE)
    new = subscribe(Wish("https://gazette.example/rss.xml", source="Gazette")).feed
    changed = item(
        "Harbour reopens", guid="https://gazette.example/?p=1", link="https://gazette.example/1", description="Two."
    )
    assert arrive(changed, into=new).entries_changed == 1
    assert Entry.objects.get().feed_id == new.pk


def test_an_item_that_vanished_between_others_is_missing(arrive: Arrive) -> None:
    items = [item(f"Report {n}", guid=f"g{n}", pubDate=day(n)) for n in range(9, 3, -1)]
    arrive(*items)
    second = arrive(*(i for i in items if i["guid"] != "g7"))
    missing = Entry.objects.exclude(missing_since=None)
    assert [queries.newest_version(e.pk).record["title"] for e in missing] == ["Report 7"]  # type: ignore[union-attr]
    assert missing[0].missing_since == second.started_at
    arrive(*items)
    assert not Entry.objects.exclude(missing_since=None).exists(), "it came back"


def test_an_item_that_grew_old_is_not_missing(arrive: Arrive) -> None:
    items = [item(f"Report {n}", guid=f"g{n}", pubDate=day(n)) for n in range(1, 12)]
    for first in range(6):
        arrive(*items[first : first + 5])
    assert not Entry.objects.exclude(missing_since=None).exists()


def test_an_old_item_pinned_on_top_makes_no_other_missing(arrive: Arrive) -> None:
    pinned = [item("Write to us", guid="p", pubDate="01 Feb 2019 09:00:00 GMT")]
    items = [item(f"Report {n}", guid=f"g{n}", pubDate=day(n)) for n in range(20, 0, -1)]
    for first in range(12, 0, -1):
        arrive(*pinned, *items[first : first + 6])
    assert not Entry.objects.exclude(missing_since=None).exists()


def test_in_a_feed_in_the_order_of_change_what_was_not_changed_falls_off(arrive: Arrive) -> None:
    def changed(n: int, at: int) -> dict[str, str]:
        return item(f"Report {n}", guid=f"g{n}", pubDate=day(n), **{"atom:updated": f"2026-11-{at:02d}T10:00:00Z"})

    arrive(*(changed(n, n) for n in range(9, 3, -1)))
    arrive(*(changed(n, n + 10) for n in range(8, 3, -1)))
    assert not Entry.objects.exclude(missing_since=None).exists()


def test_a_feed_begun_anew_says_nothing_of_its_items(arrive: Arrive) -> None:
    arrive(*(item(f"Report {n}", guid=f"g{n}", pubDate=day(n)) for n in range(5, 15)))
    arrive(item("Welcome", guid="w", pubDate=day(1)))
    assert not Entry.objects.exclude(missing_since=None).exists()


def test_undated_items_are_never_missing(arrive: Arrive) -> None:
    arrive(*(item(f"Report {n}", guid=f"g{n}") for n in range(5)))
    arrive(*(item(f"Report {n}", guid=f"g{n}") for n in (0, 1, 3, 4)))
    assert not Entry.objects.exclude(missing_since=None).exists()


def test_the_feed_fills_what_the_operator_left_open(arrive: Arrive, rss: Any) -> None:
    other = subscribe(Wish("http://www.courier.example/feed")).feed
    assert other.source.name == "courier.example"
    channel = "<language>de-AT</language><ttl>90</ttl><copyright>© Courier</copyright>"
    arrive(into=other, body=rss(item("Eins", guid="1"), title="Der Courier", channel=channel))
    other = Feed.objects.select_related("source").get(pk=other.pk)
    assert (other.title, other.language, other.hints["ttl"]) == ("Der Courier", "de-AT", 90)
    assert (other.source.name, other.source.slug, other.source.language) == ("Der Courier", "der-courier", "de-AT")
    assert other.source.home_url == "http://gazette.example/"
    Source.objects.filter(pk=other.source_id).update(name="Courier", description="Ours")
    arrive(into=other, body=rss(item("Zwei", guid="2"), title="Ganz neuer Name"))
    source = Source.objects.get(pk=other.source_id)
    assert (source.name, source.description, source.slug) == ("Courier", "Ours", "der-courier")


@pytest.mark.parametrize(
    ("mode", "content", "wanted"),
    [
        ("auto", "Just a teaser.", True),
        ("auto", LONG, True),
        ("auto", LONG * 4, False),
        ("auto", LONG * 4 + "and then […]", True),
        ("auto", LONG * 4 + "Read more", True),
        ("on", LONG * 4, True),
        ("off", "Just a teaser.", False),
    ],
)
def test_when_the_page_is_wanted(arrive: Arrive, feed: Feed, mode: str, content: str, wanted: bool) -> None:
    Feed.objects.update(full_text=mode)
    fetch = arrive(item("Harbour reopens", guid="g1", link="http://gazette.example/1", description=content))
    entry = Entry.objects.get()
    assert LinkedPage.objects.filter(entry=entry, url="http://gazette.example/1").exists() is wanted
    assert entry.clean_after == (fetch.started_at + timedelta(minutes=3) if wanted else None)


def test_an_item_without_an_address_wants_no_page(arrive: Arrive) -> None:
    arrive(item("Harbour reopens", guid="g1", link="javascript:alert(1)"))
    assert not LinkedPage.objects.exists()


def test_a_page_that_was_had_rests_for_an_hour_whatever_becomes_of_its_item(arrive: Arrive) -> None:
    link = "http://gazette.example/1"
    first = arrive(item("Harbour reopens", guid="g1", link=link, description="Two boats."))
    had = first.started_at + timedelta(minutes=30)
    kept = {"body": b"x", "fetched_at": had, "asked_at": had, "etag": '"1"', "final_url": link}
    LinkedPage.objects.update(state=PageState.READY, due_at=None, **kept)
    second = arrive(item("Harbour reopens", guid="g1", link=link, description="Three boats."))
    page, entry = LinkedPage.objects.get(), Entry.objects.get()
    assert (page.state, page.due_at) == (PageState.WANTED, had + timedelta(hours=1)) and page.due_at > second.started_at
    assert entry.clean_after is None, "the article is made with the page that is here"
    assert (page.body, page.etag) == (b"x", '"1"')
    third = arrive(item("Harbour reopens", guid="g1", link=link, description="Four boats."))
    page.refresh_from_db()
    assert page.due_at == third.started_at, "the hour is over"
    arrive(item("Harbour reopens", guid="g1", link="http://gazette.example/2", description="Five boats."))
    page.refresh_from_db()
    assert page.url.endswith("/2") and not page.etag and page.asked_at is None, "another page, other validators"


@pytest.mark.parametrize(
    ("mode", "statuses", "days", "wanted"),
    [
        ("auto", [403] * 5, 1, False),
        ("auto", [403, 401, 402, 451, 403], 1, False),
        ("auto", [403] * 4, 1, True),
        ("auto", [200, 403, 403, 403, 403], 1, True),
        ("auto", [404] * 5, 1, True),
        ("auto", [403] * 5, 8, True),
        ("on", [403] * 5, 1, True),
    ],
)
def test_pages_that_are_refused_again_and_again_are_left_alone_for_a_week(
    arrive: Arrive, feed: Feed, mode: str, statuses: list[int], days: int, wanted: bool
) -> None:
    Feed.objects.update(full_text=mode)
    items = [item(f"Report {n}", guid=f"g{n}", link=f"http://gazette.example/{n}") for n in range(len(statuses))]
    before = arrive(*items)
    for page, status in zip(LinkedPage.objects.order_by("pk"), statuses, strict=True):
        asked = before.started_at - timedelta(days=days)
        LinkedPage.objects.filter(pk=page.pk).update(state=PageState.FAILED, status=status, asked_at=asked)
    arrive(item("Fresh", guid="fresh", link="http://gazette.example/fresh", description="A teaser."))
    assert LinkedPage.objects.filter(url="http://gazette.example/fresh").exists() is wanted
    told = queries.pages_left_alone(feed.pk, before.started_at)
    assert ("refused the last 5 (" in told) is (
        days < 7 and statuses.count(200) + statuses.count(404) == 0 and len(statuses) == 5
    )


@pytest.mark.parametrize(
    ("mode", "gave", "days", "wanted"),
    [
        ("auto", [False] * 10, 1, False),
        ("auto", [None] + [False] * 10, 1, False),
        ("auto", [False] * 9, 1, True),
        ("auto", [False] * 9 + [True], 1, True),
        ("auto", [True] + [False] * 10, 1, False),
        ("auto", [False] * 10, 31, True),
        ("on", [False] * 10, 1, True),
    ],
)
def test_pages_that_say_no_more_than_their_items_are_left_alone_for_a_month(
    arrive: Arrive, feed: Feed, mode: str, gave: list[bool | None], days: int, wanted: bool
) -> None:
    """`gave`: whether each page gave its article the text, the first asked first."""
    Feed.objects.update(full_text=mode)
    items = [item(f"Notice {n}", guid=f"g{n}", link=f"http://gazette.example/{n}") for n in range(len(gave))]
    before = arrive(*items)
    for place, (page, gave_text) in enumerate(zip(LinkedPage.objects.order_by("pk"), gave, strict=True)):
        asked = before.started_at - timedelta(days=days) + timedelta(seconds=place)
        fields = {"state": PageState.READY, "status": 200, "asked_at": asked, "gave_text": gave_text}
        LinkedPage.objects.filter(pk=page.pk).update(**fields)
    arrive(item("Fresh", guid="fresh", link="http://gazette.example/fresh", description="A teaser."))
    assert LinkedPage.objects.filter(url="http://gazette.example/fresh").exists() is wanted
    if mode == "auto":
        assert ("the last 10 said no more" in queries.pages_left_alone(feed.pk, before.started_at)) is not wanted


def test_what_is_no_feed_is_told_and_kept(arrive: Arrive, feed: Feed) -> None:
    fetch = arrive(body=b"404, sorry")
    assert fetch.ingested_at is not None and fetch.ingest_error and fetch.body is not None
    feed.refresh_from_db()
    assert feed.state == FeedState.REFUSED and feed.reason


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("raise", "RecursionError: too deep"),
        ("spin", "more than 0.5 s of processor time"),
        ("eat", "MB of memory"),
        ("segfault", "SIGSEGV"),
    ],
)
def test_a_body_that_breaks_its_worker_stops_nothing_else(
    arrive: Arrive, feed: Feed, monkeypatch: pytest.MonkeyPatch, word: str, reason: str
) -> None:
    monkeypatch.setattr(ingest_module, "READ", workers.Task("breaking:read", Body, Reading, seconds=0.5))
    other = subscribe(Wish("http://other.example/feed", source="Other")).feed
    bad = arrive(body=b"\n<!-- do " + word.encode() + b"-->\n<rss/>", read=False)
    for n in range(20):
        arrive(item(f"Good {n}", guid=f"g{n}"), into=other, read=False)
    outcome = ingest()
    assert (outcome.done, outcome.failed) == (20, 1)
    assert titles() == [f"Good {n}" for n in range(20)]
    bad.refresh_from_db()
    feed.refresh_from_db()
    assert reason in bad.ingest_error and bad.body is not None
    assert reason in feed.reason and feed.state == FeedState.ACTIVE and feed.failures == 1
    assert ingest().done == 0, "it is not tried for ever"


def test_when_no_worker_can_be_had_bodies_wait(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = arrive(item("Harbour reopens", guid="g1"), read=False)
    monkeypatch.setattr(pool.Pool, "lease", no_worker)
    with pytest.raises(workers.Unavailable):
        ingest()
    monkeypatch.undo()
    waiting.refresh_from_db()
    assert waiting.ingested_at is None
    assert ingest().done == 1


def test_a_body_that_is_damaged_in_our_own_store_is_told(arrive: Arrive) -> None:
    bad = arrive(item("Bad", guid="b"), read=False)
    Fetch.objects.filter(pk=bad.pk).update(body=b"no zstandard")
    arrive(item("Good", guid="g"), read=False)
    outcome = ingest()
    assert (outcome.done, outcome.failed) == (1, 1)
    bad.refresh_from_db()
    assert "damaged" in bad.ingest_error


@pytest.mark.parametrize("step", ["match_items", "mark_missing", "verdict.accept"])
def test_a_death_on_the_way_leaves_the_body_to_be_read(
    arrive: Arrive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    arrive(item("Harbour reopens", guid="g1"), read=False)

    def die(*args: Any, **kwargs: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(f"masthead.entries.ingest.{step}", die)
        with pytest.raises(SystemExit):
            ingest()
    assert not Entry.objects.exists()
    assert ingest().done == 1
    assert titles() == ["Harbour reopens"]
    assert EntryVersion.objects.count() == EntryAlias.objects.filter(kind="guid").count() == 1


def test_bodies_of_a_feed_are_read_in_order(arrive: Arrive) -> None:
    arrive(item("Old", guid="g1", description="1"), read=False)
    second = arrive(item("Old", guid="g1", description="2"), read=False)
    assert ingest_module.ingest_fetch(second.pk)
    second.refresh_from_db()
    assert second.ingested_at is None, "it waits for the one before"
    ingest()
    assert Entry.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_everything_once(rss: Any) -> None:
    feeds = [subscribe(Wish(f"http://paper{n}.example/feed", source=f"Paper {n % 3}")).feed for n in range(9)]
    for round_ in range(3):
        for feed in feeds:
            data = rss(*(item(f"Report {n} {round_}", guid=f"g{n}", link=f"{feed.url}/{n}") for n in range(8)))
            Fetch.objects.create(
                feed=feed, started_at=START + timedelta(hours=round_), status=200, final_url=feed.url,
                body=zstandard.compress(data), body_size=len(data),
            )  # fmt: skip
    errors: list[BaseException] = []
    start = threading.Barrier(3)

    def run() -> None:
        try:
            start.wait()
            while ingest(limit=5).more:
                pass
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while ingest().more:
        pass
    assert errors == []
    assert not Fetch.objects.filter(ingested_at=None).exists()
    assert not Fetch.objects.exclude(ingest_error="").exists()
    assert Entry.objects.count() == 72
    assert EntryVersion.objects.count() == 72 * 3
    assert set(Entry.objects.values_list("version", flat=True)) == {3}


def test_hostile_shapes_are_held(arrive: Arrive) -> None:
    equal = arrive(*(item(f"Report {n}", guid="x" * 100_000, link=f"http://gazette.example/{n}") for n in range(30)))
    assert equal.entries_new == 30
    strange = arrive(
        item("NUL \ufffd \u202e\u200b name", guid="g\ufffd", link="http://[::1", description="&#0;&#xD800;")
    )
    assert strange.ingest_error == "" and strange.entries_new == 1
    dates = arrive(
        item("First", guid="d1", pubDate="Mon, 01 Jan 0001 00:00:00 GMT"),
        item("Last", guid="d2", pubDate="Fri, 31 Dec 9999 23:59:59 GMT"),
    )
    assert dates.entries_new == 2


def test_many_items_are_read_in_bounded_queries(arrive: Arrive, django_assert_max_num_queries: Any) -> None:
    items = [item(f"Report {n}", guid=f"g{n}", link=f"http://gazette.example/{n}") for n in range(400)]
    with django_assert_max_num_queries(60):
        arrive(*items)
    with django_assert_max_num_queries(45):
        assert arrive(*items).entries_new == 0
