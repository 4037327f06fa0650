"""What counting costs: processor time of the server's processes for a ready page, counted and not, in turns.

Two servers of one site run side by side, each with one worker; one of them tells nobody what it answered. The same
connections ask both for the same pages in blocks that take turns, so that whatever else the machine does meets both.
The time is that of all threads of the server, with the settling and the writing of what was counted.
"""

from __future__ import annotations

import os
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

SIZE = 200
TURNS = 200
FLUSH_SECONDS = 5.0
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


def asks(paths: list[str], turn: int) -> list[Ask]:
    """Readers of one block, all new."""
    return [
        Ask(paths[n % len(paths)], address((turn * SIZE + n) % (1 << 24)), BROWSERS[n % len(BROWSERS)])
        for n in range(SIZE)
    ]


def measure(home: Path, rounds: int) -> list[Cost]:
    """The cost of a page that is sent: of each round all that both servers used in it, and the median of the rounds."""
    with server(home, "counting_site") as (counting, first), server(home, "silent_site") as (silent, second):
        front = fetch(f"http://127.0.0.1:{first}/latest/").decode()
        paths = sorted({part.split('"')[0] for part in front.split('href="')[1:] if part.startswith("/article/")})[:3]
        sides = [(counting, Connections(first, 4)), (silent, Connections(second, 4))]
        found: list[tuple[float, float]] = []
        for round in range(rounds):
            for _, connections in sides:  # ready pages, known browsers
                connections.send(asks(paths, 0))
            before = [used(pid) for pid, _ in sides]
            for turn in range(TURNS):
                for _, connections in sides if turn % 2 else reversed(sides):
                    connections.send(asks(paths, 1 + round * TURNS + turn))
            time.sleep(FLUSH_SECONDS + 1)  # with the settling and writing of all that was noted
            after = [used(pid) for pid, _ in sides]
            took = [(b - a) / SIZE / TURNS * 1e6 for a, b in zip(before, after, strict=True)]
            found.append((took[1], took[0]))
        for _, connections in sides:
            connections.close()
    # Whatever else the machine does makes a round dearer, never cheaper: the least of each side is nearest.
    without, counted = (min(side) for side in zip(*found, strict=True))
    least, most = (pick(b / a - 1 for a, b in found) for pick in (min, max))
    alone = by_itself()
    return [
        Cost(f"sent over a connection; least of {rounds} rounds (ratios {least:.0%} to {most:.0%})", without, counted),
        Cost("the same, with what noting and settling take by themselves", without, without + alone),
    ]


def by_itself() -> float:
    """Microseconds of processor time to note and settle one reading of a new reader: the least of 20 rounds."""
    import django

    django.setup()
    from masthead.audience.count import PENDING, Counter
    from readers.callables import environ

    counter, took = Counter(), []
    for turn in range(20):
        readers = [environ(ask) for ask in asks(["/article/1-a/", "/article/2-b/"], turn)] * (PENDING // SIZE)
        for number, made in enumerate(readers):
            readers[number] = {**made, "REMOTE_ADDR": address(turn * PENDING + number)}
        began = time.process_time()
        for made in readers:
            counter.observe(made["PATH_INFO"], made)
        took.append((time.process_time() - began) / len(readers) * 1e6)
    return min(took)


def into(page: Path, lines: list[str]) -> None:
    """Put the tables between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    tail = rest.partition(END)[2]
    page.write_text(f"{head}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{tail}", encoding="utf-8")
