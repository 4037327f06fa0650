"""How long exchanges, bodies and originals are kept: what goes by the policy, and what never goes."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from masthead.articles.models import Article, Revision
from masthead.articles.replay import entry as replay
from masthead.entries import retain as originals
from masthead.entries.models import Entry, EntryVersion, LinkedPage, PageState
from masthead.feeds import retain as exchanges
from masthead.feeds.models import Feed, FeedState, Fetch, Source
from masthead.pipeline import STEPS, run_until_idle

pytestmark = pytest.mark.django_db
SWEEPS = (exchanges.BODIES, exchanges.EXCHANGES, originals.ITEMS, originals.PAGES)


def forget() -> None:
    """What a new process knows of where the old one was."""
    for sweep in SWEEPS:
        sweep.forget()


@pytest.fixture(autouse=True)
def new_process() -> None:
    forget()


@pytest.fixture
def feed() -> Feed:
    source = Source.objects.create(name="The Courier", slug="courier")
    return Feed.objects.create(source=source, url="https://courier.example/feed")


def exchange(feed: Feed, days: int, body: bytes | None = None, read: bool = True, **given: Any) -> Fetch:
    at = timezone.now() - timedelta(days=days)
    return Fetch.objects.create(feed=feed, started_at=at, body=body, ingested_at=at if read else None, **given)


def keep(settings: Any, **days: int) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, **days)


def left() -> dict[int, bool]:
    """The exchanges that are there: whether they have their body."""
    return {fetch.pk: fetch.body is not None for fetch in Fetch.objects.order_by("pk")}


def drain(retain: Any) -> int:
    done = 0
    while (outcome := retain()).more:
        done += outcome.done
    return done + outcome.done


def test_old_bodies_and_exchanges_go_and_the_last_of_each_stay(feed: Feed, settings: Any) -> None:
    keep(settings, keep_bodies=30, keep_exchanges=100)
    archive = Feed.objects.create(source=feed.source, url="https://a.example/x", state=FeedState.IMPORTED)
    imported = exchange(archive, 900, b"archive")
    oldest = exchange(feed, 300, b"one")
    unread = exchange(feed, 290, b"two", read=False)
    older = exchange(feed, 50, b"three")
    last_body = exchange(feed, 40, b"four")
    plain = exchange(feed, 35)
    alone = Feed.objects.create(source=feed.source, url="https://b.example/x")
    only = exchange(alone, 500, b"the only one")
    entry = Entry.objects.create(feed=feed, source=feed.source, key="k", first_seen_at=oldest.started_at,
                                 last_seen_at=oldest.started_at)  # fmt: skip
    version = EntryVersion.objects.create(entry=entry, number=1, fetch=oldest, received_at=oldest.started_at,
                                          original=b"as received", record={}, digest="")  # fmt: skip
    assert drain(exchanges.retain) == 3
    assert left() == {
        imported.pk: True, unread.pk: True, older.pk: False, last_body.pk: True, plain.pk: False, only.pk: True,
    }  # fmt: skip
    version.refresh_from_db()
    assert version.fetch_id is None and bytes(version.original) == b"as received"
    assert drain(exchanges.retain) == 0


def test_nothing_goes_where_it_is_kept_for_ever(feed: Feed, settings: Any) -> None:
    keep(settings, keep_bodies=0, keep_exchanges=0, keep_originals=0)
    for days in (5000, 4000, 3000):
        exchange(feed, days, b"x")
    version = originals_of(feed, 5000)
    assert drain(exchanges.retain) == drain(originals.retain) == 0
    assert all(left().values()) and len(left()) == 3
    version.refresh_from_db()
    assert version.original


def test_originals_are_kept_by_default_and_bodies_of_items_never_go_with_feeds() -> None:
    from masthead.options import Options

    assert Options().keep_originals == 0


def originals_of(feed: Feed, days: int, cleaned: int = 1, kind: str = "application/xml") -> EntryVersion:
    at = timezone.now() - timedelta(days=days)
    entry = Entry.objects.create(
        feed=feed, source=feed.source, key=str(Entry.objects.count()), first_seen_at=at, last_seen_at=at,
        cleaned_version=cleaned,
    )  # fmt: skip
    LinkedPage.objects.create(
        entry=entry, url="https://courier.example/1", state=PageState.READY, body=b"page", fetched_at=at, etag='"1"',
        gave_text=True,
    )  # fmt: skip
    return EntryVersion.objects.create(
        entry=entry, number=1, received_at=at, original=b"as received", original_type=kind, record={"title": "A"},
        digest="d",
    )  # fmt: skip


def test_originals_go_by_policy_but_what_is_the_only_source_stays(feed: Feed, settings: Any) -> None:
    keep(settings, keep_originals=365)
    old, new = originals_of(feed, 400), originals_of(feed, 100)
    waiting, saved = originals_of(feed, 400, cleaned=0), originals_of(feed, 400, kind="text/html")
    assert drain(originals.retain) == 3
    kept = {version.pk: bytes(version.original) for version in EntryVersion.objects.all()}
    assert kept == {old.pk: b"", new.pk: b"as received", waiting.pk: b"as received", saved.pk: b"as received"}
    pages = {page.entry_id: page for page in LinkedPage.objects.all()}
    assert pages[old.entry_id].body is None and pages[old.entry_id].etag == ""
    assert pages[new.entry_id].body and pages[new.entry_id].etag and pages[waiting.entry_id].body
    assert EntryVersion.objects.get(pk=old.pk).record == {"title": "A"}


def test_replay_leaves_alone_what_was_made_of_a_page_that_is_gone(feed: Feed, settings: Any) -> None:
    keep(settings, keep_originals=365)
    version = originals_of(feed, 400)
    at = version.received_at
    article = Article.objects.create(
        entry=version.entry, source=feed.source, slug="a", title="A", first_seen_at=at, sort_at=at
    )
    article.revision = Revision.objects.create(article=article, number=1, made_at=at, document={}, digest="")
    article.save()
    drain(originals.retain)
    found = replay.look(version.entry_id)
    assert found is not None and found.left == replay.PRUNED


def test_batches_are_bounded_and_the_pipeline_runs_them(
    feed: Feed, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from masthead.store.models import Heartbeat

    monkeypatch.setattr(exchanges, "BATCH", 4)
    keep(settings, keep_bodies=30, keep_exchanges=30)
    for days in range(60, 40, -1):
        exchange(feed, days)
    first = exchanges.retain()
    assert first.more and first.done == 4
    steps = tuple(step for step in STEPS if step.lane == "retention")
    result = run_until_idle(steps=steps)
    assert result.idle and result.done == {"retain exchanges": 15, "retain originals": 0}
    assert len(left()) == 1 and Heartbeat.objects.get(step="retain exchanges").total == 15


def many(feed: Feed, number: int, days: int) -> None:
    """Entries with one version each, all cleaned."""
    at, first = timezone.now() - timedelta(days=days), EntryVersion.objects.count()
    entries = Entry.objects.bulk_create(
        Entry(
            feed=feed, source=feed.source, key=f"k{n}", version=1, cleaned_version=1, first_seen_at=at, last_seen_at=at
        )
        for n in range(first, first + number)
    )
    EntryVersion.objects.bulk_create(
        EntryVersion(entry=entry, number=1, received_at=at, original=b"x" * 1000, record={}, context={}, digest="d")
        for entry in entries
    )


def whole() -> int:
    return EntryVersion.objects.exclude(original=b"").count()


def test_a_large_archive_is_pruned_in_steps_that_can_be_stopped(
    feed: Feed, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "BATCH", 100)
    keep(settings, keep_originals=365)
    many(feed, 2000, 400)
    many(feed, 500, 100)
    for batch in range(1, 4):
        with CaptureQueriesContext(connection) as asked:
            assert originals.retain().more
        assert whole() == 2500 - batch * 100 and len(asked) <= 4
    forget()
    assert drain(originals.retain) == 1700 and whole() == 500
    assert (
        not EntryVersion.objects.exclude(original=b"").filter(received_at__lt=timezone.now() - timedelta(365)).exists()
    )


def test_what_was_pruned_is_not_looked_at_every_few_minutes(
    feed: Feed, settings: Any, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    monkeypatch.setattr(originals, "BATCH", 100)
    now = timezone.now()
    time_machine.move_to(now)
    keep(settings, keep_originals=365)
    many(feed, 1000, 400)
    many(feed, 300, 364)
    late = EntryVersion.objects.earliest("pk")
    Entry.objects.filter(pk=late.entry_id).update(cleaned_version=0)
    assert drain(originals.retain) == 999

    def batches() -> tuple[int, int]:
        """How many batches a round has, and how many originals go."""
        count, done = 1, 0
        while (outcome := originals.retain()).more:
            count, done = count + 1, done + outcome.done
        return count, done + outcome.done

    time_machine.move_to(now + timedelta(minutes=5))
    assert batches() == (1, 0), "nothing new is old: one look"
    Entry.objects.filter(pk=late.entry_id).update(cleaned_version=1)
    time_machine.move_to(now + timedelta(hours=23))
    assert batches() == (1, 0)
    time_machine.move_to(now + timedelta(days=2))
    assert batches()[1] == 301, "what was left once comes with the round of the day, what grew old with any"
    time_machine.move_to(now + timedelta(days=2, minutes=5))
    many(feed, 150, 366)
    assert batches() == (2, 150)
