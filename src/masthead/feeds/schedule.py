"""When a feed is asked again. Pure: what was said and what happened go in, a plan comes out.

The order of power: nothing makes a poll come before the floor and what the server asked for; the feed's own rhythm
(ttl, update period, hours and days to skip) and our measured interval only lengthen; jitter only adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from masthead.core.fetch.waiting import LONGEST_FRESHNESS, fresh_for, retry_after
from masthead.core.types import FeedHints

# Without validators every poll carries the whole feed: a day in place of an hour.
UNVALIDATED = 24
# The measured interval stays between the floor and this many floors (a day).
QUIETEST = 24
# Seconds between two polls of a feed whose hub tells us of news.
TOLD = 86_400
_RISE, _FALL = 1.5, 0.5
_BACKOFF_CAP = timedelta(days=1)
_LONG_BACKOFF_CAP = timedelta(days=7)
_MOST_JITTER = timedelta(minutes=15)
_WAKING = timedelta(minutes=45)
# A feed that was asked late, many being due at once (an import, a long stop), is moved apart from the others by up to
# so many times its lateness, an hour at most: so the burst is over after one round instead of coming back each hour.
_LATE_SHARE, _MOST_LATE_JITTER = 6, timedelta(hours=1)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# No plan reaches further; a due time beyond it comes from a clock that was wrong.
HORIZON = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Hints:
    """All that was said about this feed's rhythm. `fresh_for` in seconds, None when the server never said.

    `late`: by how many seconds it was asked later than planned.
    """

    feed: FeedHints = field(default_factory=FeedHints)
    fresh_for: int | None = None
    validators: bool = False
    late: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """What we measured: `interval` in seconds, `failures` in a row before the answer at hand."""

    interval: int
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """`due_at`: the next poll. `not_before`: nobody, not even an editor, may have it sooner. `why` is for people."""

    due_at: datetime
    not_before: datetime
    interval: int
    failures: int
    why: str


def _words(seconds: float) -> str:
    """A span of time in the largest unit that fits."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = f"{seconds / size:.{0 if name == 'minute' else 1}f}".removesuffix(".0")
            return f"{count} {name}{'' if count == '1' else 's'}"
    return f"{seconds:.0f} second{'' if seconds == 1 else 's'}"


def skip(moment: datetime, hours: tuple[int, ...], days: tuple[str, ...]) -> datetime:
    """The first moment from `moment` on that lies in no skipped hour or day (RSS 2.0 `skipHours`, `skipDays`; GMT).

    A feed that skips everything skips nothing. 24 is read as 0, as RSS 0.91 wrote it.
    """
    closed_hours = {hour % 24 for hour in hours if 0 <= hour <= 24}
    closed_days = {name.strip().lower() for name in days} & set(_DAYS)
    if len(closed_hours) == 24 or len(closed_days) == 7:
        return moment
    while moment.hour in closed_hours or _DAYS[moment.weekday()] in closed_days:
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment


def _place(base: datetime, interval: float, hints: FeedHints, spread: float, late: int = 0) -> datetime:
    """`base` moved out of what the feed skips, and later by its share of the jitter (`spread` from 0 to 1).

    The jitter is a tenth of the interval, or more for one that was asked `late` (in seconds), but no longer than the
    interval: a clock that was set forward makes all feeds late.
    """
    usual = min(timedelta(seconds=interval / 10), _MOST_JITTER)
    most = min(_MOST_LATE_JITTER, timedelta(seconds=interval))
    jitter = max(usual, min(timedelta(seconds=_LATE_SHARE * late), most)) * spread
    first = base + jitter
    open_at = skip(first, hints.skip_hours, hints.skip_days)
    if open_at == first:
        return first
    # All that slept through the same hours would wake in the same minute.
    return skip(open_at + _WAKING * spread, hints.skip_hours, hints.skip_days)


def after_success(
    now: datetime,
    hints: Hints,
    history: History,
    *,
    changed: bool | None,
    floor: int,
    spread: float,
    told: bool = False,
) -> Plan:
    """The plan after a 200 or 304. `changed`: whether it brought something new; None: not known yet.

    The largest of all spans wins: the floor (24 floors for a feed without validators), the server's freshness, `ttl`,
    the update period, and the measured interval, which rises while a feed is quiet and falls when it brings news.
    `told`: the feed's hub tells us of news; then a poll a day makes sure of it.
    """
    interval = max(floor, history.interval)
    if changed is not None:
        interval = round(min(max(floor, interval * (_FALL if changed else _RISE)), floor * QUIETEST))
    capped = int(LONGEST_FRESHNESS.total_seconds())
    said = [
        (floor, f"not sooner than every {_words(floor)}"),
        (0 if hints.validators else floor * UNVALIDATED, "its server gives nothing to ask conditionally with"),
        (min(hints.fresh_for or 0, capped), "its server calls the answer fresh for so long"),
        (min((hints.feed.ttl or 0) * 60, capped), "the feed's ttl"),
        (min(hints.feed.update_period or 0, capped), "the feed's update period"),
    ]
    polite, polite_why = max(said, key=lambda pair: pair[0])
    wait, why = (polite, polite_why) if polite >= interval else (interval, "measured from how often it brings news")
    if told and wait < TOLD:
        wait, why = TOLD, "its hub tells of news; asked once a day to be sure"
    base = now + timedelta(seconds=wait)
    due_at = _place(base, wait, hints.feed, spread, hints.late)
    if skip(base, hints.feed.skip_hours, hints.feed.skip_days) != base:
        why = f"{why}; moved out of the hours or days that the feed skips"
    not_before = skip(now + timedelta(seconds=polite), hints.feed.skip_hours, hints.feed.skip_days)
    return Plan(due_at, not_before, interval, 0, f"after {_words((due_at - now).total_seconds())}: {why}")


def after_failure(
    now: datetime,
    history: History,
    *,
    status: int,
    headers: Mapping[str, str],
    floor: int,
    spread: float,
) -> Plan:
    """The plan after an error: doubling from the floor, a day at most; 401, 403, 404 start at a day, a week at most.

    `Retry-After` counts on any answer and is never undercut.
    """
    failures = history.failures + 1
    refused = status in (401, 403, 404, 451)
    first = timedelta(seconds=floor * (QUIETEST if refused else 1))
    cap = max(_LONG_BACKOFF_CAP if refused else _BACKOFF_CAP, first)
    wait = min(first * 2 ** min(failures - 1, 20), cap)
    why = f"failure {failures} in a row"
    not_before = now + timedelta(seconds=floor)
    asked = retry_after(headers, now)
    if asked is not None and asked > not_before:
        not_before = asked
        if asked > now + wait:
            wait, why = asked - now, "its server asked for silence (Retry-After)"
    due_at = _place(now + wait, wait.total_seconds(), FeedHints(), spread)
    after = _words((due_at - now).total_seconds())
    return Plan(due_at, not_before, max(floor, history.interval), failures, f"after {after}: {why}")


def freshness(headers: Mapping[str, str], known: int | None) -> int | None:
    """The freshness that holds after an answer: its own, else (a 304 may leave it out) what was known."""
    said = fresh_for(headers)
    return known if said is None else said
