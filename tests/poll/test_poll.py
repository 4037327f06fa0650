"""Polling feeds of a scripted publisher, through the tables: the behaviours by number."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

import masthead
from masthead.core.types import FetchResult
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry
from masthead.feeds import claims, edit, queries
from masthead.feeds.models import Feed, FeedState, Fetch, HostPause
from masthead.feeds.poll import poll_due, record, record_all
from masthead.feeds.subscribe import Wish, subscribe
from masthead.store.steps import Outcome

pytestmark = pytest.mark.usefixtures("quick")
START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ITEM = {"title": "Harbour reopens", "link": "http://gazette.example/harbour", "guid": "g1"}
Subscribe = Callable[..., Feed]


@pytest.fixture
def feed(db: None, publisher: Any) -> Subscribe:
    def make(path: str = "/feed", host: str = "127.0.0.1", **wish: str) -> Feed:
        return subscribe(Wish(publisher.url(path, host), **wish)).feed

    return make


def work() -> Outcome:
    outcome = poll_due()
    while ingest().more:
        pass
    return outcome


def step(clock: Any, feed: Feed, *, times: int = 1) -> None:
    """Let the clock reach the feed's next poll, and poll."""
    for _ in range(times):
        feed.refresh_from_db()
        assert feed.due_at is not None
        clock.move_to(max(feed.due_at, feed.not_before or feed.due_at) + timedelta(milliseconds=1))
        work()
    feed.refresh_from_db()


def document(
    publisher: Any, reply: Any, body: bytes, *headers: tuple[str, str], status: int = 200, path: str = "/feed"
) -> None:
    publisher.on(path, reply(status, body, list(headers)))


def test_1_the_first_fetch_is_one_and_unconditional(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    feed()
    assert work() == Outcome(done=1)
    assert work() == Outcome()
    assert len(publisher.asked) == 1
    assert not {"if-none-match", "if-modified-since"} & set(publisher.asked[0].headers)
    assert Entry.objects.count() == 1


def test_2_3_4_validators_go_back_byte_for_byte(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", 'W/"a,\\"b'), ("Last-Modified", "some day"))
    one = feed()
    work()
    document(publisher, reply, b"", status=304)
    step(clock, one)
    assert publisher.asked[1].headers["if-none-match"] == 'W/"a,\\"b'
    assert publisher.asked[1].headers["if-modified-since"] == "some day"
    assert one.succeeded_at is not None and one.succeeded_at > START
    assert Fetch.objects.filter(status=304, body=None).count() == 1


def test_5_6_7_8_validators_follow_the_server(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    def held() -> tuple[str, str]:
        return one.etag, one.last_modified

    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), ("Last-Modified", "m1"))
    one = feed()
    work()
    one.refresh_from_db()
    assert held() == ('"1"', "m1")
    document(publisher, reply, rss(ITEM), ("ETag", '"2"'), ("Last-Modified", "m1"))
    step(clock, one)
    assert held() == ('"2"', "m1"), "same body, same date, new ETag"
    assert Fetch.objects.exclude(body=None).count() == 1, "the same body is not kept twice"
    document(publisher, reply, b"", ("ETag", '"3"'), status=304)
    step(clock, one)
    assert held() == ('"3"', "m1"), "a 304 names a new one"
    document(publisher, reply, rss(ITEM, {"title": "New", "guid": "g2"}))
    step(clock, one)
    assert held() == ("", ""), "a 200 without any drops them"
    assert one.due_at - one.fetched_at >= timedelta(hours=24)  # type: ignore[operator]


@pytest.mark.parametrize("bad", ["error", "html", "empty", "cut"])
def test_9_errors_leave_validators_as_they_were(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any, bad: str
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), ("Last-Modified", "m1"))
    one = feed()
    work()
    answers = {
        "error": reply(500, b"oops", [("ETag", '"bad"')]),
        "html": reply(200, b"<!doctype html><html><body><p>Back soon</p></body></html>", [("ETag", '"bad"')]),
        "empty": reply(200, b"", [("ETag", '"bad"')]),
        "cut": b'HTTP/1.1 200 OK\r\nETag: "bad"\r\nContent-Length: 900\r\n\r\n<rss',
    }
    publisher.on("/feed", answers[bad])
    step(clock, one)
    assert (one.etag, one.last_modified) == ('"1"', "m1")
    assert one.failures == 1 and one.reason
    assert one.state == FeedState.ACTIVE, "a feed that worked is not given up for one bad answer"
    document(publisher, reply, rss(ITEM, {"title": "New", "guid": "g2"}), ("ETag", '"2"'))
    step(clock, one)
    assert publisher.asked[-1].headers["if-none-match"] == '"1"'
    assert (one.failures, one.reason, one.etag) == (0, "", '"2"')
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(("header", "hours"), [(("ETag", '"1"'), 1), (("X-Nothing", "1"), 24)])
def test_9_what_breaks_off_is_asked_for_again_as_soon_as_its_server_would_like(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any, header: tuple[str, str], hours: int
) -> None:
    """Validators of a piece are not adopted; but a server that offers some is not one that can only send everything."""
    body = rss(ITEM, {"title": "Cut in the mid", "guid": "g2"})
    document(publisher, reply, body[: body.index(b"the mid")], header)
    one = feed()
    work()
    one.refresh_from_db()
    assert one.etag == "" and "ends before its end" in one.reason and one.fetched_at is not None
    assert hours * HOUR <= one.due_at - one.fetched_at <= hours * 1.2 * HOUR  # type: ignore[operator]
    step(clock, one)
    assert one.reason == "", "twice: that is how its server writes"
    assert (one.etag == '"1"') is (header[0] == "ETag")


