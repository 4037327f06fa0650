"""What counting costs: processor time of a server for a ready page, counted and not, in turns.

One process does both: two processes of one program differ by more than what is looked for, by where their memory came
to lie. Blocks of requests take turns, so that whatever else the machine does meets both; a block that is counted ends
with the settling and the writing of what was noted. Several servers are tried one after the other, since what counting
adds depends on where memory lies as well.
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
from statistics import median

from readers.script import BROWSERS, COUNTED, SILENT, Ask, address
from readers.sockets import Connections
from serving import fetch, free_port, wait_for

SIZE = 200
BLOCK = 100
"""So many times SIZE requests are a block: a second and more, as between two flushes of a busy site."""
TURNS = 6
"""So many blocks of either kind a server answers."""
SERVER = """
from granian import Granian
from granian.constants import Interfaces
Granian("readers.switched_site:application", address="127.0.0.1", port={port}, interface=Interfaces.WSGI, workers=1,
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
def server(home: Path) -> Iterator[tuple[int, int]]:
    """A server of the site: its process and port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(port=port)],
        env={**os.environ, "MASTHEAD_HOME": str(home), "MASTHEAD_PROCESS": "web", "MASTHEAD_WEB_WORKERS": "1"},
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(30)


def asks(paths: list[str], turn: int) -> list[Ask]:
    """Readers of one burst, all new."""
    return [
        Ask(paths[n % len(paths)], address((turn * SIZE + n) % (1 << 24)), BROWSERS[n % len(BROWSERS)])
        for n in range(SIZE)
    ]


def alternate(home: Path, first: int) -> tuple[float, float]:
    """Microseconds for a page not counted and counted, in one new server: the medians of its blocks."""
    took: dict[str, list[float]] = {SILENT: [], COUNTED: []}
    with server(home) as (pid, port):
        front = fetch(f"http://127.0.0.1:{port}/latest/").decode()
        paths = sorted({part.split('"')[0] for part in front.split('href="')[1:] if part.startswith("/article/")})[:3]
        connections = Connections(port, 4)
        connections.send(asks(paths, first))  # ready pages, known browsers
        turn = first
        for block in range(2 * TURNS):
            kind, other = (COUNTED, SILENT) if block % 2 else (SILENT, COUNTED)
            fetch(f"http://127.0.0.1:{port}{kind}")
            before = used(pid)
            for _ in range(BLOCK):
                turn += 1
                connections.send(asks(paths, turn))
            fetch(f"http://127.0.0.1:{port}{other}")
            took[kind].append((used(pid) - before) / SIZE / BLOCK * 1e6)
        connections.close()
    return median(took[SILENT]), median(took[COUNTED])


def measure(home: Path, rounds: int) -> list[Cost]:
    """The cost of a page that is sent, by `rounds` servers: of that one whose ratio is the median of all."""
    pairs = [alternate(home, round * (2 * TURNS * BLOCK + 1)) for round in range(rounds)]
    found = sorted(pairs, key=lambda pair: pair[1] / pair[0])
    least, most = (counted / without - 1 for without, counted in (found[0], found[-1]))
    without, counted = found[len(found) // 2]
    alone = by_itself()
    return [
        Cost(f"sent over a connection; median of {rounds} servers ({least:.1%} to {most:.1%})", without, counted),
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
