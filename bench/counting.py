"""A million requests, two in five by programs and repeats: is what was counted true to the unit, and what does it cost?

    python bench/counting.py [--requests 1000000] [--sockets 200000] [--markdown docs/performance.md]

Part of the requests go over connections to a real `masthead serve` with several web processes, the rest to the WSGI
callable in further web processes of the same site; all hand their notes to the one that settles. Then the site is
stopped, and its tables are compared with what the script knows. The cost is the processor time of a ready page that
is counted beside one that is not (`readers.overhead`). Everything that it starts it ends.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from readers import overhead
from readers.script import Truth, block
from serving import FILL, fetch, free_port, wait_for

WORKERS = 2
CLIENTS = 2
CALLABLES = 3
BLOCK = 2_000
LINKS = """
from masthead.articles.models import Article, ShortLink
rows = list(Article.objects.order_by("id").values_list("id", "slug"))
ShortLink.objects.bulk_create(ShortLink(code=f"b{pk}", article_id=pk, created_at=now) for pk, _ in rows)
import json
print(json.dumps({pk: [f"/article/{pk}-{slug}/", f"b{pk}"] for pk, slug in rows}))
"""
Articles = dict[int, tuple[str, str]]


def settings(home: Path) -> dict[str, str]:
    """The environment of all processes of the site."""
    return {
        "MASTHEAD_HOME": str(home), "MASTHEAD_WEB_WORKERS": str(WORKERS), "MASTHEAD_TRUSTED_PROXIES": "127.0.0.1/32",
        "DJANGO_SETTINGS_MODULE": "masthead.settings", "MASTHEAD_ALLOWED_HOSTS": "localhost",
    }  # fmt: skip


def filled(home: Path) -> Articles:
    """A site of sixty reports, each with a short link."""
    done = subprocess.run(
        [sys.executable, "-c", FILL + LINKS], env={**os.environ, **settings(home)}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return {int(pk): (path, code) for pk, (path, code) in json.loads(done.stdout.splitlines()[-1]).items()}


def client(
    kind: str, number: int, blocks: int, first: int, port: int, articles: Articles, together: Barrier, results: Any
) -> None:
    """One process of the crowd: its blocks, each begun together with the others of its kind."""
    truth = Truth()
    if kind == "sockets":
        from readers.sockets import Connections

        send = Connections(port).send
    else:
        os.environ["MASTHEAD_PROCESS"] = "web"
        from functools import partial

        from masthead import wsgi
        from readers import callables

        send = partial(callables.send, wsgi.application)
    for index in range(blocks):
        asks, true = block(index + (0 if kind == "sockets" else 30_000), first + index * BLOCK, BLOCK, number, articles)
        together.wait(300)
        send(asks)
        truth.add(true)
    results.put(truth)


def crowd(kind: str, processes: int, requests: int, first: int, port: int, articles: Articles) -> tuple[Truth, float]:
    """Send about so many requests; what is true of them, and the seconds they took."""
    context = multiprocessing.get_context("spawn")
    together, results = context.Barrier(processes), context.Queue()
    blocks = max(1, -(-requests // (processes * BLOCK)))
    began = time.monotonic()
    started = [
        context.Process(
            target=client,
            args=(kind, number, blocks, first + number * blocks * BLOCK, port, articles, together, results),
        )
        for number in range(processes)
    ]
    for process in started:
        process.start()
    truth = Truth()
    for _ in started:
        truth.add(results.get(timeout=1800))
    for process in started:
        process.join(60)
        if process.exitcode:
            raise SystemExit(f"a process of the crowd ended with {process.exitcode}")
    return truth, time.monotonic() - began


def counted(home: Path) -> Truth:
    """What stands in the tables."""
    with sqlite3.connect(home / "masthead.sqlite3") as database:
        views = "SELECT article_id, SUM(views), SUM(short_link_uses) FROM audience_viewcount GROUP BY article_id"
        excluded = "SELECT reason, SUM(requests) FROM audience_exclusion GROUP BY reason"
        truth = Truth()
        for article, read, used in database.execute(views):
            truth.views[article], truth.uses[article] = read, used
        truth.excluded.update(dict(database.execute(excluded)))
    return truth


def exact(folder: Path, requests: int, sockets: int) -> list[tuple[str, int, int]]:
    """Run the crowd; by kind, what is true and what was counted."""
    home = folder / "home"
    articles = filled(home)
    os.environ.update(settings(home))
    port = free_port()
    site = subprocess.Popen([sys.executable, "-m", "masthead", "--bind", f"127.0.0.1:{port}"])
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        truth, seconds = crowd("sockets", CLIENTS, sockets, 0, port, articles)
        print(f"{truth.requests:,} requests over connections in {seconds:.0f} s")
        more, seconds = crowd("callables", CALLABLES, requests - truth.requests, sockets, port, articles)
        print(f"{more.requests:,} requests to the callable in {seconds:.0f} s")
        truth.add(more)
        fetch(f"http://127.0.0.1:{port}/readyz")
    finally:
        site.send_signal(signal.SIGTERM)
        site.wait(30)
    found = counted(home)
    rows = [
        ("readings", truth.views.total(), found.views.total()),
        ("uses of short links", truth.uses.total(), found.uses.total()),
        *(
            (reason, truth.excluded[reason], found.excluded[reason])
            for reason in sorted(truth.excluded | found.excluded)
        ),
        ("all requests", truth.requests, found.requests),
        ("articles with a wrong number", 0, sum(truth.views[k] != found.views[k] for k in articles)),
        ("short links with a wrong number", 0, sum(truth.uses[k] != found.uses[k] for k in articles)),
    ]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--sockets", type=int, default=200_000, help="how many of them go over connections")
    parser.add_argument("--rounds", type=int, default=7, help="rounds by which the cost is measured")
    parser.add_argument("--markdown", type=Path, help="a page whose tables are brought up to date")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="masthead-bench-") as name:
        rows = exact(Path(name), given.requests, given.sockets)
        cost = overhead.measure(Path(name) / "home", given.rounds)
    lines = ["| | true | counted |", "|---|--:|--:|"]
    lines += [f"| {what} | {true:,} | {found:,} |" for what, true, found in rows]
    lines += ["", "| ready page | µs not counted | µs counted | more |", "|---|--:|--:|--:|"]
    lines += [f"| {c.what} | {c.without:.1f} | {c.counted:.1f} | {c.counted / c.without - 1:.1%} |" for c in cost]
    print("\n".join(lines))
    if given.markdown:
        overhead.into(given.markdown, lines)
    wrong = [what for what, true, found in rows if true != found]
    if wrong:
        raise SystemExit(f"not exact: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
