"""Many machines: real PostgreSQL, Redis and RabbitMQ, workers that are killed. Nothing lost, nothing twice.

`MASTHEAD_TEST_CLUSTER=full` makes the round one of 2,000 feeds (`make bench-cluster` does so too, and measures).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from cluster import rounds, services
from cluster.services import wait_for
from cluster.site import Papers, Site

FULL = os.environ.get("MASTHEAD_TEST_CLUSTER") == "full"
FEEDS, ITEMS, EVERY = (2000, 3, 3.0) if FULL else (30, 1, 2.0)
pytestmark = pytest.mark.slow
BROKERS = [
    pytest.param("redis", marks=pytest.mark.service("redis")),
    pytest.param("rabbitmq", marks=pytest.mark.service("rabbitmq")),
]
QUICK = {
    "MASTHEAD_LEASE": "4",
    "MASTHEAD_POLL_FLOOR": "2",
    "MASTHEAD_HOST_GAP": "0.1",
    "MASTHEAD_ADDRESS_GAP": "0",
    "MASTHEAD_WORKERS": "1",
}


@pytest.fixture
def database() -> Iterator[str]:
    with services.postgres() as address:
        yield address


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Papers]:
    made = Papers(tmp_path, FEEDS, FEEDS // 3, ITEMS)
    made.service.start()
    yield made
    made.service.stop()


@pytest.mark.parametrize("kind", BROKERS)
def test_four_workers_one_killed_again_and_again_lose_nothing_and_do_nothing_twice(
    tmp_path: Path, database: str, papers: Papers, kind: str
) -> None:
    with getattr(services, kind)(tmp_path) as (broker, _):
        site = Site(tmp_path, database, broker, **QUICK)
        site.subscribe(papers.addresses)
        told = rounds.killing(site, papers, every=EVERY, limit=3600, tell=print, most=10**6 if FULL else 10)
    assert told.whole, told
    assert told.kills >= 3, told
    # Four machines were never two visitors at one host, nor nearer together than the gap, kills aside.
    assert told.seen["most"] == 1 and told.seen["shortest"] > 0.09, told


@pytest.mark.service("redis")
def test_workers_go_on_without_their_broker_and_listen_to_it_again(
    tmp_path: Path, database: str, papers: Papers
) -> None:
    with services.redis(tmp_path) as (broker, redis):
        site = Site(tmp_path, database, broker, **QUICK)
        site.subscribe(papers.addresses[:6])
        worker = site.worker(0)
        try:
            wait_for(lambda: site.held().articles == 6 * ITEMS, 120, "the first edition")
            redis.stop()
            papers.edition(2)
            site.due()
            wait_for(lambda: site.held().articles == 12 * ITEMS, 120, "the second edition, without a broker")
            [(error,)] = site.sql("SELECT error FROM store_heartbeat WHERE step = 'wake'")
            assert "the broker does not answer" in error
            doctor = "from masthead.cli.doctor import command\ntry: command(['--json'], standalone_mode=False)\n"
            said = site.python(f"{doctor}except SystemExit: pass  # something is wrong, and it says so")
            assert "the broker does not answer" in said
            redis.start()
            wait_for(lambda: "is left to the workers again" in worker.log.read_text(), 60, "listening again")
            papers.edition(3)
            site.due()
            wait_for(lambda: site.held().articles == 18 * ITEMS, 120, "the third edition")
            began = time.monotonic()
            assert worker.stop() == 0
            assert time.monotonic() - began < 25
            assert site.sql("SELECT * FROM store_worker") == []
        finally:
            worker.kill()


@pytest.mark.service("redis")
def test_one_of_several_schedulers_leads_and_another_follows_it(tmp_path: Path, database: str, papers: Papers) -> None:
    def leader() -> str:
        rows = site.sql("SELECT holder FROM store_lease WHERE name = 'wake' AND until > now()")
        return str(rows[0][0]) if rows else ""

    with services.redis(tmp_path) as (broker, _):
        site = Site(tmp_path, database, broker, **QUICK)
        site.subscribe([])
        crew = {str(machine.process.pid): machine for machine in (site.worker(0), site.worker(1))}
        try:
            wait_for(lambda: len(site.sql("SELECT 1 FROM store_worker")) == 2, 90, "two workers")
            wait_for(lambda: bool(leader()), 30, "a leader")
            first = leader()
            crew[first.split(":")[1]].kill()
            wait_for(lambda: leader() not in ("", first), 60, "another leader")
        finally:
            for machine in crew.values():
                machine.kill()
