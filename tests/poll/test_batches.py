"""Many feeds at once: chosen by index, claimed, recorded and ingested together, each as if it were alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zstandard
from django.db import DataError, connection, connections, transaction
from django.db.models import Q

from masthead.core.fetch import FetchRequest
from masthead.core.types import FetchResult
from masthead.entries import ingest as ingest_module
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry, EntryAlias
from masthead.feeds import claims, client, poll
from masthead.feeds.models import Feed, Fetch, HostPause, Source
from masthead.feeds.poll import record_all
from masthead.feeds.schedule import Hints, History, after_success
from masthead.feeds.subscribe import Wish, subscribe
from masthead.store.workers import run as workers

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def feeds(count: int, **fields: Any) -> list[Feed]:
    """`count` feeds of as many publishers, due at NOW."""
    made = [subscribe(Wish(f"http://paper{n}.example/feed")).feed for n in range(count)]
    Feed.objects.filter(pk__in=[feed.pk for feed in made]).update(due_at=NOW, **fields)
    return made


def test_the_choice_reads_an_index_and_sorts_nothing() -> None:
    feeds(3)
    for failing in (Q(failures=0), Q(failures__gt=0)):
        rows = claims._free(NOW).filter(failing, due_at__lte=NOW).order_by("due_at", "pk")
        plan = rows.values_list("pk", "host")[:400].explain()
        if "Seq Scan" not in plan:  # PostgreSQL reads three rows as they lie
            assert "feed_due" in plan and "SCAN" not in plan and "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps figures of NULLs by itself")
def test_the_choice_reads_an_index_when_all_feeds_are_due_at_once() -> None:
    source = Source.objects.create(name="Gazette", slug="gazette")
    Feed.objects.bulk_create(Feed(source=source, url=f"http://paper{n}.example/feed", due_at=NOW) for n in range(5000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for when in (Q(due_at=None), Q(due_at__lte=NOW), Q(due_at__gt=NOW)):
        rows = claims._free(NOW).filter(when, failures=0).order_by("due_at", "pk")
        plan = rows.values_list("pk", "host")[:400].explain()
        assert "feed_due" in plan and "SCAN" not in plan, (when, plan)


def test_the_longest_due_come_first_and_the_failing_are_not_forgotten() -> None:
    made = feeds(20)
    for place, feed in enumerate(made):
        Feed.objects.filter(pk=feed.pk).update(due_at=NOW - timedelta(minutes=place), failures=int(place in (3, 4)))
    chosen = [one.key for one in claims.choose(NOW, 8)]
    assert chosen[0] == made[4].pk, "one place of eight for the failing"
    assert chosen[1:] == [made[place].pk for place in range(19, 12, -1)]
    assert len(claims.choose(NOW, 100)) == 20


def test_claims_are_for_one_poller_and_a_host_each() -> None:
    made = feeds(4)
    Feed.objects.filter(pk=made[1].pk).update(host="paper0.example")
    taken = claims.claim_all([feed.pk for feed in made], NOW)
    assert len(taken) == 4 and len({held.lease for held in taken}) == 1
    assert claims.claim_all([feed.pk for feed in made], NOW) == []
    claims.release_all(taken)
    assert set(Feed.objects.values_list("due_at", "leased_until")) == {(NOW, None)}
    hosts = [held.feed.host for held in claims.DueFeeds(doubtful=10).take(["paper2.example"], 10)]
    assert sorted(hosts) == ["paper0.example", "paper3.example"]


def test_of_many_that_are_taken_at_once_the_failing_are_no_more_than_may_be() -> None:
    made = feeds(12)
    Feed.objects.filter(pk__in=[feed.pk for feed in made[:8]]).update(failures=1)
    due = claims.DueFeeds(doubtful=3)
    taken = due.take([], 12, failing=1)
    assert sorted(bool(held.feed.failures) for held in taken) == [False] * 4 + [True] * 2
    hosts = [held.feed.host for held in taken]
    assert due.take(hosts, 12, failing=3) == []
    due._look_again = 0.0
    assert [held.feed.failures for held in due.take(hosts[:1], 12, failing=2)] == [1]


def test_an_answer_that_cannot_be_stored_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    feeds(3)
    held = claims.claim_all(list(Feed.objects.values_list("pk", flat=True)), NOW)
    results = [FetchResult(one.feed.url, one.feed.url, 304, {}, b"", NOW, 0.1, not_modified=True) for one in held]
    original = poll.insert_rows

    def refuse(rows: list[Fetch]) -> None:
        if any(row.feed_id == held[1].feed.pk for row in rows):
            raise DataError("no")
        original(rows)

    monkeypatch.setattr(poll, "insert_rows", refuse)
    with pytest.raises(DataError):
        record_all(list(zip(held, results, strict=True)))
    assert Fetch.objects.get().feed_id == held[0].feed.pk


def test_a_body_that_breaks_the_program_holds_up_none_of_its_group(rss: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = feeds(5)
    for feed in made:
        item = {"title": "Report", "guid": f"{feed.url}/1"}
        Fetch.objects.create(
            feed=feed, started_at=NOW, status=200, final_url=feed.url, body=zstandard.compress(rss(item)), body_size=9
        )
    original = ingest_module.match_items

    def match(feed: Feed, *args: Any, **kwargs: Any) -> Any:
        if feed.pk == made[2].pk:
            raise ZeroDivisionError("broken")
        return original(feed, *args, **kwargs)

    monkeypatch.setattr(ingest_module, "match_items", match)
    outcome = ingest()
    assert (outcome.done, outcome.failed) == (4, 1)
    assert Entry.objects.count() == EntryAlias.objects.filter(kind="guid").count() == 4
    assert Fetch.objects.get(feed=made[2]).ingest_error.startswith("ZeroDivisionError")
    assert set(Fetch.objects.exclude(feed=made[2]).values_list("entries_new", flat=True)) == {1}


def arrived(feed: Feed, body: bytes, **fields: Any) -> Fetch:
    packed = zstandard.compress(body)
    return Fetch.objects.create(
        feed=feed, started_at=NOW, status=200, final_url=feed.url, body=packed, body_size=len(body), **fields
    )


def test_whatever_a_group_holds_each_is_written_as_if_it_were_alone(
    rss: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A feed with a hub, what a hub sent, a document that breaks off, a page, and another feed's, in one group."""
    whole, pushed, cut, page, others = feeds(5)
    Feed.objects.filter(pk=pushed.pk).update(succeeded_at=NOW, topic=pushed.url)
    Feed.objects.update(fetched_at=NOW)
    groups: list[int] = []
    original = ingest_module._together
    monkeypatch.setattr(ingest_module, "_together", lambda group: groups.append(len(group)) or original(group))

    def links(feed: Feed) -> str:
        atom = 'a:link xmlns:a="http://www.w3.org/2005/Atom"'
        return f'<{atom} rel="hub" href="https://hub.example/"/><{atom} rel="self" href="{feed.url}"/>'

    def document(feed: Feed) -> bytes:
        items = [{"title": f"Report {n}", "guid": f"{feed.url}/{n}"} for n in range(2)]
        return bytes(rss(*items, channel=links(feed), title=f"Paper {feed.pk}"))

    arrived(whole, document(whole))
    arrived(pushed, document(pushed), pushed=True)
    arrived(cut, document(cut).partition(b"</item></channel>")[0])
    arrived(page, b"<html><head><link rel=alternate type=application/rss+xml href=/real.xml></head><p>Hello</html>")
    arrived(others, document(whole), pushed=True)
    outcome = ingest()
    assert (outcome.done, outcome.failed) == (3, 2)
    assert groups == [5] and not caplog.records, "written together, none by itself"
    for feed in (whole, pushed, cut, page, others):
        feed.refresh_from_db()
    assert (whole.topic, whole.hub, whole.title) == (whole.url, "https://hub.example/", f"Paper {whole.pk}")
    assert whole.source.name == whole.title and whole.body_digest
    assert pushed.changed_at == NOW and pushed.due_at == NOW and not pushed.body_digest
    assert cut.hints["cut"] is True and cut.reason and not cut.body_digest
    assert page.url == "http://paper3.example/real.xml" and page.host == "paper3.example"
    assert others.news_at == NOW and "calls itself" in Fetch.objects.get(feed=others).ingest_error
    counts = {feed.pk: Entry.objects.filter(feed=feed).count() for feed in (whole, pushed, cut, page, others)}
    assert list(counts.values()) == [2, 2, 1, 0, 0]
    fetch = Fetch.objects.get(feed=cut)
    assert (fetch.entries_seen, fetch.entries_new) == (1, 1) and fetch.detail


