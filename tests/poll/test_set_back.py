"""A clock that was set back delays no poll, and asks no server sooner than it said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from masthead.feeds import set_back
from masthead.feeds.models import Feed, HostPause
from masthead.feeds.subscribe import Wish, subscribe
from masthead.store.models import Heartbeat

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def _planned(**plan: datetime | None) -> Feed:
    feed = subscribe(Wish(f"http://paper{len(plan)}.invalid/feed")).feed
    Feed.objects.filter(pk=feed.pk).update(**plan)
    return feed


def _seen(at: datetime) -> None:
    Heartbeat.objects.create(step="poll", started_at=at, finished_at=at)


def test_plans_go_back_with_the_clock_once() -> None:
    feed = _planned(due_at=NOON + timedelta(minutes=20), not_before=NOON + timedelta(minutes=10))
    HostPause.objects.create(host="paper.invalid", until=NOON + HOUR, reason="503")
    _seen(NOON)
    assert set_back.notice(NOON - HOUR) == HOUR
    feed.refresh_from_db()
    assert (feed.due_at, feed.not_before) == (NOON - timedelta(minutes=40), NOON - timedelta(minutes=50))
    assert HostPause.objects.get().until == NOON
    assert set_back.notice(NOON - HOUR) == timedelta(0)
    feed.refresh_from_db()
    assert feed.due_at == NOON - timedelta(minutes=40)


def test_what_was_due_already_and_what_has_no_plan_stay() -> None:
    overdue, unplanned = _planned(due_at=NOON - 3 * HOUR), _planned(due_at=None, not_before=None)
    _seen(NOON)
    set_back.notice(NOON - HOUR)
    overdue.refresh_from_db()
    unplanned.refresh_from_db()
    assert overdue.due_at == NOON - 3 * HOUR and unplanned.due_at is None


@pytest.mark.parametrize("moved", [timedelta(0), timedelta(seconds=-30), HOUR])
def test_small_steps_and_a_clock_set_forward_move_nothing(moved: timedelta) -> None:
    feed = _planned(due_at=NOON + 2 * HOUR)
    _seen(NOON)
    assert set_back.notice(NOON + moved) == timedelta(0)
    feed.refresh_from_db()
    assert feed.due_at == NOON + 2 * HOUR
