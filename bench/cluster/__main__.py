"""The full round of a site on several machines, and its pace with 1, 2 and 4 workers: `make bench-cluster`.

python -m cluster [--feeds 2000] [--items 3] [--broker redis|rabbitmq] [--no-pace] [--markdown docs/scale-out.md]
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cluster import rounds, services
from cluster.site import Papers, Site

WORKERS = (1, 2, 4)


def _told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--items", type=int, default=3, help="of each feed, of each of two editions")
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two kills at least")
    parser.add_argument("--broker", choices=("redis", "rabbitmq"), default="redis")
    parser.add_argument("--least", type=int, default=20, help="kills before the last edition")
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds for the round")
    parser.add_argument("--pace-feeds", type=int, default=200)
    parser.add_argument("--no-pace", action="store_true")
    parser.add_argument("--no-round", action="store_true")
    parser.add_argument("--markdown", type=Path, help="page whose part between two marks is written anew")
    given = parser.parse_args()
    # Asked to stop, everything that was started ends too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lines = [f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores, {given.broker}, PostgreSQL beside.", ""]
    whole = True
    if not given.no_round:
        told = _round(given)
        whole = told.whole and told.seen["most"] == 1
        lines += [
            f"**Kills.** {given.feeds:,} feeds, two editions of {given.items} items, four workers, {told.kills} of them"
            f" killed while at work: {told.held.entries:,} of {told.expected:,} items are there once,"
            f" {told.held.doubled} doubled, {told.held.homeless + told.held.unread + told.held.waiting} left over,"
            f" in {told.seconds:.0f} s. Most requests at one host at once: {told.seen['most']}; shortest time from an"
            f" answer to the next request there: {told.seen['shortest']:.2f} s (setting: {_GAP} s).",
            "",
        ]
    if not given.no_pace:
        lines += ["| workers | items | seconds | items a second | load before |", "|--:|--:|--:|--:|--:|"]
        for workers in WORKERS:
            load = os.getloadavg()[0]
            paced = _pace(given, workers)
            whole = whole and paced.whole
            speed = paced.held.articles / paced.seconds
            row = f"| {workers} | {paced.held.articles:,} | {paced.seconds:.1f} | {speed:.1f} | {load:.1f} |"
            _told(row)
            lines.append(row)
    print("\n".join(lines))
    if given.markdown:
        from polling.report import put

        put(given.markdown, "cluster", "\n".join(lines))
    return 0 if whole else 1


_GAP = 0.1
_QUICK = {
    "MASTHEAD_LEASE": "10",
    "MASTHEAD_POLL_FLOOR": "2",
    "MASTHEAD_HOST_GAP": str(_GAP),
    "MASTHEAD_ADDRESS_GAP": "0",
}


def _site(given: argparse.Namespace, folder: Path, feeds: int, items: int) -> tuple[Papers, dict[str, str]]:
    papers = Papers(folder, feeds, max(1, feeds // 5), items)
    papers.service.start()
    return papers, _QUICK if feeds > 200 else _QUICK | {"MASTHEAD_WORKERS": "1"}


def _round(given: argparse.Namespace) -> rounds.Told:
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        folder = Path(name)
        with services.postgres() as database, getattr(services, given.broker)(folder) as (broker, _):
            papers, settings = _site(given, folder, given.feeds, given.items)
            try:
                site = Site(folder, database, broker, **settings)
                site.subscribe(papers.addresses)
                told = rounds.killing(site, papers, every=given.every, limit=given.limit, least=given.least, tell=_told)
                _told(str(told))
                return told
            finally:
                papers.service.stop()


def _pace(given: argparse.Namespace, workers: int) -> rounds.Told:
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        folder = Path(name)
        with services.postgres() as database, getattr(services, given.broker)(folder) as (broker, _):
            papers, settings = _site(given, folder, given.pace_feeds, 10)
            try:
                site = Site(folder, database, broker, **settings)
                site.subscribe(papers.addresses)
                time.sleep(1)
                return rounds.pace(site, papers, workers)
            finally:
                papers.service.stop()


if __name__ == "__main__":
    sys.exit(main())