def test_10_validators_of_a_redirect_target_are_its_own(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    publisher.on("/old", reply(302, headers=[("Location", "/new"), ("ETag", '"old"')]))
    document(publisher, reply, rss(ITEM), ("ETag", '"new"'), path="/new")
    one = feed("/old")
    work()
    one.refresh_from_db()
    assert (one.etag, one.last_modified) == ("", "")
    publisher.on("/new", reply(304))
    step(clock, one)
    assert "if-none-match" not in publisher.asked_for("/old")[1].headers
    assert publisher.asked_for("/new")[1].headers["if-none-match"] == '"new"'
    assert one.failures == 0


def test_12_one_name_with_a_way_to_reach_us_on_every_request(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any, settings: Any
) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, contact="https://paper.example/contact")
    publisher.on("/feed", reply(503))
    one = feed()
    work()
    publisher.on("/feed", reply(302, headers=[("Location", "/elsewhere")]))
    publisher.on("/elsewhere", reply(403))
    step(clock, one)
    publisher.on("/elsewhere", reply(body=rss(ITEM)))
    step(clock, one)
    assert len(publisher.asked) == 5
    names = {asked.headers["user-agent"] for asked in publisher.asked}
    assert names == {f"Masthead/{masthead.__version__} (+https://paper.example/contact)"}


