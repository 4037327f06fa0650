"""How a feed fares, in words: its state and why, when it is asked next and why then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timesince import timeuntil

from masthead.entries.queries import pages_left_alone
from masthead.feeds import queries
from masthead.feeds.models import Feed, FeedState, FullText, HostPause

_STOPPED = {
    FeedState.PAUSED: "not polled until somebody resumes it",
    FeedState.GONE: "not polled any more; Resume asks once again",
    FeedState.REFUSED: "not polled; Resume asks once again",
    FeedState.MERGED: "not polled; the other feed is",
    FeedState.IMPORTED: "an archive, never polled",
}


@dataclass(frozen=True, slots=True)
class Health:
    """`bad`: somebody should look. `due`: the next poll, `next` the same in words, `why` the reason for that time.

    `notes`: what else happened, in sentences.
    """

    feed: Feed
    state: str
    reason: str
    bad: bool
    due: datetime | None
    next: str
    why: str
    notes: tuple[str, ...] = ()


def health(feed: Feed) -> Health:
    """How one feed fares, and its pages."""
    told = all_of([feed])[0]
    why = pages_left_alone(feed.pk, timezone.now()) if feed.full_text == FullText.AUTO else ""
    return replace(told, notes=(*told.notes, f"Pages behind its items are left alone: {why}.")) if why else told


def all_of(feeds: Iterable[Feed]) -> list[Health]:
    """How each feed fares; one query for all of them."""
    now = timezone.now()
    pauses = {pause.host: pause for pause in queries.pauses(now)}
    return [_one(feed, now, pauses) for feed in feeds]


def _one(feed: Feed, now: datetime, pauses: Mapping[str, HostPause]) -> Health:
    if feed.state != FeedState.ACTIVE:
        bad = feed.state != FeedState.IMPORTED
        stopped = _STOPPED[FeedState(feed.state)]
        return Health(feed, feed.get_state_display(), feed.reason, bad, None, stopped, "", _notes(feed))
    due, why = _due(feed, pauses)
    if due is None or due <= now:
        when = "now, as soon as its turn comes"
    elif due - now < timedelta(minutes=1):
        when = "in less than a minute"
    else:
        when = f"in {timeuntil(due, now, depth=1)}".replace("\xa0", " ")
    return Health(feed, _state(feed), feed.reason, bool(feed.failures), due, when, why, _notes(feed))


def _state(feed: Feed) -> str:
    if feed.failures:
        times = "once" if feed.failures == 1 else f"{feed.failures} times in a row"
        return f"Failed {times}"
    if "seek" in feed.hints:
        return "Looking for its feed"
    if feed.fetched_at is None:
        return "Not asked yet"
    return "Works" if feed.succeeded_at else "Asked, not read yet"


def _due(feed: Feed, pauses: Mapping[str, HostPause]) -> tuple[datetime | None, str]:
    """The next poll: what is planned, moved by what the server allows and by its host's silence."""
    due, why = feed.due_at, feed.due_why
    if feed.not_before is not None and (due is None or feed.not_before > due):
        due, why = feed.not_before, "its server is not asked sooner" + (f" ({why})" if why else "")
    pause = pauses.get(feed.host)
    if pause is not None and (due is None or pause.until > due):
        due, why = pause.until, f"{pause.host} asked for silence ({pause.reason})"
    return due, why


def _notes(feed: Feed) -> tuple[str, ...]:
    notes = []
    if feed.moved_to:
        day = f" since {feed.moved_since:%Y-%m-%d}" if feed.moved_since else ""
        notes.append(
            f"Its server says{day} that it moved to {feed.moved_to}; this is believed after days of saying the same."
        )
    doubt = feed.hints.get("doubt") or {}
    if (at := parse_datetime(str(doubt.get("at", "")))) is not None:
        notes.append(f"Asked for in full after {at:%Y-%m-%d}, whatever its server calls unchanged: {doubt['why']}.")
    if feed.elsewhere.get("url"):
        notes.append(f"Its address leads on to {feed.elsewhere['url']}.")
    return tuple(notes)
