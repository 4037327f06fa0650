"""What `masthead doctor` looks at. Each check gives findings; one that cannot be made is a finding itself."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from masthead import __version__
from masthead.audience.queries import behind_unknown_proxy
from masthead.feeds.models import Feed, FeedState, Fetch
from masthead.serve import database, deployment
from masthead.serve.finding import OK, WARNING, WRONG, Finding
from masthead.serve.home import BACKUPS
from masthead.store import media
from masthead.store.models import Heartbeat, Worker
from masthead.watch.queues import queues

SAFE_SQLITE = (3, 51, 3)
LATE = timedelta(minutes=15)
"""What waits longer between two stages than this says that the pipeline does not keep up."""


def examine(*, deploy: bool = False) -> list[Finding]:
    """Every check, in the order in which a cause comes before what follows from it; `deploy`: fit to be in public?"""
    findings: list[Finding] = []
    for check in (*CHECKS, *(deployment.CHECKS if deploy else ())):
        try:
            findings.extend(check())
        except (DatabaseError, OSError, ValueError) as error:
            findings.append(Finding(check.__name__, WRONG, f"cannot be examined: {error}"))
    return findings


def program() -> Iterator[Finding]:
    yield Finding("program", OK, f"Masthead {__version__}, home {settings.MASTHEAD.home}")
    if settings.MASTHEAD.debug:
        yield Finding("program", WRONG, "debug is on", "turn the setting debug off")


def stored_data() -> Iterator[Finding]:
    state = database.state()
    name = "database"
    if state.pending:
        yield Finding(name, WRONG, f"{state.pending} migrations are pending", "start `masthead` once")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            result = str(cursor.execute("PRAGMA quick_check(3)").fetchone()[0])
        sound = result == "ok"
        yield Finding(name, OK if sound else WRONG, f"SQLite: {result}", "" if sound else "restore a backup")
        yield _sqlite_version(sqlite3.sqlite_version_info)
    else:
        yield Finding(name, OK, f"PostgreSQL {connection.pg_version // 10_000}")  # type: ignore[attr-defined]


def _sqlite_version(version: tuple[int, ...]) -> Finding:
    shown = ".".join(map(str, version))
    if version >= SAFE_SQLITE:
        return Finding("sqlite", OK, f"SQLite {shown}")
    return Finding(
        "sqlite",
        WARNING,
        f"SQLite {shown} can corrupt a database that two programs write at once; Masthead's own gate prevents that",
        "let no other program write to the database, or use SQLite 3.51.3 or newer",
    )


def disk() -> Iterator[Finding]:
    home: Path = settings.MASTHEAD.home
    space = shutil.disk_usage(home)
    share = space.free / space.total
    state = WRONG if space.free < 200_000_000 else WARNING if share < 0.05 else OK
    yield Finding("disk", state, f"{space.free / 1e9:.1f} GB free ({share:.0%})", "" if state == OK else "make room")


def pictures() -> Iterator[Finding]:
    if media.in_bucket():
        why = media.trouble()
        where = settings.MASTHEAD.media.partition("?")[0]
        yield Finding(
            "pictures", WRONG if why else OK, why or f"kept in {where}", "look at its address, keys and rights"
        )


def machines() -> Iterator[Finding]:
    """Who works where, if there is a broker."""
    if not settings.MASTHEAD.broker:
        return
    there = list(Worker.objects.filter(seen_at__gte=timezone.now() - timedelta(seconds=30)))
    if not there:
        yield Finding("workers", WARNING, "there is none: `masthead serve` does the work", "start `masthead worker`")
    for worker in there:
        what = f"{worker.name}: {', '.join(worker.lanes)}"
        state = WARNING if worker.broker_error else OK
        yield Finding("workers", state, f"{what}; {worker.broker_error}" if worker.broker_error else what)


def clock() -> Iterator[Finding]:
    now = timezone.now()
    newest = Fetch.objects.order_by("-id").values_list("started_at", flat=True).first()
    if newest is not None and newest > now + timedelta(minutes=5):
        yield Finding("clock", WRONG, f"it is {now:%F %T} UTC, but a feed was read at {newest:%F %T}", "set the clock")
    elif now.year < 2026:
        yield Finding("clock", WRONG, f"it is {now:%F %T} UTC", "set the clock")
    else:
        yield Finding("clock", OK, f"{now:%F %T} UTC")


def readers() -> Iterator[Finding]:
    if behind_unknown_proxy():
        yield Finding(
            "readers",
            WRONG,
            "most requests come through a proxy that is not trusted, and are not counted as reading",
            "name it in the setting trusted_proxies",
        )


def steps() -> Iterator[Finding]:
    beats = list(Heartbeat.objects.all() if settings.MASTHEAD.broker else Heartbeat.objects.exclude(step="wake"))
    if not beats:
        yield Finding("pipeline", WARNING, "it has never run here", "start `masthead`")
    for beat in beats:
        age = timezone.now() - (beat.finished_at or beat.started_at)
        if beat.error:
            yield Finding(f"step {beat.step}", WRONG, beat.error, "the log has the whole story")
        elif age > timedelta(minutes=5):
            yield Finding(f"step {beat.step}", WARNING, f"last ran {_ago(age)} ago", "is `masthead` running?")
        else:
            yield Finding(f"step {beat.step}", OK, f"{beat.total} rows, last ran {_ago(age)} ago")


def feeds() -> Iterator[Finding]:
    active = Feed.objects.filter(state=FeedState.ACTIVE)
    failing = list(active.filter(failures__gte=3).order_by("-failures")[:20])
    yield Finding("feeds", OK, f"{active.count()} active")
    for feed in failing:
        yield Finding("feeds", WARNING, f"{feed.url} failed {feed.failures} times in a row", feed.reason)
    for feed in Feed.objects.filter(state__in=(FeedState.GONE, FeedState.REFUSED))[:20]:
        yield Finding("feeds", WARNING, f"{feed.url}: {feed.get_state_display()}", feed.reason)


def waiting() -> Iterator[Finding]:
    now = timezone.now()
    for queue in queues(now):
        if not queue.waiting:
            yield Finding("queue", OK, f"{queue.title}: nothing waits")
            continue
        age = timedelta(seconds=queue.age(now))
        state = WARNING if age > LATE else OK
        yield Finding("queue", state, f"{queue.title}: {queue.waiting:,} wait, the oldest for {_ago(age)}")


def backups() -> Iterator[Finding]:
    last = settings.MASTHEAD.home / BACKUPS / "last"
    if not last.is_file():
        yield Finding("backup", WARNING, "none was ever made", "masthead backup FILE, by a timer")
        return
    age = timezone.now() - datetime.fromisoformat(last.read_text(encoding="ascii").strip())
    yield Finding("backup", WARNING if age > timedelta(days=7) else OK, f"last one {_ago(age)} ago")


def _ago(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    program,
    stored_data,
    disk,
    pictures,
    clock,
    machines,
    steps,
    readers,
    feeds,
    waiting,
    backups,
)