def test_14_no_part_of_a_feed_is_asked_for_and_one_that_comes_anyway_deletes_nothing(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    second = {"title": "Ferry sold", "link": "http://gazette.example/ferry", "guid": "g2"}
    third = {"title": "Pier painted", "link": "http://gazette.example/pier", "guid": "g3"}
    document(publisher, reply, rss(ITEM, second), ("ETag", '"1"'))
    one = feed()
    work()
    document(publisher, reply, rss(third), ("ETag", '"2"'), ("IM", "feed"), status=226)
    step(clock, one)
    assert (one.etag, one.failures) == ('"1"', 1) and "226" in one.reason
    assert Entry.objects.filter(missing_since=None).count() == 2
    document(publisher, reply, rss(third, ITEM, second), ("ETag", '"3"'))
    step(clock, one)
    assert Entry.objects.count() == 3 and one.failures == 0
    assert not any("a-im" in asked.headers for asked in publisher.asked)


def test_17_and_18_never_early(clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    one = feed()
    work()
    clock.move_to(START + timedelta(minutes=59, seconds=59))
    edit.poll_soon([one.pk])
    assert work() == Outcome()
    Feed.objects.update(due_at=START)
    assert work() == Outcome()
    assert len(publisher.asked) == 1
    clock.move_to(START + timedelta(minutes=60, seconds=1))
    assert work().done == 1


def test_19_freshness_is_obeyed_also_after_304(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), ("Cache-Control", "max-age=14400"), ("Age", "3600"))
    one = feed()
    work()
    clock.move_to(START + 3 * HOUR - timedelta(seconds=1))
    assert work() == Outcome()
    document(publisher, reply, b"", ("Cache-Control", "max-age=18000"), status=304)
    step(clock, one)
    at = one.fetched_at
    assert at is not None and one.not_before == at + 5 * HOUR
    document(publisher, reply, b"", status=304)
    step(clock, one)
    assert one.fetched_at is not None and one.not_before == one.fetched_at + 5 * HOUR


def test_20_hints_of_the_document_count(clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any) -> None:
    channel = "<ttl>180</ttl><skipHours><hour>13</hour><hour>14</hour></skipHours>"
    document(publisher, reply, rss(ITEM, channel=channel), ("ETag", '"1"'))
    one = feed()
    work()
    one.refresh_from_db()
    assert one.not_before == START + 5 * HOUR, "ttl leads into hours that the feed skips"
    assert one.due_at is not None and one.due_at.hour == 15


def test_22_a_crash_between_asking_and_writing_asks_no_more_than_once(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    one = feed()
    work()

    def die(*args: Any, **kwargs: Any) -> None:
        raise SystemExit("killed")

    clock.move_to(START + 2 * HOUR)
    with monkeypatch.context() as patch:
        patch.setattr("masthead.feeds.poll.record_all", die)
        patch.setattr("masthead.feeds.poll.release_all", lambda held: None)  # a killed process tidies nothing up
        with pytest.raises(SystemExit):
            poll_due()
    assert len(publisher.asked) == 2
    work()
    clock.move_to(START + 3 * HOUR - timedelta(seconds=1))
    work()
    assert len(publisher.asked) == 2
    clock.move_to(START + 3 * HOUR + timedelta(minutes=7))
    work()
    assert len(publisher.asked) == 3
    one.refresh_from_db()
    assert one.leased_until is None


def test_22_importing_a_feed_again_asks_nothing_more(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    one = feed()
    work()
    again = subscribe(Wish(publisher.url("/feed/")))
    assert not again.created and again.feed.pk == one.pk
    work()
    assert len(publisher.asked) == 1


def test_25_after_a_week_asleep_each_feed_is_asked_once(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    for n in range(5):
        feed(host=f"f{n}.localhost")
    work()
    clock.move_to(START + timedelta(days=7))
    assert work().done == 5
    assert work() == Outcome()
    assert len(publisher.asked) == 10


def test_25_a_clock_that_was_far_ahead_stalls_nothing(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    clock.move_to(START + timedelta(days=3650))
    one = feed()
    work()
    clock.move_to(START)
    assert work() == Outcome()
    one.refresh_from_db()
    assert START < one.due_at <= START + timedelta(days=1)
    clock.move_to(one.due_at + timedelta(minutes=1))
    assert work().done == 1


def test_25_a_plan_from_nowhere_stalls_nothing(feed: Subscribe, publisher: Any, reply: Any, rss: Any) -> None:
    """A database that comes from a machine whose clock was wrong: no plan reaches so far."""
    document(publisher, reply, rss(ITEM))
    one = feed()
    Feed.objects.filter(pk=one.pk).update(due_at=timezone.now() + timedelta(days=3650))
    assert work().done == 1
    assert work() == Outcome()


@pytest.mark.parametrize("value", ["7200", "Tue, 24 Nov 2026 12:00:00 GMT"])
@pytest.mark.parametrize("status", [503, 500, 403])
def test_26_retry_after_is_obeyed(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, value: str, status: int
) -> None:
    document(publisher, reply, b"", ("Retry-After", value), status=status)
    one = feed()
    work()
    one.refresh_from_db()
    assert one.not_before == START + 2 * HOUR
    clock.move_to(START + 2 * HOUR - timedelta(seconds=1))
    edit.poll_soon([one.pk])
    work()
    assert len(publisher.asked) == 1


def test_28_429_silences_the_whole_host(clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any) -> None:
    document(publisher, reply, b"", ("Retry-After", "7200"), status=429, path="/a")
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), path="/b")
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), path="/c")
    feed("/a")
    second = feed("/b")
    feed("/c", host="other.localhost")
    while work().done:
        pass
    assert sorted(asked.path for asked in publisher.asked) == ["/a", "/c"]
    pause = HostPause.objects.get()
    assert (pause.host, pause.until) == ("127.0.0.1", START + 2 * HOUR)
    second.refresh_from_db()
    assert second.due_at == START + 2 * HOUR and second.failures == 0
    clock.move_to(START + 2 * HOUR + timedelta(seconds=1))
    work()
    assert len(publisher.asked_for("/b")) == 1
    assert not HostPause.objects.exists()


def test_29_feeds_of_one_host_one_after_the_other(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any, settings: Any
) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, host_gap=0.15)
    for n in range(4):
        document(publisher, reply, rss(ITEM), path=f"/{n}")
        feed(f"/{n}")
    assert work().done == 4
    assert publisher.most_under_way == 1
    starts = sorted(asked.at for asked in publisher.asked)
    assert min(later - sooner for sooner, later in itertools.pairwise(starts)) >= 0.149
    assert len({asked.connection for asked in publisher.asked}) == 1, "the connection is kept"


