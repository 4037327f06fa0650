"""Turns: one process at a time, also after deaths, stops and wrong clocks."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection  # noqa: F401 (named in a mark)

from masthead.store import leases, turns
from masthead.stories.models import Progress

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _at(seconds: float) -> time_machine.travel:
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


def test_one_has_it_and_the_next_when_it_was_given_back() -> None:
    first = turns.take(Progress)
    assert first is not None and turns.take(Progress) is None
    assert first.give_back(article=7)
    assert Progress.objects.get().article == 7
    assert turns.take(Progress) is not None


def test_who_works_on_keeps_it_and_who_died_does_not() -> None:
    lasts = (turns.SHORT if leases.shared() else turns.LEASE).total_seconds()
    with _at(0):
        first = turns.take(Progress)
        assert first is not None
    with _at(lasts * 0.75):
        assert first.keep()
    with _at(lasts * 1.5):
        assert turns.take(Progress) is None
    with _at(lasts * 1.75 + 1):
        assert turns.take(Progress) is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one machine only")
def test_a_report_that_takes_long_costs_nobody_his_turn_and_one_that_hangs_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "SHORT", timedelta(seconds=1.0))
    monkeypatch.setattr(turns, "EVERY", 0.1)
    monkeypatch.setattr(turns, "HANGS", timedelta(seconds=2.5))
    mine = turns.take(Progress)
    began = time.monotonic()
    assert mine is not None
    while time.monotonic() - began < 2.0:
        assert turns.take(Progress) is None
        time.sleep(0.1)
    deadline = time.monotonic() + 20
    while (other := turns.take(Progress)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert not mine.keep() and not mine.give_back(article=99)
    assert other.give_back(article=7) and Progress.objects.get().article == 7


def test_who_was_stopped_for_too_long_is_told_and_writes_nothing() -> None:
    with _at(0):
        first = turns.take(Progress)
    with _at(60):
        second = turns.take(Progress)
        assert first is not None and second is not None
        assert not first.keep() and not first.give_back(article=99)
        assert second.keep() and Progress.objects.get().article == 0


@pytest.mark.parametrize("days", [1, 400, 5000])
def test_a_turn_out_of_a_wrong_clock_holds_up_nobody(days: int) -> None:
    with _at(days * 86_400):
        assert turns.take(Progress) is not None
    with _at(0):
        assert turns.take(Progress) is not None


def test_a_clock_that_jumps_takes_no_turn_from_who_has_it() -> None:
    with _at(0):
        mine = turns.take(Progress)
    for jump in (3600, -3600):
        with _at(jump):
            assert mine is not None and mine.keep()
            assert turns.take(Progress) is None
