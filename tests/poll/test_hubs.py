"""WebSub: feeds that name several hubs, and feeds that call themselves by another address than theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest

from masthead.entries.ingest import ingest
from masthead.entries.models import Entry
from masthead.feeds.models import HUB_LIVE, Feed, HubState, HubSubscription, Source
from masthead.feeds.poll import poll_due
from masthead.feeds.subscribe import Wish, subscribe
from masthead.feeds.websub import alike, discover, keep, told

from .hub import Hub

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("site")]

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ITEM = {"title": "Harbour reopens", "link": "http://gazette.example/harbour", "guid": "g1"}
SECOND = {"title": "Ferry delayed by fog", "link": "http://gazette.example/ferry", "guid": "g2"}
THIRD = {"title": "Council votes on trams", "link": "http://gazette.example/trams", "guid": "g3"}
FOURTH = {"title": "Bridge painted", "link": "http://gazette.example/bridge", "guid": "g4"}


def work() -> None:
    poll_due()
    while ingest().more:
        pass


def live() -> HubSubscription:
    """The one subscription that is alive; there is never another."""
    return HubSubscription.objects.get(state__in=HUB_LIVE)


def words(feed: Feed) -> str:
    feed = Feed.objects.get(pk=feed.pk)
    return told.words(feed, told.current(feed))


def add(publisher: Any) -> Feed:
    feed = subscribe(Wish(publisher.url())).feed
    work()
    feed.refresh_from_db()
    return feed


# ---------------------------------------------------------------- several hubs


def test_of_several_hubs_one_is_asked(clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any) -> None:
    second = Hub(publisher, reply, "/hub-2")
    page(ITEM, hub="/hub /hub-2 /hub")
    feed = add(publisher)
    for _ in range(3):
        keep.keep()
    assert feed.hubs == [publisher.url("/hub"), publisher.url("/hub-2")]
    assert len(hub.forms) == 1 and not second.forms
    assert hub.verify().status == 200 and live().hub == feed.hub == publisher.url("/hub")


def test_hubs_under_tls_go_first_and_not_too_many_are_kept() -> None:
    links = ", ".join(f'<http{"s" * (n % 2)}://h{n}.example/>; rel="hub"' for n in range(9))
    said = discover.stated(
        alike.parse_feed(b'<rss version="2.0"><channel/></rss>'), {"link": links}, "https://f.example/"
    )
    assert said.hubs == ("https://h1.example/", "https://h3.example/", "https://h5.example/", "https://h7.example/")


@pytest.mark.parametrize("trouble", [500, 404, "silence", "denial"])
def test_when_the_first_hub_fails_the_next_is_tried(
    clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any, trouble: int | str
) -> None:
    second = Hub(publisher, reply, "/hub-2")
    page(ITEM, hub="/hub /hub-2")
    feed = add(publisher)
    hub.answer = hub.reply(trouble if isinstance(trouble, int) else 202)
    keep.keep()
    if trouble == "denial":
        asked = {"hub.mode": "denied", "hub.topic": hub.form["hub.topic"], "hub.reason": "Quota"}
        assert hub.call("GET", "?" + urlencode(asked)).status == 200
    elif trouble == "silence":
        assert not second.forms
        clock.shift(HOUR + timedelta(seconds=1))
        keep.keep()
    late = hub.verify()
    keep.keep()
    assert late.status == 404, "what was set aside is not confirmed any more"
    [form] = second.forms
    first = hub.form
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", publisher.url())
    assert form["hub.secret"] != first["hub.secret"] and form["hub.callback"] != first["hub.callback"]
    assert live().hub == publisher.url("/hub-2") and len(hub.forms) == 1
    assert "was set aside: " in words(feed) and "asked at" in words(feed)
    work()
    feed.refresh_from_db()
    assert feed.hub == publisher.url("/hub-2"), "reading the feed again does not turn it back"


def test_the_second_hub_delivers_and_the_first_is_not_believed_any_more(
    clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any
) -> None:
    second = Hub(publisher, reply, "/hub-2")
    page(ITEM, hub="/hub /hub-2")
    add(publisher)
    hub.answer = hub.reply(500)
    keep.keep()
    keep.keep()
    body = page(SECOND, ITEM, hub="/hub /hub-2")
    assert hub.push(body).status in (404, 410) and second.verify().status == 200
    assert second.push(body).status == 202
    ingest()
    assert Entry.objects.count() == 2 and live().state == HubState.HELD


def test_turning_to_and_fro_asks_no_hub_sooner_than_its_rest_allows(
    clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any
) -> None:
    times: dict[str, list[datetime]] = {"/hub": [], "/hub-2": []}

    def failing(asked: Any) -> Any:
        times[asked.path].append(datetime.now(UTC))
        return reply(500)

    publisher.on("/hub", failing)
    publisher.on("/hub-2", failing)
    page(ITEM, hub="/hub /hub-2")
    add(publisher)
    for _ in range(200):
        keep.keep()
        clock.shift(timedelta(minutes=15))
    assert times["/hub"][0] == times["/hub-2"][0] - timedelta(minutes=15) == START
    for asked in times.values():
        waits = [(after - before) / HOUR for before, after in pairwise(asked)]
        assert len(waits) >= 4 and all(wait >= 2**n for n, wait in enumerate(waits)), waits
    assert HubSubscription.objects.count() == 2


def test_a_hub_that_holds_the_subscription_is_not_left_for_a_failed_renewal(
    clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any
) -> None:
    second = Hub(publisher, reply, "/hub-2")
    page(ITEM, hub="/hub /hub-2")
    add(publisher)
    keep.keep()
    hub.verify()
    hub.answer = hub.reply(500)
    clock.move_to(START + 8 * DAY + HOUR)
    keep.keep()
    keep.keep()
    assert live().state == HubState.HELD and live().failures == 1 and not second.forms
    while live().state == HubState.HELD and datetime.now(UTC) < START + 11 * DAY:
        clock.shift(HOUR)
        keep.keep()
    clock.shift(2 * DAY)
    keep.keep()
    keep.keep()
    assert live().hub == publisher.url("/hub-2"), "once its lease ran out it is"


# ---------------------------------------------------------------- what a feed calls itself


def test_an_address_that_is_the_same_feed_is_its_topic(
    clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any
) -> None:
    body = page(THIRD, SECOND, ITEM, itself="/canonical")
    publisher.on("/canonical", reply(200, body))
    feed = add(publisher)
    assert feed.topic == "" and "which is looked at first" in words(feed)
    keep.keep()
    assert hub.form["hub.topic"] == publisher.url("/canonical")
    assert hub.verify().status == 200
    assert hub.push(page(FOURTH, THIRD, SECOND, ITEM, itself="/canonical")).status == 202
    ingest()
    assert Entry.objects.count() == 4, "what is pushed under that name is this feed's"
    for _ in range(40):
        clock.shift(12 * HOUR)
        work()
        keep.keep()
    assert len(publisher.asked_for("/canonical")) == 1, "it is looked at once a month at most"
    feed.refresh_from_db()
    assert feed.topic == publisher.url("/canonical"), "and polls do not take it back"


def test_an_address_that_leads_here_is_the_feeds_own(
    clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any
) -> None:
    page(ITEM, itself="/old-name")
    publisher.on("/old-name", reply(302, b"", [("Location", publisher.url())]))
    add(publisher)
    keep.keep()
    assert hub.form["hub.topic"] == publisher.url("/old-name")


@pytest.mark.parametrize(
    ("theirs", "changed", "why"),
    [
        ((FOURTH,), {}, "a feed of other items"),
        ((THIRD, FOURTH, SECOND, ITEM), {}, "a feed of other items"),
        ((THIRD, SECOND, ITEM), {"title": "The Whole House"}, "a feed of another title"),
        ((THIRD, SECOND, ITEM), {"itself": "/yet-another"}, "the feed there calls itself"),
    ],
)
def test_nobody_elses_topic_is_taken(
    clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any, theirs: Any, changed: Any, why: str
) -> None:
    other = page(*theirs, **({"itself": "/claimed"} | changed))
    publisher.on("/claimed", reply(200, other))
    page(THIRD, SECOND, ITEM, itself="/claimed")
    feed = add(publisher)
    for _ in range(3):
        keep.keep()
    assert not hub.forms and why in words(feed)
    assert len(publisher.asked_for("/claimed")) == 1


def test_a_page_a_refusal_and_trouble_are_no_feed(clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any) -> None:
    page(ITEM, itself="/claimed")
    publisher.on("/claimed", reply(503))
    feed = add(publisher)
    keep.keep()
    assert "which is looked at first" in words(feed), "trouble says nothing"
    publisher.on("/claimed", reply(200, b"<!doctype html><html><body>Hello</body></html>"))
    clock.shift(DAY + HOUR)
    keep.keep()
    assert "no feed stands there" in words(feed) and not hub.forms
    clock.shift(31 * DAY)
    publisher.on("/claimed", reply(404))
    keep.keep()
    assert "its server answered 404" in words(feed)


def test_an_address_that_another_feed_here_has_is_not_even_asked(
    clock: Any, publisher: Any, hub: Hub, page: Any
) -> None:
    source = Source.objects.create(name="Courier", slug="courier")
    other = Feed.objects.create(source=source, url=publisher.url("/claimed"), due_at=START + 9 * DAY)
    page(ITEM, itself="/claimed")
    feed = add(publisher)
    keep.keep()
    assert not hub.forms and not publisher.asked_for("/claimed")
    assert f"feed {other.pk} has that address" in words(feed)


def test_another_statement_is_looked_at_anew(clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any) -> None:
    publisher.on("/a", reply(200, page(THIRD, SECOND, ITEM, itself="/a")))
    feed = add(publisher)
    keep.keep()
    hub.verify()
    publisher.on("/b", reply(404))
    page(FOURTH, THIRD, SECOND, ITEM, itself="/b")
    feed.refresh_from_db()
    clock.move_to(max(feed.due_at, feed.not_before) + timedelta(seconds=1))
    work()
    keep.keep()
    keep.keep()
    assert hub.form["hub.mode"] == "unsubscribe" and len(publisher.asked_for("/b")) == 1
    feed.refresh_from_db()
    assert feed.topic == ""


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("abc", "abc", True), ("abcd", "xabc", True), ("bcd", "abcde", True), ("a", "a", True),
        ("abc", "axbc", False), ("ac", "abc", False), ("abc", "xyz", False), ("abc", "cxy", False), ("", "", False),
    ],
)  # fmt: skip
def test_two_windows_of_one_list_are_told_from_others(ours: str, theirs: str, same: bool) -> None:
    assert alike.aligned(ours, theirs) is same
    assert alike.aligned(theirs, ours) is same
