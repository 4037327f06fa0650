"""How fast and cheaply feeds are polled, beside other programs, in one run on one machine.

    python -m polling [--markdown FILE] [--peers PYTHON] [--only NAME,...] [--limit SECONDS] [--database URL]

2,000 feeds of 20 items on 200 loopback hosts: at first sight, then all unchanged, then every twentieth with one new
item. Each program in turn, in a fresh home, every round a process of its own; nothing else is asked of it than to
fetch, read and store. `--peers` is the Python in which reader and rss2email are installed, if not this one.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from polling import documents
from polling.measure import Round, control, run
from polling.programs import HERE, Masthead, Newsboat, Program, Reader, Rss2email
from polling.report import MARK, put, table

TITLES = ("First sight", "All unchanged (304)", "5 % changed")


def free_port() -> int:
    """A port that no loopback address uses just now."""
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        return int(probe.getsockname()[1])


def measure(program: Program, port: int, limit: float) -> list[Round]:
    """Three rounds of one program."""
    addresses = [
        f"http://{documents.host_of(number)}:{port}{documents.path_of(number)}" for number in range(documents.FEEDS)
    ]
    program.home.mkdir(parents=True)
    program.add(addresses)
    rounds: list[Round] = []
    for number in (1, 2, 3):
        control(port, number)
        log = program.home / f"round-{number}.log"
        wall, cpu, memory, failed = run(program.command(), program.environment, log, limit)
        seen = control(port, number)
        rounds.append(Round(wall, cpu, memory, seen, program.items(), failed))
        told = f"{wall:.1f} s, {cpu:.1f} s CPU, {memory:.0f} MB, {seen['requests']} requests"
        print(f"{program.name}: {TITLES[number - 1]}: {told} {failed}".strip(), file=sys.stderr)
    return rounds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markdown", type=Path, help="put the tables into this page")
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--only", default="", help="parts of programs' names, parted by commas")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds that one round may take")
    parser.add_argument(
        "--database", default="", help="address of an empty PostgreSQL database, for one more run of ours"
    )
    given = parser.parse_args()
    # Also when it is ended from outside, the server and the homes are tidied away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "polling.server", str(port)],
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None and server.stdout.readline().strip() == "ready"
        bare = subprocess.run(
            [sys.executable, "-m", "polling.bare", str(port)],
            env={**os.environ, "PYTHONPATH": str(HERE.parent)},
            capture_output=True,
            text=True,
            check=True,
        )
        with tempfile.TemporaryDirectory(prefix="bench-poll-") as folder:
            text = _all(given, Path(folder), port, float(bare.stdout))
    finally:
        server.kill()
        server.wait()
    print(text)


def _all(given: argparse.Namespace, folder: Path, port: int, ceiling: float) -> str:
    programs: list[Program] = [
        Masthead(folder / "masthead", 0),
        Reader(folder / "reader", given.peers),
        Masthead(folder / "masthead-polite", None),
        *([Masthead(folder / "masthead-postgres", 0, given.database)] if given.database else []),
        Newsboat(folder / "newsboat"),
        Rss2email(folder / "rss2email", given.peers),
    ]
    wanted = [part for part in given.only.lower().split(",") if part]
    measured: list[tuple[Program, list[Round]]] = []
    missing = [program for program in programs if program.missing]
    text = ""
    for program in programs:
        if program.missing:
            print(f"{program.name} is left out: {program.missing}", file=sys.stderr)
        elif not wanted or any(part in program.name.lower() for part in wanted):
            measured.append((program, measure(program, port, given.limit)))
            text = table(TITLES, measured, missing, ceiling)
            if given.markdown:
                # After each: a run that is stopped leaves what it has measured.
                put(given.markdown, MARK, text)
    return text


if __name__ == "__main__":
    main()
