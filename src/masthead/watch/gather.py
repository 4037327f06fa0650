"""The numbers that stand in the database and on the disk, as they are at the moment of asking."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from masthead import __version__
from masthead.articles.models import Article
from masthead.feeds.models import Feed, FeedState
from masthead.feeds.queries import states
from masthead.store.metrics import Family, family
from masthead.store.models import Heartbeat
from masthead.watch.queues import queues

log = logging.getLogger(__name__)


def gather() -> list[Family]:
    """Everything; without the database only that it does not answer."""
    now = timezone.now()
    found = [family("masthead_info", "gauge", "The program.", {__version__: 1.0}, "version"), *_disk()]
    up = 1.0
    try:
        for part in (_steps, _queues, _feeds, _news, _database):
            found += part(now)
    except DatabaseError:
        log.exception("the database does not answer; the metrics go without it")
        up = 0.0
    return [*found, family("masthead_database_up", "gauge", "1 when the database answers.", up)]


def derived(families: list[Family]) -> list[Family]:
    """What follows from the numbers of all processes."""
    known = {one.name: one.values.get("", 0.0) for one in families}
    hits, misses = (known.get(f"masthead_page_cache_{name}_total", 0.0) for name in ("hits", "misses"))
    ratio = hits / (hits + misses) if hits + misses else 0.0
    return [family("masthead_page_cache_hit_ratio", "gauge", "Hits among hits and misses, since the start.", ratio)]


def _steps(now: datetime) -> Iterator[Family]:
    beats = list(Heartbeat.objects.all())
    ages = {b.step: max(0.0, (now - (b.finished_at or b.started_at)).total_seconds()) for b in beats}
    totals = {b.step: float(b.total) for b in beats}
    yield family("masthead_step_age_seconds", "gauge", "Since the step last ran.", ages, "step")
    yield family("masthead_step_rows_total", "counter", "Rows that the step finished.", totals, "step")
    failing = {b.step: float(bool(b.error)) for b in beats}
    yield family("masthead_step_failing", "gauge", "1 when the step's last run failed.", failing, "step")


def _queues(now: datetime) -> Iterator[Family]:
    found = queues(now)
    rows = {queue.step: float(queue.waiting) for queue in found}
    yield family("masthead_queue_rows", "gauge", "Rows that wait for the step, 100000 at most.", rows, "step")
    ages = {queue.step: queue.age(now) for queue in found}
    yield family(
        "masthead_queue_oldest_seconds", "gauge", "How long the oldest has waited: the step's lag.", ages, "step"
    )


def _feeds(now: datetime) -> Iterator[Family]:
    counts = {state: float(number) for state, number in states().items()}
    yield family("masthead_feeds", "gauge", "Feeds by state.", counts, "state")
    failing = Feed.objects.filter(state=FeedState.ACTIVE, failures__gte=3).count()
    yield family("masthead_feeds_failing", "gauge", "Active feeds that failed three times in a row or more.", failing)


def _news(now: datetime) -> Iterator[Family]:
    newest = Article.objects.order_by("-pk").values_list("first_seen_at", flat=True).first()
    if newest is not None:
        age = max(0.0, (now - newest).total_seconds())
        yield family("masthead_newest_article_seconds", "gauge", "Since the newest article was first seen.", age)


def _database(now: datetime) -> Iterator[Family]:
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        sizes = {name: _size(path.with_name(path.name + end)) for name, end in (("database", ""), ("wal", "-wal"))}
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            sizes = {"database": float(cursor.fetchone()[0])}
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            connections = float(cursor.fetchone()[0])
        yield family("masthead_database_connections", "gauge", "Connections of everybody to the database.", connections)
    yield family("masthead_database_bytes", "gauge", "Bytes of the database, and of SQLite's log.", sizes, "of")


def _disk() -> Iterator[Family]:
    home: Path = settings.MASTHEAD.home
    try:
        free = float(shutil.disk_usage(home).free)
    except OSError:
        log.exception("the disk of the home cannot be asked")
        return
    yield family("masthead_home_free_bytes", "gauge", "Room left on the disk of the home.", free)


def _size(path: Path) -> float:
    return float(path.stat().st_size) if path.is_file() else 0.0