def test_30_and_27_errors_back_off_and_recovery_needs_nobody(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, b"", status=503)
    one = feed()
    work()
    waits = []
    for _ in range(5):
        one.refresh_from_db()
        assert one.due_at is not None
        waits.append(round((one.due_at - one.fetched_at) / HOUR))  # type: ignore[operator]
        step(clock, one)
    assert waits == [1, 2, 4, 8, 16]
    assert one.failures == 6 and list(queries.failing()) == [one]
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    step(clock, one)
    assert (one.failures, one.reason, one.state) == (0, "", FeedState.ACTIVE)
    assert Entry.objects.count() == 1 and not queries.failing()


def test_31_a_404_is_told_and_waits_a_day(clock: Any, feed: Subscribe, publisher: Any, reply: Any) -> None:
    document(publisher, reply, b"", status=404)
    one = feed()
    work()
    one.refresh_from_db()
    assert one.due_at is not None and one.due_at >= START + timedelta(days=1)
    assert "404" in one.reason


def test_32_410_ends_a_feed_and_can_be_undone(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, b"", status=410)
    one = feed()
    work()
    one.refresh_from_db()
    assert one.state == FeedState.GONE and "410" in one.reason
    clock.move_to(START + timedelta(days=365))
    assert work() == Outcome() and len(publisher.asked) == 1
    document(publisher, reply, rss(ITEM))
    assert edit.poll_soon([one.pk]) == 1
    assert work().done == 1
    one.refresh_from_db()
    assert one.state == FeedState.ACTIVE


def test_34_a_permanent_move_is_believed_after_days_of_agreement(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), path="/old")
    one = feed("/old")
    work()
    publisher.on("/old", reply(301, headers=[("Location", "/new")]))
    document(publisher, reply, rss(ITEM), ("ETag", '"n"'), path="/new")
    step(clock, one)
    moved_at = one.fetched_at
    assert moved_at is not None and one.moved_to == publisher.url("/new")
    while one.url != publisher.url("/new"):
        assert one.fetched_at is not None and one.fetched_at - moved_at < timedelta(days=5)
        before = one.fetched_at
        step(clock, one)
        assert one.fetched_at > before
    assert one.fetched_at is not None and one.fetched_at - moved_at >= timedelta(days=2)
    assert one.etag == '"n"' and one.moved_to == ""
    publisher.on("/new", reply(304))
    old = len(publisher.asked_for("/old"))
    step(clock, one)
    assert len(publisher.asked_for("/old")) == old
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("changing", [True, False])
def test_34_a_move_to_something_else_is_not_believed(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any, changing: bool
) -> None:
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), path="/old")
    one = feed("/old")
    work()
    publisher.on("/old", reply(301, headers=[("Location", "/parked")]))
    numbers = itertools.count()

    def parked(asked: Any) -> Any:
        number = next(numbers) if changing else 0
        return reply(body=rss({"title": f"Buy domains {number}", "guid": f"http://parked.example/{number}"}))

    publisher.on("/parked", parked)
    step(clock, one, times=8)
    assert one.url == publisher.url("/old")
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), path="/parked")
    step(clock, one)
    assert one.url == publisher.url("/parked"), "the feed itself stands there now"


@pytest.mark.parametrize("status", [302, 303, 307])
def test_35_temporary_redirects_are_never_kept(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any, status: int
) -> None:
    publisher.on("/old", reply(status, headers=[("Location", "/new")]))
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), path="/new")
    one = feed("/old")
    work()
    step(clock, one, times=5)
    assert (one.url, one.moved_to) == (publisher.url("/old"), "")


