"""An address that turned out to be a page leads to its feed, by polls like any other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.entries.ingest import ingest
from masthead.entries.models import Entry
from masthead.feeds import edit, seek
from masthead.feeds.models import Feed, FeedState
from masthead.feeds.poll import poll_due
from masthead.feeds.subscribe import Wish, subscribe

pytestmark = pytest.mark.usefixtures("quick")
START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ITEM = {"title": "Harbour reopens", "link": "http://gazette.example/harbour", "guid": "g1"}
Enter = Callable[..., Feed]


@pytest.fixture
def enter(db: None, clock: Any, publisher: Any) -> Enter:
    def make(path: str = "/", **wish: str) -> Feed:
        return subscribe(Wish(publisher.url(path), **wish)).feed

    return make


def work(feed: Feed) -> None:
    """Poll and read, as the pipeline does, until nothing is due."""
    for _ in range(20):
        outcome = poll_due()
        ingest()
        if not outcome.done and not outcome.failed:
            break
    feed.refresh_from_db()


def page(publisher: Any, reply: Any, *links: str, path: str = "/") -> None:
    head = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}" title="{link}">' for link in links)
    html = f"<!doctype html><html><head><title>Gazette</title>{head}</head><body><p>Hello</p></body></html>"
    publisher.on(path, reply(body=html.encode(), headers=[("Content-Type", "text/html")]))


def asked(publisher: Any) -> list[str]:
    return [one.path for one in publisher.asked]


def test_a_page_that_names_one_feed_becomes_that_feed(enter: Enter, publisher: Any, reply: Any, rss: Any) -> None:
    page(publisher, reply, "/real.xml")
    publisher.on("/real.xml", reply(body=rss(ITEM), headers=[("ETag", '"r"')]))
    one = enter(section="world")
    work(one)
    assert (one.url, one.state, one.etag, one.section) == (publisher.url("/real.xml"), FeedState.ACTIVE, '"r"', "world")
    assert one.source.name == "The Scripted Gazette"
    assert asked(publisher) == ["/", "/real.xml"] and Entry.objects.count() == 1
    assert "seek" not in one.hints and not seek.offered(one)


def test_a_page_that_names_several_waits_for_a_choice(enter: Enter, publisher: Any, reply: Any, rss: Any) -> None:
    page(publisher, reply, "/news.xml", "/sport.xml", "/arts.xml")
    one = enter(section="world")
    work(one)
    assert one.state == FeedState.REFUSED and "names 3 feeds" in one.reason and one.due_at is None
    assert [offer.title for offer in seek.offered(one)] == ["/news.xml", "/sport.xml", "/arts.xml"]
    taken = edit.choose(one, [publisher.url("/sport.xml"), publisher.url("/arts.xml"), "http://never.example/"])
    assert [feed.url for feed in taken] == [publisher.url("/sport.xml"), publisher.url("/arts.xml")]
    assert taken[0].pk == one.pk and {feed.source_id for feed in taken} == {one.source_id}
    assert {feed.section for feed in taken} == {"world"}
    publisher.on("/sport.xml", reply(body=rss(ITEM)))
    work(one)
    assert one.state == FeedState.ACTIVE and one.succeeded_at is not None and asked(publisher).count("/") == 1


def test_a_page_that_names_none_tries_the_usual_places(enter: Enter, publisher: Any, reply: Any, rss: Any) -> None:
    page(publisher, reply)
    page(publisher, reply, path="/feed")
    publisher.on("/feed.xml", reply(body=rss(ITEM)))
    one = enter()
    work(one)
    assert (one.url, one.state, one.failures) == (publisher.url("/feed.xml"), FeedState.ACTIVE, 0)
    assert asked(publisher) == ["/", "/feed", "/rss", "/feed.xml"]
    assert {one.method for one in publisher.asked} == {"GET"} and publisher.most_under_way == 1


def test_nothing_anywhere_is_told_and_the_address_is_the_one_that_was_entered(
    enter: Enter, publisher: Any, reply: Any, rss: Any
) -> None:
    page(publisher, reply)
    one = enter()
    work(one)
    assert (one.url, one.state) == (publisher.url("/"), FeedState.REFUSED)
    assert "names no feed" in one.reason and len(publisher.asked) <= 9
    edit.poll_soon([one.pk])
    page(publisher, reply, "/new.xml")
    work(one)
    assert one.state == FeedState.REFUSED and "/new.xml cannot be read" in one.reason
    edit.poll_soon([one.pk])
    publisher.on("/new.xml", reply(body=rss(ITEM)))
    work(one)
    assert one.url == publisher.url("/new.xml"), "asked again, it looks again"


def test_an_end_of_410_at_a_usual_place_ends_no_feed(enter: Enter, publisher: Any, reply: Any, rss: Any) -> None:
    page(publisher, reply)
    publisher.on("/feed", reply(410))
    publisher.on("/rss", reply(body=rss(ITEM)))
    one = enter()
    work(one)
    assert (one.url, one.state) == (publisher.url("/rss"), FeedState.ACTIVE)


def test_a_host_that_asks_for_silence_has_it(enter: Enter, clock: Any, publisher: Any, reply: Any, rss: Any) -> None:
    page(publisher, reply)
    publisher.on("/feed", reply(429, headers=[("Retry-After", "7200")]))
    one = enter()
    work(one)
    assert asked(publisher) == ["/", "/feed"] and one.due_at is not None and one.due_at >= START + timedelta(hours=2)
    publisher.on("/feed", reply(body=rss(ITEM)))
    clock.move_to(one.due_at + timedelta(seconds=1))
    work(one)
    assert asked(publisher) == ["/", "/feed", "/feed"] and one.url == publisher.url("/feed")


def test_a_feed_that_we_have_is_recognised(enter: Enter, publisher: Any, reply: Any, rss: Any) -> None:
    publisher.on("/real.xml", reply(body=rss(ITEM)))
    known = enter("/real.xml/")
    page(publisher, reply, "/real.xml")
    one = enter()
    publisher.on("/real.xml/", reply(body=rss(ITEM)))
    work(one)
    assert one.state == FeedState.MERGED and f"feed {known.pk}" in one.reason and one.url == publisher.url("/")
    assert "/real.xml" not in asked(publisher)


def test_nothing_is_guessed_in_the_stead_of_a_feeds_own_address(enter: Enter, publisher: Any, reply: Any) -> None:
    page(publisher, reply, path="/old/feed.xml")
    one = enter("/old/feed.xml")
    work(one)
    assert one.state == FeedState.REFUSED and asked(publisher) == ["/old/feed.xml"] and "names no feed" in one.reason


def test_two_pages_that_name_each_other_end(enter: Enter, publisher: Any, reply: Any) -> None:
    page(publisher, reply, "/b")
    page(publisher, reply, "/", path="/b")
    one = enter()
    work(one)
    assert one.state == FeedState.REFUSED and len(publisher.asked) <= 10


def test_a_feed_that_worked_stays_and_offers_what_the_page_names(
    enter: Enter, clock: Any, publisher: Any, reply: Any, rss: Any
) -> None:
    publisher.on("/feed", reply(body=rss(ITEM)))
    one = enter("/feed")
    work(one)
    page(publisher, reply, "/moved.xml", path="/feed")
    assert one.due_at is not None
    clock.move_to(one.due_at + timedelta(seconds=1))
    work(one)
    assert (one.url, one.state, one.failures) == (publisher.url("/feed"), FeedState.ACTIVE, 1)
    assert [offer.url for offer in seek.offered(one)] == [publisher.url("/moved.xml")]
    assert "web page" in one.reason
