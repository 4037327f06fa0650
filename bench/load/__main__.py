"""`make bench-load`: every part, or the one that is named.

python -m load [pages|peers|ingest|soak] [--markdown docs/performance.md] ...
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from load import machine, pages, site
from load.peers import measure as peers
from polling.report import put

Run = Callable[[Path, argparse.Namespace], str]


def _pages(folder: Path, given: argparse.Namespace) -> str:
    return pages.measure(folder, seconds=given.seconds, rounds=given.rounds, threads=given.threads)


def _peers(folder: Path, given: argparse.Namespace) -> str:
    return peers.measure(folder, seconds=given.seconds, rounds=given.rounds, number=given.reports, words=given.words)


def _ingest(folder: Path, given: argparse.Namespace) -> str:
    done = site.run(folder, minutes=given.minutes or 10, rate=given.rate or 200, feeds=given.feeds)
    _tell(folder, done)
    return site.readers_table(done)


def _soak(folder: Path, given: argparse.Namespace) -> str:
    done = site.run(folder, minutes=given.minutes or 60, rate=given.rate or 50, feeds=min(given.feeds, 200))
    _tell(folder, done)
    return f"{site.readers_table(done)}\n\n{site.soak_table(done)}"


def _tell(folder: Path, done: site.Outcome) -> None:
    """On stderr: the slowest requests, and what the site complained of."""
    for took, at, path in done.told.slowest:
        print(f"{took * 1000:8.0f} ms at {at} {path}", file=sys.stderr)
    said = (folder / "masthead.log").read_text(errors="replace").splitlines()
    print("\n".join(said[-10:]), file=sys.stderr)


PARTS: dict[str, tuple[str, Run]] = {
    "pages": (pages.MARK, _pages),
    "peers": (peers.MARK, _peers),
    "ingest": ("bench-load-ingest", _ingest),
    "soak": ("bench-load-soak", _soak),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="all, if none is named")
    parser.add_argument("--markdown", type=Path, help="the page whose tables are replaced")
    parser.add_argument("--seconds", type=float, default=3, help="of one measurement of ready pages")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each")
    parser.add_argument("--threads", type=int, default=4, help="setting web_threads, for ready pages")
    parser.add_argument("--minutes", type=float, default=0, help="of ingest (10) and soak (60)")
    parser.add_argument("--rate", type=float, default=0, help="requests a second of ingest (200) and soak (50)")
    parser.add_argument("--feeds", type=int, default=5000, help="feeds of twenty items each that are taken in")
    parser.add_argument("--reports", type=int, default=2000, help="given to all peers")
    parser.add_argument("--words", type=int, default=400, help="of each of these reports")
    given = parser.parse_args()
    machine.wanted()
    for part in given.part or PARTS:
        mark, run = PARTS[part]
        with tempfile.TemporaryDirectory(prefix="masthead-bench-") as name:
            text = run(Path(name), given)
        print(text, flush=True)
        if given.markdown:
            put(given.markdown, mark, text)


if __name__ == "__main__":
    main()
