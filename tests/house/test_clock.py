"""A clock that was set back delays nothing that was planned, and asks no server sooner than it said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from masthead.feeds import claims
from masthead.feeds.models import Feed, Fetch, HostPause
from masthead.feeds.subscribe import Wish, subscribe
from masthead.store import clock
from masthead.store.models import LatestMoment
from masthead.store.steps import Outcome

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_after_a_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "_steps", clock._Steps())
    yield


def _planned(**plan: datetime | None) -> Feed:
    feed = subscribe(Wish(f"http://paper{len(plan)}.invalid/feed")).feed
    Feed.objects.filter(pk=feed.pk).update(**plan)
    return feed


def _due(feed: Feed) -> datetime | None:
    return Feed.objects.get(pk=feed.pk).due_at


def test_plans_go_back_with_the_clock_once() -> None:
    feed = _planned(due_at=NOON + timedelta(minutes=20), not_before=NOON + timedelta(minutes=10))
    HostPause.objects.create(host="paper.invalid", until=NOON + HOUR, reason="503")
    clock.notice(NOON)
    assert clock.notice(NOON - HOUR) == HOUR
    feed.refresh_from_db()
    assert (feed.due_at, feed.not_before) == (NOON - timedelta(minutes=40), NOON - timedelta(minutes=50))
    assert HostPause.objects.get().until == NOON
    assert clock.notice(NOON - HOUR) == timedelta(0)
    assert _due(feed) == NOON - timedelta(minutes=40)


def test_an_hour_ahead_for_a_moment_only() -> None:
    clock.notice(NOON)
    clock.notice(NOON + HOUR)
    feed = _planned(due_at=NOON + HOUR + timedelta(minutes=1))
    assert clock.notice(NOON + timedelta(seconds=5)) == HOUR - timedelta(seconds=5)
    assert _due(feed) == NOON + timedelta(minutes=1, seconds=5)


def test_after_a_restart_too() -> None:
    LatestMoment.objects.create(pk=1, at=NOON)
    feed = _planned(due_at=NOON + HOUR)
    assert clock.notice(NOON - HOUR) == HOUR and _due(feed) == NOON


def test_the_other_process_of_the_machine_moves_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    other = clock._Steps()
    feed = _planned(due_at=NOON + 2 * HOUR)
    clock.notice(NOON)
    with monkeypatch.context() as there:
        there.setattr(clock, "_steps", other)
        clock.notice(NOON)
    assert clock.notice(NOON - HOUR) == HOUR
    with monkeypatch.context() as there:
        there.setattr(clock, "_steps", other)
        assert clock.notice(NOON - HOUR) == timedelta(0)
    assert _due(feed) == NOON + HOUR


def test_another_machine_that_is_ahead_brings_no_plan_forward() -> None:
    feed = _planned(due_at=NOON + 2 * HOUR)
    clock.notice(NOON)
    for _ in range(3):
        LatestMoment.objects.update(at=NOON + HOUR)
        clock._steps.written = float("-inf")
        assert clock.notice(NOON) == timedelta(0)
    assert _due(feed) == NOON + 2 * HOUR


def test_what_was_fetched_by_the_wrong_clock_is_planned_and_dated_by_the_right_one() -> None:
    clock.notice(NOON)
    clock.notice(NOON + HOUR)
    feed = _planned(fetched_at=NOON + HOUR)
    read, unread = (
        Fetch.objects.create(feed=feed, started_at=NOON + HOUR, elapsed=0.1, ingested_at=ingested)
        for ingested in (NOON, None)
    )
    clock.notice(NOON)
    for row in (feed, read, unread):
        row.refresh_from_db()
    assert (feed.fetched_at, unread.started_at, read.started_at) == (NOON, NOON, NOON + HOUR)


def test_what_was_due_already_and_what_has_no_plan_stay() -> None:
    overdue, unplanned = _planned(due_at=NOON - 3 * HOUR), _planned(due_at=None, not_before=None)
    clock.notice(NOON)
    clock.notice(NOON - HOUR)
    assert _due(overdue) == NOON - 3 * HOUR and _due(unplanned) is None


@pytest.mark.parametrize("moved", [timedelta(0), timedelta(seconds=-30), HOUR])
def test_small_steps_and_a_clock_set_forward_move_nothing(moved: timedelta) -> None:
    feed = _planned(due_at=NOON + 2 * HOUR)
    clock.notice(NOON)
    assert clock.notice(NOON + moved) == timedelta(0)
    assert _due(feed) == NOON + 2 * HOUR


def test_a_run_of_polling_that_lasts_notices_it_on_the_way() -> None:
    feed = _planned(due_at=timezone.now() + HOUR - timedelta(seconds=1), not_before=None)
    due = claims.DueFeeds(doubtful=10)
    clock.notice(timezone.now() + HOUR)
    assert [held.feed.pk for held in due.take((), 10)] == [feed.pk]


def test_a_step_notices_it_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    from masthead.pipeline import Runner, Step

    feed = _planned(due_at=timezone.now() + HOUR)
    clock.notice(timezone.now() + HOUR)
    runner = Runner(Step("own", "own", "unused:unused"))
    seen: list[datetime | None] = []

    def look() -> Outcome:
        seen.append(_due(feed))
        return Outcome()

    monkeypatch.setattr(runner, "_verb", look)
    runner.run()
    assert seen[0] is not None and seen[0] <= timezone.now()