def test_36_a_move_onto_a_known_feed_merges(clock: Any, feed: Subscribe, publisher: Any, reply: Any, rss: Any) -> None:
    publisher.on("/old", reply(301, headers=[("Location", "/new")]))
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'), path="/new")
    old, new = feed("/old", source="Gazette"), feed("/new", source="Gazette")
    work()
    for _ in range(8):
        old.refresh_from_db()
        if old.state == FeedState.MERGED:
            break
        step(clock, old)
    assert old.state == FeedState.MERGED and str(new.pk) in old.reason
    asked = len(publisher.asked_for("/old"))
    clock.shift(timedelta(days=30))
    work()
    assert len(publisher.asked_for("/old")) == asked
    assert Entry.objects.count() == 1


def test_37_a_redirect_to_a_private_address_refuses_a_new_feed(
    clock: Any, feed: Subscribe, publisher: Any, reply: Any
) -> None:
    publisher.on("/feed", reply(301, headers=[("Location", "http://169.254.169.254/latest")]))
    one = feed()
    work()
    one.refresh_from_db()
    assert one.state == FeedState.REFUSED and "169.254.169.254" in one.reason


def test_slow_servers_hold_up_nobody(feed: Subscribe, publisher: Any, reply: Any, rss: Any, settings: Any) -> None:
    async def silence(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(4)

    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, concurrency=4)
    publisher.on("/slow", silence)
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    for n in range(6):
        feed("/slow", host=f"s{n}.localhost")
    for n in range(14):
        feed(host=f"g{n}.localhost")
    outcome = poll_due()
    assert (outcome.done, outcome.failed) == (14, 6)
    good = Fetch.objects.filter(status=200).order_by("started_at")
    bad = Fetch.objects.filter(status=0).order_by("started_at")
    assert good[13].started_at < bad[0].started_at + timedelta(seconds=bad[0].elapsed)


def test_feeds_that_become_due_are_taken_while_others_are_under_way(
    feed: Subscribe, publisher: Any, reply: Any, rss: Any
) -> None:
    late: list[Feed] = []

    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(4)
        writer.write(reply(body=rss(ITEM)).wire())

    publisher.on("/slow", slow)
    document(publisher, reply, rss(ITEM), ("ETag", '"1"'))
    feed("/slow", host="slow.localhost")
    quick = feed(host="quick.localhost")
    original = record_all

    def and_then(pairs: Sequence[tuple[claims.Claim, FetchResult]]) -> list[bool]:
        good = original(pairs)
        if quick.pk in [held.feed.pk for held, _ in pairs]:
            late.append(feed(host="late.localhost"))
        return good

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("masthead.feeds.poll.record_all", and_then)
        assert poll_due().done == 3
    slow_one, late_one = Fetch.objects.get(feed__host="slow.localhost"), Fetch.objects.get(feed=late[0])
    assert late_one.started_at < slow_one.started_at + timedelta(seconds=slow_one.elapsed)


@pytest.mark.django_db(transaction=True)
def test_two_pollers_at_once_ask_each_feed_once(publisher: Any, reply: Any, rss: Any) -> None:
    for n in range(30):
        document(publisher, reply, rss(ITEM), ("ETag", '"1"'), path=f"/{n}")
        subscribe(Wish(publisher.url(f"/{n}", host=f"h{n}.localhost")))
    outcomes: list[Outcome] = []
    errors: list[BaseException] = []
    start = threading.Barrier(3)

    def run() -> None:
        try:
            start.wait()
            outcomes.append(poll_due())
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sum(outcome.done for outcome in outcomes) == 30
    assert len(publisher.asked) == 30
    assert Fetch.objects.count() == 30


def test_what_was_fetched_under_a_lost_lease_is_kept(clock: Any, feed: Subscribe, publisher: Any, rss: Any) -> None:
    one = feed()
    held = claims.claim(one, START)
    assert held is not None
    assert claims.claim(one, START) is None
    Feed.objects.filter(pk=one.pk).update(leased_until=START + timedelta(minutes=30))
    result = FetchResult(one.url, one.url, 200, {"etag": '"1"'}, rss(ITEM), START, 0.1)
    assert record(held, result)
    one.refresh_from_db()
    assert one.leased_until == START + timedelta(minutes=30) and one.fetched_at is None
    assert Fetch.objects.get().body is not None


def test_a_deleted_feed_is_no_error(clock: Any, feed: Subscribe, rss: Any) -> None:
    one = feed()
    held = claims.claim(one, START)
    assert held is not None
    one.delete()
    assert not record(held, FetchResult(held.feed.url, held.feed.url, 200, {}, rss(ITEM), START, 0.1))
    assert not Fetch.objects.exists()
