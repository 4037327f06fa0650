"""What counting costs: processor time of the server's processes for a ready page, counted and not, in turns.

Two servers of one site run side by side, each with one worker; one of them tells nobody what it answered. The same
connections ask both for the same pages in blocks that take turns, so that whatever else the machine does meets both.
The time is that of all threads of the server, with the settling and the writing of what was counted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from readers.script import BROWSERS, Ask, address
from readers.sockets import Connections
from serving import fetch, free_port, wait_for

SIZE = 1_000
SERVER = """
from granian import Granian
from granian.constants import Interfaces
Granian("readers.{module}:application", address="127.0.0.1", port={port}, interface=Interfaces.WSGI, workers=1,
        blocking_threads=4, backlog=1024, log_enabled=False).serve()
"""
BEGIN, END = "<!-- counting -->", "<!-- /counting -->"


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of processor time for one request."""

    what: str
    without: float
    counted: float


def used(pid: int) -> float:
    """Seconds of processor time of the children of a process, all their threads, as the scheduler counts them."""
    total = 0
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        for task in Path(f"/proc/{child}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


@contextmanager
def server(home: Path, module: str) -> Iterator[tuple[int, int]]:
    """A server of the site: its process and port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(module=module, port=port)],
        env={**os.environ, "MASTHEAD_HOME": str(home), "MASTHEAD_PROCESS": "web", "MASTHEAD_WEB_WORKERS": "1"},
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(30)


def asks(paths: list[str], round: int) -> list[Ask]:
    """Readers of one block, all new."""
    return [
        Ask(paths[n % len(paths)], address((round * SIZE + n) % (1 << 24)), BROWSERS[n % len(BROWSERS)])
        for n in range(SIZE)
    ]


def measure(home: Path, rounds: int) -> list[Cost]:
    """The cost of a page that is sent and of one that the reader still has."""
    with server(home, "counting_site") as (counting, first), server(home, "silent_site") as (silent, second):
        front = fetch(f"http://127.0.0.1:{first}/latest/").decode()
        paths = sorted({part.split('"')[0] for part in front.split('href="')[1:] if part.startswith("/article/")})[:10]
        sides = [(counting, Connections(first, 4)), (silent, Connections(second, 4))]
        for _, connections in sides:
            connections.send(asks(paths, 0))
        times: list[list[float]] = [[], []]
        for round in range(1, rounds + 1):
            for side in (0, 1) if round % 2 else (1, 0):
                pid, connections = sides[side]
                began = used(pid)
                connections.send(asks(paths, round))
                # What was noted is settled and written within this time, and counts as cost.
                time.sleep(0.02)
                times[side].append((used(pid) - began) / SIZE * 1e6)
        for _, connections in sides:
            connections.close()
    counted, without = (statistics.fmean(sorted(side)[len(side) // 10 : -(len(side) // 10)]) for side in times)
    return [Cost("an article, over a connection", without, counted)]


def into(page: Path, lines: list[str]) -> None:
    """Put the tables between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    tail = rest.partition(END)[2]
    page.write_text(f"{head}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{tail}", encoding="utf-8")
