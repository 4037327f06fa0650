"""Many feeds at once: chosen by index, claimed, recorded and ingested together, each as if it were alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zstandard
from django.db import DataError

from masthead.core.types import FetchResult
from masthead.entries import ingest as ingest_module
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry, EntryAlias
from masthead.feeds import claims, poll
from masthead.feeds.models import Feed, Fetch
from masthead.feeds.poll import record_all
from masthead.feeds.schedule import Hints, History, after_success
from masthead.feeds.subscribe import Wish, subscribe

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def feeds(count: int, **fields: Any) -> list[Feed]:
    """`count` feeds of as many publishers, due at NOW."""
    made = [subscribe(Wish(f"http://paper{n}.example/feed")).feed for n in range(count)]
    Feed.objects.filter(pk__in=[feed.pk for feed in made]).update(due_at=NOW, **fields)
    return made


def test_the_choice_reads_an_index_and_sorts_nothing() -> None:
    feeds(3)
    from django.db.models import Q

    for failing in (Q(failures=0), Q(failures__gt=0)):
        rows = claims._free(NOW).filter(failing, due_at__lte=NOW).order_by("due_at", "pk")
        plan = rows.values_list("pk", "host")[:400].explain()
        if "Seq Scan" not in plan:  # PostgreSQL reads three rows as they lie
            assert "feed_due" in plan and "SCAN" not in plan and "TEMP B-TREE" not in plan


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


def test_what_was_asked_late_is_moved_apart() -> None:
    def due(late: int, spread: float) -> float:
        hints = Hints(validators=True, late=late)
        plan = after_success(NOW, hints, History(3600), changed=None, floor=3600, spread=spread)
        return (plan.due_at - NOW).total_seconds()

    assert due(0, 1.0) == due(30, 1.0) == 3600 + 360
    assert due(300, 1.0) == 3600 + 1800
    assert due(86_400, 1.0) == 3600 + 3600
    assert due(86_400, 0.0) == 3600, "never sooner"
