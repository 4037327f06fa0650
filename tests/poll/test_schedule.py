"""When a feed is asked again: the timing behaviours, by number."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from masthead.core.fetch.waiting import fresh_for, http_date, pause_after, retry_after
from masthead.core.types import FeedHints
from masthead.feeds import schedule
from masthead.feeds.schedule import Hints, History, Plan, after_failure, after_success, freshness, skip

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=UTC)  # a Tuesday
HOUR, DAY = 3600, 86_400
GOOD = Hints(validators=True)


def success(hints: Hints = GOOD, interval: int = HOUR, changed: bool | None = None, spread: float = 0.0) -> Plan:
    return after_success(NOW, hints, History(interval), changed=changed, floor=HOUR, spread=spread)


def failure(failures: int = 0, status: int = 500, spread: float = 0.0, **headers: str) -> Plan:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return after_failure(NOW, History(HOUR, failures), status=status, headers=named, floor=HOUR, spread=spread)


def seconds(plan: Plan) -> float:
    return (plan.due_at - NOW).total_seconds()


def test_17_an_hour_with_validators_a_day_without() -> None:
    assert seconds(success()) == HOUR
    assert seconds(success(Hints())) == DAY
    assert success(Hints()).not_before == NOW + timedelta(days=1)


@pytest.mark.parametrize("spread", [0.0, 0.001, 0.5, 1.0])
def test_18_and_23_jitter_only_adds(spread: float) -> None:
    assert HOUR <= seconds(success(spread=spread)) <= HOUR + 360
    assert DAY <= seconds(success(Hints(), spread=spread)) <= DAY + 900
    assert HOUR <= seconds(failure(spread=spread)) <= HOUR + 360


def test_23_feeds_spread_out() -> None:
    assert len({success(spread=n / 100).due_at for n in range(100)}) == 100


@pytest.mark.parametrize("skip_hours", [(), (11, 12)])
def test_23_no_spike_at_the_top_of_the_hour(skip_hours: tuple[int, ...]) -> None:
    """600 feeds that were polled over an hour, all told the same: what comes due per minute stays flat."""
    hints = Hints(FeedHints(skip_hours=skip_hours), validators=True)
    draw = random.Random(7)
    minutes: Counter[datetime] = Counter()
    for number in range(600):
        polled = NOW + timedelta(seconds=6 * number)
        plan = after_success(polled, hints, History(3600), changed=None, floor=3600, spread=draw.random())
        minutes[plan.due_at.replace(second=0, microsecond=0)] += 1
    assert max(minutes.values()) <= 3 * 600 / 60, minutes.most_common(3)
    assert not {minute.hour for minute in minutes} & set(skip_hours)
    assert sum(count for minute, count in minutes.items() if minute.minute == 0) <= 3 * 600 / 60


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "max-age=7200"}, 7200),
        ({"cache-control": 'public, max-age="7200"'}, 7200),
        ({"cache-control": "max-age=7200", "age": "1200"}, 6000),
        ({"cache-control": "max-age=60", "age": "1200"}, 0),
        ({"cache-control": "max-age=7200, no-cache"}, 0),
        ({"cache-control": "max-age=7200", "expires": "Tue, 24 Nov 2026 10:30:00 GMT"}, 7200),
        ({"expires": "Tue, 24 Nov 2026 12:00:00 GMT", "date": "Tue, 24 Nov 2026 10:00:00 GMT"}, 7200),
        ({"expires": "Tuesday, 24-Nov-26 12:00:00 GMT", "date": "Tue Nov 24 10:00:00 2026"}, 7200),
        ({"expires": "0", "date": "Tue, 24 Nov 2026 10:00:00 GMT"}, 0),
        ({"cache-control": "max-age=999999999999999999999999"}, 7 * DAY),
        ({"cache-control": "max-age=315360000"}, 7 * DAY),
        ({"cache-control": "s-maxage=7200"}, None),
        ({}, None),
    ],
)
def test_19_freshness_of_an_answer(headers: dict[str, str], expected: int | None) -> None:
    assert fresh_for(headers) == expected


def test_19_freshness_holds_after_a_304_that_leaves_it_out() -> None:
    assert freshness({"cache-control": "max-age=9000"}, None) == 9000
    assert freshness({}, 9000) == 9000
    assert freshness({"cache-control": "max-age=60"}, 9000) == 60
    assert seconds(success(Hints(fresh_for=9000, validators=True))) == 9000


def test_20_the_feeds_own_rhythm_lengthens_and_never_shortens() -> None:
    assert seconds(success(Hints(FeedHints(ttl=180), validators=True))) == 3 * HOUR
    assert seconds(success(Hints(FeedHints(ttl=5), validators=True))) == HOUR
    assert seconds(success(Hints(FeedHints(update_period=DAY), validators=True))) == DAY
    assert seconds(success(Hints(FeedHints(update_period=60), validators=True))) == HOUR
    assert seconds(success(Hints(FeedHints(ttl=180)))) == DAY


def test_20_skipped_hours_and_days_in_gmt() -> None:
    assert skip(NOW, (10, 11, 12), ()) == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert skip(NOW, (), ("Tuesday",)) == datetime(2026, 11, 25, tzinfo=UTC)
    assert skip(NOW, (0,), ("tuesday", "WEDNESDAY")) == datetime(2026, 11, 26, 1, tzinfo=UTC)
    assert skip(NOW, (9, 11), ("Monday",)) == NOW
    assert skip(datetime(2026, 11, 24, 0, 5, tzinfo=UTC), (24,), ()).hour == 1
    assert skip(NOW, tuple(range(24)), ()) == NOW
    plan = success(Hints(FeedHints(skip_hours=(11, 12)), validators=True), spread=0.5)
    assert plan.due_at.hour == 13 and plan.due_at.minute > 0, "not all at the stroke of the hour"
    assert plan.not_before == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert "skips" in plan.why


def test_21_the_largest_hint_wins_up_to_a_week() -> None:
    hints = Hints(FeedHints(ttl=120, update_period=4 * HOUR), fresh_for=3 * HOUR, validators=True)
    assert seconds(success(hints)) == 4 * HOUR
    assert "update period" in success(hints).why
    assert seconds(success(Hints(FeedHints(ttl=525_600), validators=True))) == 7 * DAY


def test_24_the_interval_rises_when_quiet_and_falls_with_news() -> None:
    interval = HOUR
    for _ in range(20):
        plan = success(interval=interval, changed=False)
        assert plan.interval >= interval
        interval = plan.interval
    assert interval == DAY
    for _ in range(10):
        interval = success(interval=interval, changed=True).interval
    assert interval == HOUR
    assert success(interval=7000).interval == 7000, "not known yet: as it was"
    quiet = success(interval=DAY, changed=False)
    assert quiet.not_before == NOW + timedelta(hours=1), "an editor may ask sooner than we would"


@pytest.mark.parametrize(
    ("value", "date", "wait"),
    [
        ("120", "", 120),
        (" 120 ", "", 120),
        ("0", "", 0),
        ("Tue, 24 Nov 2026 12:20:00 GMT", "", 2 * HOUR),
        ("Tue, 24 Nov 2026 12:20:00 GMT", "Tue, 24 Nov 2026 12:10:00 GMT", 600),
        ("Mon, 23 Nov 2026 12:20:00 GMT", "", 0),
        ("315360000", "", 31 * DAY),
    ],
)
def test_26_retry_after_in_both_forms(value: str, date: str, wait: int) -> None:
    headers = {"retry-after": value} | ({"date": date} if date else {})
    assert retry_after(headers, NOW) == NOW + timedelta(seconds=wait)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "Tue, 99 Nov 2026"])
def test_26_what_is_no_retry_after(value: str) -> None:
    assert retry_after({"retry-after": value}, NOW) is None


@pytest.mark.parametrize("status", [429, 503, 500, 403, 404, 301])
def test_26_retry_after_counts_on_any_error(status: int) -> None:
    plan = failure(status=status, retry_after=str(10 * DAY))
    assert seconds(plan) >= 10 * DAY and plan.not_before == NOW + timedelta(days=10)


def test_26_a_short_retry_after_does_not_undercut_the_floor() -> None:
    assert seconds(failure(status=503, retry_after="1")) >= HOUR


def test_27_and_30_backoff_doubles_to_a_day() -> None:
    waits = [seconds(failure(failures=n)) / HOUR for n in range(8)]
    assert waits == [1, 2, 4, 8, 16, 24, 24, 24]
    assert seconds(failure(failures=10_000)) == DAY
    assert failure(failures=3).failures == 4
    assert success().failures == 0


@pytest.mark.parametrize("status", [401, 403, 404, 451])
def test_31_refusals_back_off_by_days(status: int) -> None:
    assert [seconds(failure(n, status)) / DAY for n in range(5)] == [1, 2, 4, 7, 7]


def test_28_what_silences_a_host() -> None:
    assert pause_after(429, {"retry-after": "600"}, NOW, silence=900) == (
        NOW + timedelta(minutes=10),
        "429 Too Many Requests",
    )
    without = pause_after(429, {}, NOW, silence=900)
    assert without is not None and without[0] == NOW + timedelta(minutes=15)
    assert pause_after(503, {"retry-after": "600"}, NOW, silence=900) is not None
    assert pause_after(503, {}, NOW, silence=900) is None
    assert pause_after(404, {"retry-after": "600"}, NOW, silence=900) is None


def test_dates_of_http_in_three_forms() -> None:
    moment = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
    for text in ("Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"):
        assert http_date(text) == moment
    for text in ("", "0", "-1", "never", "Sun, 99 Nov 1994 08:49:37 GMT", "9" * 500):
        assert http_date(text) is None
    # No moment that there is in UTC.
    for text in ("Fri, 31 Dec 9999 23:59:59 -1200", "1 Jan 2024 00:00:00 +999999"):
        assert http_date(text) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (45, "45 seconds"),
        (60, "1 minute"),
        (124, "2 minutes"),
        (3600, "1 hour"),
        (5400, "1.5 hours"),
        (259_300, "3 days"),
    ],
)
def test_spans_of_time_are_told_as_people_tell_them(seconds: int, words: str) -> None:
    assert schedule._words(seconds) == words
