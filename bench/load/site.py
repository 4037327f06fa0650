"""A site that is read while it takes news in: what its readers wait, and what its processes take meanwhile.

python -m load ingest [--minutes 10] [--rate 200] [--feeds 5000]
python -m load soak [--minutes 60] [--rate 50]
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from load.client import Readers, Told
from load.machine import family, free_port, part_of, started, wait_for
from load.pages import fill
from polling import documents

POLLING = Path(__file__).parents[1] / "polling"
EVERY = 5.0
"""Seconds between two looks at the processes."""


@dataclass
class Seen:
    """One look: seconds since the begin; megabytes and handles of web and pipeline; bytes of the log; rows."""

    at: float
    web: float
    pipeline: float
    web_files: int
    pipeline_files: int
    wal: int
    entries: int
    articles: int
    load: float


@dataclass
class Outcome:
    """What readers saw and what was seen of the site meanwhile."""

    minutes: float
    rate: float
    feeds: int
    told: Told
    seen: list[Seen] = field(default_factory=list)


def run(folder: Path, *, minutes: float, rate: float, feeds: int) -> Outcome:
    """Serve, read and ingest. `feeds` of twenty items each are all new at the beginning."""
    home = folder / "home"
    fill(home)
    with ExitStack() as running:
        publisher, port = free_port(), free_port()
        names = os.pathsep.join([str(POLLING.parent), os.environ.get("PYTHONPATH", "")])
        crowd = {"PYTHONPATH": names, "BENCH_FEEDS": str(feeds)}
        server = [sys.executable, "-m", "polling.server", str(publisher)]
        running.enter_context(started(server, log=folder / "publisher.log", **crowd))
        _wait_for_publisher(publisher)
        site = {
            "MASTHEAD_HOME": str(home),
            "MASTHEAD_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "MASTHEAD_HOST_GAP": "0",
            "MASTHEAD_ADDRESS_GAP": "0",
        }
        _subscribe(folder, site, publisher, feeds)
        command = [sys.executable, "-m", "masthead", "--bind", f"127.0.0.1:{port}"]
        pid = running.enter_context(started(command, log=folder / "masthead.log", **site))
        wait_for(f"http://127.0.0.1:{port}/readyz")
        outcome = Outcome(minutes, rate, feeds, Told())
        stopping = threading.Event()
        watcher = threading.Thread(target=_watch, args=(pid, home, outcome.seen, stopping))
        watcher.start()
        try:
            outcome.told = Readers(port, rate, minutes * 60).run()
        finally:
            stopping.set()
            watcher.join()
    return outcome


def _wait_for_publisher(port: int, seconds: float = 120) -> None:
    """It writes all its documents first. Who does not wait has all feeds refused, once an hour."""
    end = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _subscribe(folder: Path, site: dict[str, str], port: int, feeds: int) -> None:
    addresses = folder / "addresses"
    addresses.write_text("\n".join(f"http://{documents.host_of(n)}:{port}{documents.path_of(n)}" for n in range(feeds)))
    known = {**os.environ, **site, "DJANGO_SETTINGS_MODULE": "masthead.settings"}
    subprocess.run([sys.executable, str(POLLING / "run_masthead.py"), "add", str(addresses)], env=known, check=True)


def _watch(pid: int, home: Path, seen: list[Seen], stopping: threading.Event) -> None:
    began = time.monotonic()
    web, pipeline = part_of(pid, "web"), part_of(pid, "pipeline")
    while True:
        # The first at once: what comes in the first seconds counts as well.
        with suppress(psutil.Error, OSError, sqlite3.Error):
            seen.append(_look(time.monotonic() - began, web, pipeline, home))
        if stopping.wait(EVERY):
            return


def _look(at: float, web: int, pipeline: int, home: Path) -> Seen:
    wal = home / "masthead.sqlite3-wal"
    with sqlite3.connect(f"file:{home / 'masthead.sqlite3'}?mode=ro", uri=True, timeout=1) as database:
        [entries] = database.execute("SELECT coalesce(max(id), 0) FROM entries_entry").fetchone()
        [articles] = database.execute("SELECT coalesce(max(id), 0) FROM articles_article").fetchone()
    database.close()
    ours = psutil.Process(pipeline)
    return Seen(
        at, sum(p.memory_info().rss for p in family(web)) / 1e6, ours.memory_info().rss / 1e6,
        sum(p.num_fds() for p in family(web)), ours.num_fds(),
        wal.stat().st_size if wal.is_file() else 0, entries, articles, os.getloadavg()[0],
    )  # fmt: skip


def slope(points: list[tuple[float, float]]) -> float:
    """What grows in an hour, by least squares; seconds and whatever is measured."""
    if len(points) < 3:
        return 0.0
    mean_at = sum(at for at, _ in points) / len(points)
    mean = sum(value for _, value in points) / len(points)
    spread = sum((at - mean_at) ** 2 for at, _ in points)
    return 3600 * sum((at - mean_at) * (value - mean) for at, value in points) / spread if spread else 0.0


def readers_table(outcome: Outcome) -> str:
    """What readers waited, and what came in meanwhile."""
    told, seen = outcome.told, outcome.seen
    failed = sum(n for status, n in told.statuses.items() if status.startswith("5") or not status.isdigit())
    late = sorted(told.late)[int(0.99 * len(told.late))] * 1000 if told.late else 0.0
    loads = [one.load for one in seen] or [0.0]
    lines = [
        "| minutes | requests a second | answered | p50 ms | p95 ms | p99 ms | worst ms | 5xx and failed | feeds "
        "| items taken in | articles made | load of the machine |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        f"| {outcome.minutes:g} | {outcome.rate:g} | {len(told.took):,} | {told.quantile(0.5):.1f} "
        f"| {told.quantile(0.95):.1f} | {told.quantile(0.99):.1f} | {told.quantile(1):.0f} | {failed} "
        f"| {outcome.feeds:,} | {_grown(seen, 'entries'):,} | {_grown(seen, 'articles'):,} "
        f"| {min(loads):.1f} to {max(loads):.1f} |",
        "",
        f"Answers: {', '.join(f'{status}: {n:,}' for status, n in sorted(told.statuses.items()))}.",
        f"The client itself was {late:.0f} ms late at its 99th percentile, which is in the figures.",
    ]
    return "\n".join(lines)


def soak_table(outcome: Outcome) -> str:
    """What grew, after the first third of the time, in which caches fill."""
    rest = [one for one in outcome.seen if one.at > outcome.minutes * 20]
    lines = ["| what | first | last | most | grows in an hour |", "|---|---:|---:|---:|---:|"]
    for title, name, unit in (
        ("web processes, MB", "web", 1), ("pipeline without its workers, MB", "pipeline", 1),
        ("handles of the web processes", "web_files", 1), ("handles of the pipeline", "pipeline_files", 1),
        ("write-ahead log, MB", "wal", 1e6),
    ):  # fmt: skip
        values = [(one.at, getattr(one, name) / unit) for one in rest]
        if values:
            most = max(value for _, value in values)
            lines.append(f"| {title} | {values[0][1]:.1f} | {values[-1][1]:.1f} | {most:.1f} | {slope(values):+.1f} |")
    return "\n".join(lines)


def _grown(seen: list[Seen], name: str) -> int:
    return int(getattr(seen[-1], name) - getattr(seen[0], name)) if seen else 0
