"""What workers cost: the same feeds and articles read with and without them, in turns, in one run.

    python bench/workers.py [--feeds N] [--items N] [--rounds N]

Prints items per second by the clock, and per second of processor time of this process and its workers together, which
other programs on the machine do not change: of the pure functions alone with one worker at a time, which shows the
price of the way there and back, and of the steps (ingest, clean: SQLite in a folder of its own, everything written).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psutil

WORDS = [
    "harbour",
    "bridge",
    "council",
    "storm",
    "vote",
    "mayor",
    "river",
    "report",
    "open",
    "market",
    "school",
    "train",
    "line",
    "winter",
    "plan",
    "cost",
]


def _text(seed: int) -> str:
    paragraphs = []
    for n in range(8):
        words = [WORDS[(seed * 7 + n * 5 + m * m) % len(WORDS)] for m in range(45)]
        paragraphs.append(f"<p>The {' '.join(words)}, the mayor said on <a href='/x?utm_source=a'>Monday</a>.</p>")
    return "".join(paragraphs)


def document(feed: int, items: int) -> bytes:
    """An RSS document with whole texts, about 4 KB an item."""
    parts = []
    for n in range(items):
        text = _text(feed * 1000 + n).replace("&", "&amp;").replace("<", "&lt;")
        parts.append(
            f"<item><guid>g{n}</guid><title>Report {n} of paper {feed}</title><link>http://p{feed}.example/{n}</link>"
            f"<pubDate>Tue, 24 Nov 2026 09:{n % 60:02d}:00 GMT</pubDate><description>{text}</description></item>"
        )
    head = f"<title>Paper {feed}</title><link>http://p{feed}.example/</link>"
    return f"<?xml version='1.0'?><rss version='2.0'><channel>{head}{''.join(parts)}</channel></rss>".encode()


class _Watch:
    """Seconds by the clock and of the processors, of this process and all that live below it."""

    def __enter__(self) -> _Watch:
        self._busy, self._began = self._processors(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.clock, self.busy = time.perf_counter() - self._began, self._processors() - self._busy

    def _processors(self) -> float:
        found = 0.0
        for process in psutil.Process().children(recursive=True):
            times = process.cpu_times()
            found += times.user + times.system
        return found + time.process_time()

    def rates(self, name: str, items: int) -> dict[str, float]:
        return {f"{name} by the clock": items / self.clock, f"{name} by processor": items / self.busy}


def _steps(feeds: int, items: int, number: int) -> dict[str, float]:
    """Items per second of ingest and clean over documents that nobody has seen."""
    import zstandard

    from masthead.articles.clean import clean
    from masthead.entries.ingest import ingest
    from masthead.feeds.models import Fetch
    from masthead.feeds.subscribe import Wish, subscribe

    for n in range(feeds):
        feed = subscribe(Wish(f"http://r{number}p{n}.example/feed", source=f"Paper {number} {n}")).feed
        data = document(number * 1000 + n, items)
        Fetch.objects.create(
            feed=feed, started_at=datetime.now(UTC), status=200, final_url=feed.url,
            body=zstandard.compress(data), body_size=len(data),
        )  # fmt: skip
    found = {}
    for name, step in (("ingest", ingest), ("clean", clean)):
        with _Watch() as watch:
            while step().more:
                pass
        found |= watch.rates(name, feeds * items)
    return found


def _pure(feeds: int, items: int, pool: Any) -> dict[str, float]:
    from masthead.articles.clean import MAKE
    from masthead.articles.make import Material
    from masthead.core.repair import EntryContext
    from masthead.entries.read import READ, Body

    bodies = [(n, Body(n, document(n, items), "http://p.example/feed", "text/xml")) for n in range(feeds)]
    with _Watch() as watch:
        readings = [reading for _, reading in pool.stream(READ, bodies)]
    found = watch.rates("parse", feeds * items)
    seen = datetime(2026, 11, 24, 12, tzinfo=UTC)
    materials = [
        (n, Material(json.loads(item.record), EntryContext(), seen))
        for n, reading in enumerate(readings)
        for item in reading.items
    ]
    with _Watch() as watch:
        made = [making for _, making in pool.stream(MAKE, materials)]
    found |= watch.rates("repair", len(made))
    assert all(making.article.text for making in made)
    return found


def _both(rounds: int, way: Callable[[int, bool], dict[str, float]]) -> None:
    results: dict[tuple[str, bool], list[float]] = {}
    for number in range(rounds):
        for workers in (number % 2 == 0, number % 2 != 0):
            for name, rate in way(number, workers).items():
                results.setdefault((name, workers), []).append(rate)
    for name in dict.fromkeys(name for name, _ in results):
        without, with_ = (statistics.median(results[name, workers]) for workers in (False, True))
        print(f"{name:20} {without:10.0f} {with_:10.0f}   {with_ / without - 1:+7.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"MASTHEAD_HOME": home, "DJANGO_SETTINGS_MODULE": "masthead.settings"}
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        from masthead.store.workers import run
        from masthead.store.workers.pool import Inside, Pool

        call_command("migrate", verbosity=0)
        inside, one = Inside(), Pool(1, 1024, run.MODULES)
        for pool in (inside, one):
            _pure(1, 2, pool)
        print(f"{'':20} {'without':>10} {'with':>10}   items per second, median of {options.rounds}")
        print("one worker at a time, functions alone")
        _both(options.rounds, lambda n, workers: _pure(options.feeds, options.items, one if workers else inside))
        one.close()

        def steps(number: int, workers: bool) -> dict[str, float]:
            object.__setattr__(settings.MASTHEAD, "workers", 2 if workers else 0)
            return _steps(options.feeds, options.items, number * 2 + workers)

        run.prepare()
        _steps(2, 2, 100)
        print("the steps themselves, two workers")
        _both(options.rounds, steps)
        run.close()


if __name__ == "__main__":
    main()
