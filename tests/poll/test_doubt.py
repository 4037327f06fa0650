"""The escape hatch: a server that answers 304 for ever is asked in full when an item contradicts it, weekly at most."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.desk.health import health
from masthead.entries.contradict import Dated, missing_item
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry
from masthead.feeds import doubt
from masthead.feeds.models import Feed, Fetch, HubSubscription
from masthead.feeds.poll import poll_due
from masthead.feeds.subscribe import Wish, subscribe
from masthead.feeds.websub import keep

pytestmark = pytest.mark.usefixtures("quick")
START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def item(number: int) -> dict[str, str]:
    at = START + HOUR * (number - 10)
    link = f"http://gazette.example/{number}"
    date = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return {"title": f"Report {number}", "link": link, "guid": link, "pubDate": date}


class Paper:
    """A publisher with a stuck feed (304 to whoever asks conditionally) and one that works."""

    def __init__(self, clock: Any, publisher: Any, reply: Any, rss: Any) -> None:
        self.clock, self.publisher, self.reply, self.rss = clock, publisher, reply, rss
        self.stuck_items = [1, 2, 3, 4]
        publisher.on("/stuck", self._stuck)
        self.serve(1, 2, 3, 4)
        wish = {"source": "The Gazette"}
        self.stuck = subscribe(Wish(publisher.url("/stuck", "a.localhost"), **wish)).feed
        self.other = subscribe(Wish(publisher.url("/other", "b.localhost"), **wish)).feed
        self.work()

    def _stuck(self, asked: Any) -> Any:
        if "if-none-match" in asked.headers:
            return self.reply(304)
        return self.reply(body=self.rss(*map(item, self.stuck_items)), headers=[("ETag", '"for ever"')])

    def serve(self, *numbers: int) -> None:
        body = self.rss(*map(item, numbers))
        self.publisher.on("/other", self.reply(body=body, headers=[("ETag", f'"{numbers}"')]))

    def work(self) -> None:
        poll_due()
        while ingest().more:
            pass
        self.stuck.refresh_from_db()
        self.other.refresh_from_db()

    def hours(self, count: float) -> None:
        """Let both feeds be polled again and again for so many hours."""
        end = datetime.now(UTC) + HOUR * count
        while (due := min(filter(None, (self.stuck.due_at, self.other.due_at)))) < end:
            self.clock.move_to(due + timedelta(seconds=1))
            self.work()
        self.clock.move_to(end)
        self.work()


@pytest.fixture
def paper(db: None, clock: Any, publisher: Any, reply: Any, rss: Any) -> Paper:
    return Paper(clock, publisher, reply, rss)


def unconditional(paper: Paper) -> int:
    return sum("if-none-match" not in asked.headers for asked in paper.publisher.asked_for("/stuck"))


def test_an_item_that_contradicts_304_has_the_feed_asked_in_full_once(
    paper: Paper, caplog: pytest.LogCaptureFixture
) -> None:
    paper.hours(12)
    assert unconditional(paper) == 1, "304 is believed while nothing contradicts it"
    paper.stuck_items = [1, 2, 3, 4, 15]
    paper.serve(1, 2, 3, 4, 15)
    with caplog.at_level(logging.WARNING, logger="masthead.feeds.doubt"):
        paper.hours(60)
    assert unconditional(paper) == 2
    assert paper.stuck.etag == '"for ever"' and paper.stuck.url in caplog.text and "Report 15" in caplog.text
    assert any("Report 15" in note for note in health(paper.stuck).notes)
    assert Entry.objects.count() == 5


def test_it_is_done_once_a_week_at_most(paper: Paper) -> None:
    paper.hours(12)
    paper.serve(1, 2, 3, 4, 15)
    paper.hours(40)
    assert unconditional(paper) == 2
    paper.serve(1, 2, 3, 4, 15, 30)
    paper.hours(80)
    assert unconditional(paper) == 2, "within the week"
    paper.hours(80)
    paper.serve(1, 2, 3, 4, 15, 30, 170)
    paper.hours(80)
    assert unconditional(paper) == 3


def test_no_item_no_doubt(paper: Paper) -> None:
    paper.hours(24 * 20)
    assert unconditional(paper) == 1 and "doubt" not in paper.stuck.hints


def test_a_feed_that_holds_more_at_any_time_proves_nothing(paper: Paper) -> None:
    paper.serve(1, 2, 3, 4)
    paper.hours(12)
    more = {**item(2), "link": "http://gazette.example/sport", "guid": "sport", "title": "Sport"}
    body = paper.rss(*map(item, (1, 2, 3, 4, 15)), more)
    paper.publisher.on("/other", paper.reply(body=body, headers=[("ETag", '"more"')]))
    paper.hours(60)
    assert unconditional(paper) == 1


def test_a_feed_that_is_not_answered_304_is_not_doubted(paper: Paper) -> None:
    now = datetime.now(UTC)
    assert not doubt.raise_doubt(paper.stuck.pk, "x", now), "its last answer was a 200"
    Fetch.objects.filter(feed=paper.stuck).update(status=304)
    assert doubt.raise_doubt(paper.stuck.pk, "x", now)
    assert Feed.objects.get(pk=paper.stuck.pk).due_at == paper.stuck.due_at, "the poll comes when it was due anyway"
    assert not doubt.raise_doubt(999_999, "x", now)


def dates(*numbers: int) -> dict[str, Dated]:
    return {f"gazette.example/{number}": Dated(START + HOUR * number, f"Report {number}") for number in numbers}


@pytest.mark.parametrize(
    ("ours", "theirs", "answered", "found"),
    [
        ((1, 2, 3, 9), (1, 2, 3), 12, "Report 9"),
        ((1, 2, 3, 8, 9), (1, 2, 3), 12, "Report 8"),
        ((1, 2, 3), (1, 2, 3), 12, ""),
        ((1, 2, 3, 9), (1, 2, 3), 9, ""),
        ((1, 2, 9), (1, 2), 12, ""),
        ((1, 2, 3, 4, 9), (1, 2, 4), 12, ""),
        ((-5, 1, 2, 3, 9), (1, 2, 3), 12, "Report 9"),
        ((1, 2, 3, 9), (1, 2, 3, 4, 9), 12, ""),
        ((), (), 12, ""),
    ],
)
def test_what_counts_as_a_contradiction(
    ours: tuple[int, ...], theirs: tuple[int, ...], answered: int, found: str
) -> None:
    item = missing_item(dates(*ours), dates(*theirs), START + HOUR * answered)
    assert (item.title if item else "") == found


# ---------------------------------------------------------------- what a hub delivers


class Stuck:
    """A feed whose server answers 304 for ever, and whose hub works."""

    def __init__(self, clock: Any, publisher: Any, hub: Any, page: Any, reply: Any) -> None:
        self.clock, self.publisher, self.hub, self.page, self.reply = clock, publisher, hub, page, reply
        self.serve(1, 2)
        self.feed = subscribe(Wish(publisher.url())).feed
        self.work()
        hub.verify()

    def serve(self, *numbers: int) -> bytes:
        """Let these items be in the document, which nobody gets who asks conditionally. Returns it."""
        body: bytes = self.page(*map(item, numbers))
        headers = [("ETag", '"for ever"')]
        self.publisher.on(
            "/feed",
            lambda asked: self.reply(304) if "if-none-match" in asked.headers else self.reply(200, body, headers),
        )
        return body

    def push(self, *numbers: int) -> None:
        assert self.hub.push(self.serve(*numbers)).status == 202
        self.work()

    def work(self) -> None:
        poll_due()
        while ingest().more:
            pass
        keep.keep()
        self.feed.refresh_from_db()

    def next_poll(self) -> Any:
        """The next poll, as it came over the wire."""
        self.feed.refresh_from_db()
        self.clock.move_to(max(self.feed.due_at, self.feed.not_before) + timedelta(seconds=1))
        self.work()
        return self.publisher.asked_for("/feed")[-1]


@pytest.fixture
def stuck(site: None, clock: Any, publisher: Any, hub: Any, page: Any, reply: Any) -> Stuck:
    return Stuck(clock, publisher, hub, page, reply)


@pytest.mark.django_db(transaction=True)
def test_a_hub_that_delivers_contradicts_a_server_that_answers_304(stuck: Stuck) -> None:
    stuck.clock.shift(HOUR / 2)
    stuck.push(1, 2, 3)
    assert "doubt" not in stuck.feed.hints, "its server has not been asked since"
    assert stuck.next_poll().headers["if-none-match"] == '"for ever"'
    while "doubt" not in stuck.feed.hints and datetime.now(UTC) < START + 2 * HOUR:
        assert "if-none-match" in stuck.next_poll().headers
    assert "its hub delivered new items at 2026-11-24 10:30" in stuck.feed.hints["doubt"]["why"]
    assert stuck.feed.etag == ""
    assert "if-none-match" not in stuck.next_poll().headers
    assert stuck.feed.etag == '"for ever"' and Entry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_full_answer_clears_what_the_hub_delivered_before(stuck: Stuck) -> None:
    stuck.push(1, 2, 3)
    Feed.objects.update(etag="")
    assert "if-none-match" not in stuck.next_poll().headers
    assert HubSubscription.objects.get().unseen_at is None
    for _ in range(4):
        assert "if-none-match" in stuck.next_poll().headers
    assert "doubt" not in stuck.feed.hints


@pytest.mark.django_db(transaction=True)
def test_what_a_hub_repeats_is_no_evidence_and_doubt_comes_weekly_at_most(stuck: Stuck) -> None:
    stuck.push(2, 1)
    for _ in range(3):
        assert "if-none-match" in stuck.next_poll().headers
    stuck.push(1, 2, 3)
    full = 0
    for day in range(6):
        stuck.push(1, 2, 3, 4 + day)
        full += "if-none-match" not in stuck.next_poll().headers
    assert full == 1, "a server that is stuck for good is asked in full once a week"
