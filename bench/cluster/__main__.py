"""The full round of a site on several machines, and its pace with 1, 2 and 4 workers: `make bench-cluster`.

python -m cluster [--feeds 2000] [--items 1] [--broker redis|rabbitmq] [--no-pace] [--markdown docs/scale-out.md]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cluster import report, rounds, services
from cluster.site import Papers, Site

WORKERS = (1, 2, 4)
GAP = 0.1
SETTINGS = {
    "MASTHEAD_LEASE": "10",
    "MASTHEAD_POLL_FLOOR": "2",
    "MASTHEAD_HOST_GAP": str(GAP),
    "MASTHEAD_ADDRESS_GAP": "0",
    "MASTHEAD_WORKERS": "1",
}


def _told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--items", type=int, default=1, help="of each feed, of each of two editions")
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
    parts, whole = [f"{given.broker}, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores."], True
    if not given.no_round:
        load = os.getloadavg()[0]
        told = _round(given)
        whole = told.whole and told.seen["most"] == 1
        parts.append(report.killing(told, given.feeds, given.items, GAP, load))
    if not given.no_pace:
        paced, loads = [], []
        for workers in WORKERS:
            loads.append(os.getloadavg()[0])
            paced.append(_pace(given, workers))
        whole = whole and all(told.whole for told in paced)
        parts.append(report.pace(WORKERS, paced, loads))
    print("\n\n".join(parts))
    if given.markdown:
        from polling.report import put

        put(given.markdown, f"cluster-{given.broker}", "\n\n".join(parts))
    return 0 if whole else 1


@contextlib.contextmanager
def _site(given: argparse.Namespace, feeds: int, items: int) -> Iterator[tuple[Site, Papers, int]]:
    """A site of its own with these feeds, its publishers, and the process of its broker."""
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        folder = Path(name)
        with services.postgres() as database, getattr(services, given.broker)(folder) as (address, broker):
            papers = Papers(folder, feeds, max(1, feeds // 5), items)
            papers.service.start()
            site = Site(folder, database, address, **SETTINGS)
            try:
                site.subscribe(papers.addresses)
                yield site, papers, broker.pid
            finally:
                site.close()
                papers.service.stop()


def _round(given: argparse.Namespace) -> rounds.Told:
    with _site(given, given.feeds, given.items) as (site, papers, broker):
        told = rounds.killing(
            site, papers, every=given.every, limit=given.limit, least=given.least, broker=broker, tell=_told
        )
    _told(str(told))
    return told


def _pace(given: argparse.Namespace, workers: int) -> rounds.Told:
    with _site(given, given.pace_feeds, 10) as (site, papers, broker):
        told = rounds.pace(site, papers, workers, broker=broker)
    _told(f"{workers} workers: {told}")
    return told


if __name__ == "__main__":
    sys.exit(main())