def test_what_was_read_is_written_when_workers_are_had_no_more(rss: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for feed in feeds(3):
        arrived(feed, rss({"title": "Report", "guid": f"{feed.url}/1"}))
    original = workers.stream

    def two(*args: Any) -> Iterator[Any]:
        for place, one in enumerate(original(*args)):
            if place == 2:
                raise workers.Unavailable("no room")
            yield one

    with monkeypatch.context() as patch:
        patch.setattr(workers, "stream", two)
        with pytest.raises(workers.Unavailable):
            ingest()
    assert Entry.objects.count() == 2
    assert ingest().done == 1 and Entry.objects.count() == 3


def test_what_has_landed_is_taken_before_an_exchange_that_broke_ends_the_stream(
    publisher: Any, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        publisher.on(f"/{n}", reply(body=b"x" * 1000))
    door, told = client._open_door(), list[str]()
    original = door.client.exchange

    def exchange(request: FetchRequest) -> Any:
        if request.url.endswith("/1"):
            raise ZeroDivisionError("ours")
        return original(request)

    monkeypatch.setattr(door.client, "exchange", exchange)
    monkeypatch.setattr(client, "_LINGER", 2.0)
    waiting = [FetchRequest(publisher.url(f"/{n}", host=f"h{n}.localhost")) for n in range(3)]

    def some(room: int) -> list[FetchRequest]:
        given, waiting[:] = waiting[:], []
        return given

    with pytest.raises(ZeroDivisionError):
        client.fetch_batches(some, lambda results: told.extend(request.url[-1] for request, _ in results))
    assert sorted(told) == ["0", "2"]
    time.sleep(0.1)
    assert door.client.room.used == 0, "what was given up holds no room"


def test_a_batch_keeps_its_room_until_it_was_taken(publisher: Any, reply: Any) -> None:
    for n in range(3):
        publisher.on(f"/{n}", reply(body=b"x" * 1000))
    door, used = client._open_door(), list[tuple[int, int]]()
    waiting = [FetchRequest(publisher.url(f"/{n}", host=f"h{n}.localhost")) for n in range(3)]

    def some(room: int) -> list[FetchRequest]:
        given, waiting[:] = waiting[:], []
        return given

    client.fetch_batches(some, lambda results: used.append((len(results), door.client.room.used)))
    assert sum(count for count, _ in used) == 3
    assert all(held >= count * 1000 for count, held in used)
    time.sleep(0.1)
    assert door.client.room.used == 0


def test_what_was_asked_late_is_moved_apart() -> None:
    def due(late: int, spread: float) -> float:
        hints = Hints(validators=True, late=late)
        plan = after_success(NOW, hints, History(3600), changed=None, floor=3600, spread=spread)
        return (plan.due_at - NOW).total_seconds()

    assert due(0, 1.0) == due(30, 1.0) == 3600 + 360
    assert due(300, 1.0) == 3600 + 1800
    assert due(86_400, 1.0) == 3600 + 3600
    assert due(86_400, 0.0) == 3600, "never sooner"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time and no locks of rows")
@pytest.mark.django_db(transaction=True)
def test_a_feed_that_another_process_holds_is_not_waited_for_when_a_host_is_silenced() -> None:
    """Two pollers that each move the other's feeds would wait for each other for ever."""
    held, free = feeds(2)
    Feed.objects.update(host="paper.example")
    HostPause.objects.create(host="paper.example", until=NOW + timedelta(hours=1), reason="HTTP 429")
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Feed.objects.select_for_update().get(pk=held.pk)
            locked.set()
            done.wait(20)
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert locked.wait(10)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            claims.postpone_paused(NOW)
    finally:
        done.set()
        other.join(10)
    assert set(Feed.objects.values_list("pk", "due_at")) == {(held.pk, NOW), (free.pk, NOW + timedelta(hours=1))}
    claims.postpone_paused(NOW)
    assert set(Feed.objects.values_list("due_at", flat=True)) == {NOW + timedelta(hours=1)}, "at the next look"
