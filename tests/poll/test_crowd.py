"""A crowd of feeds, 30 % of them faulty in every way: the healthy ones do not wait, and nothing grows without bound."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import gzip
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from masthead.core.fetch import Client, ClientOptions, FetchRequest
from masthead.core.fetch.hosts import SLOW_ROOM
from masthead.core.fetch.room import Room
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry
from masthead.feeds import claims, client
from masthead.feeds.models import Feed, Fetch
from masthead.feeds.poll import poll_due
from masthead.feeds.subscribe import Wish, subscribe

from .faultserver import FAULTS, FaultServer, drip, trusting
from .publisher import Reply

CONCURRENCY = 4
OPTIONS = ClientOptions("Masthead/test", ("127.0.0.0/8",), gap=0.0, deadline=8.0)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[FaultServer]:
    made = FaultServer()
    real = client.client_options
    settings.MASTHEAD = dataclasses.replace(
        settings.MASTHEAD, host_gap=0.0, concurrency=CONCURRENCY, allow_private_addresses=("127.0.0.1/32",)
    )
    monkeypatch.setattr(client, "client_options", lambda: dataclasses.replace(real(), deadline=300.0))
    monkeypatch.setattr(client, "Client", functools.partial(Client, tls=trusting()))
    monkeypatch.setattr("masthead.core.fetch.connect.look_up", made.look_up)
    yield made
    client.close()
    made.close()


class AllThere(Exception):
    """Nothing more is waited for."""


def open_sockets(opened: client._Door) -> int:
    """Connections of the client, in use or kept."""
    connector = opened.client._session.connector
    assert connector is not None
    return len(connector._acquired) + sum(len(kept) for kept in connector._conns.values())


@pytest.mark.django_db
def test_the_healthy_are_all_there_while_the_faulty_hang(server: FaultServer) -> None:
    """28 kinds of fault, those that hang three times, among 84 good feeds, through four places and one turn."""
    faulty = [(f"{kind}-{n}", fault) for kind, fault in FAULTS.items() for n in range(3 if fault.hangs else 1)]
    hanging = {f"{name}.faults.example" for name, fault in faulty if fault.hangs}
    for n in range(84):
        subscribe(Wish(server.site(f"good{n}").url))
        if n < len(faulty):
            name, fault = faulty[n]
            site = server.site(name, fault)
            subscribe(Wish(site.url))
            fault.do(site)
    most = {"sockets": 0, "threads": 0, "bytes": 0}

    def look() -> None:
        if Fetch.objects.filter(feed__host__startswith="good").count() == 84:
            raise AllThere
        door = client._open_door()
        most["sockets"] = max(most["sockets"], open_sockets(door))
        most["threads"] = max(most["threads"], sum("masthead" in thread.name for thread in threading.enumerate()))
        most["bytes"] = max(most["bytes"], door.client.room.used)

    with pytest.raises(AllThere):
        poll_due(on_answer=look)
    while ingest().more:
        pass
    there = dict(Fetch.objects.values_list("feed__host", "status"))
    assert sum(host.startswith("good") and status == 200 for host, status in there.items()) == 84
    assert Entry.objects.filter(feed__host__startswith="good").count() == 84
    assert not hanging & set(there), "every healthy feed was read while all that are silent were still waited for"
    assert any(FAULTS[host.rsplit("-", 1)[0]].code for host in there if not host.startswith("good")), "others failed"
    assert not Feed.objects.exclude(leased_until=None).exists(), "what was given up is free again"
    bound = CONCURRENCY * (SLOW_ROOM + 1)
    assert most["sockets"] <= bound and most["threads"] <= bound + 1
    assert most["bytes"] <= client._open_door().client.room.total


@pytest.mark.django_db
def test_feeds_that_fail_never_take_all_places(server: FaultServer) -> None:
    for n in range(6):
        subscribe(Wish(server.site(f"bad{n}").url))
    Feed.objects.update(failures=1, due_at=datetime(2026, 1, 1, tzinfo=UTC))
    feeds = claims.DueFeeds(doubtful=2)
    held: dict[str, claims.Claim] = {}

    def take() -> str:
        for got in feeds.take(held, 1, failing=sum(1 for mine in held.values() if mine.feed.failures)):
            held[got.feed.host] = got
            return got.feed.host
        return ""

    assert [take()[:3] for _ in range(3)] == ["bad", "bad", ""]
    subscribe(Wish(server.site("good").url))
    feeds._look_again = 0.0
    assert take()[:4] == "good", "there is room for one that is well"
    assert take() == ""
    held.pop(next(host for host in held if host.startswith("bad")))
    feeds._look_again = 0.0
    assert take()[:3] == "bad"


def test_bodies_are_held_back_until_they_were_taken(server: FaultServer) -> None:
    """Forty servers send bombs just below the cap at once, to a reader who takes his time with each."""
    size = 4_000_000
    packed = gzip.compress(bytes(size))
    sites = [server.site(f"bomb{n}") for n in range(40)]
    for site in sites:
        site.answer(Reply(200, packed, [("Content-Encoding", "gzip")]))
    held = most = 0

    async def run() -> int:
        nonlocal held, most
        async with Client(OPTIONS) as fetcher:
            fetcher.room = Room(total=20_000_000)

            async def one(url: str) -> int:
                nonlocal held, most
                async with fetcher.exchange(FetchRequest(url, max_bytes=5_000_000)) as result:
                    held += len(result.body)
                    most = max(most, held)
                    await asyncio.sleep(0.05)
                    held -= len(result.body)
                    return len(result.body)

            sizes = await asyncio.gather(*(one(site.url) for site in sites))
            assert fetcher.room.used == 0
            return sum(sizes)

    assert asyncio.run(run()) == 40 * size
    assert most <= 20_000_000


def test_bodies_that_come_in_drops_give_their_room_up(server: FaultServer) -> None:
    slow = [server.site(f"slow{n}") for n in range(6)]
    for site in slow:
        site.answer(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + bytes(1_000_000)))
    large = [server.site(f"large{n}") for n in range(6)]
    for site in large:
        site.answer(Reply(200, bytes(2_500_000)))

    async def run() -> tuple[list[Any], list[Any], float]:
        async with Client(OPTIONS) as fetcher:
            fetcher.room = Room(total=7_000_000, patience=0.3)
            drops = [asyncio.create_task(fetcher.fetch(FetchRequest(site.url))) for site in slow]
            await asyncio.sleep(0.2)
            started = time.monotonic()
            good = await asyncio.gather(*(fetcher.fetch(FetchRequest(site.url)) for site in large))
            return await asyncio.gather(*drops), good, time.monotonic() - started

    drops, good, seconds = asyncio.run(run())
    assert [len(result.body) for result in good] == [2_500_000] * 6
    assert seconds < OPTIONS.deadline, "they did not wait for the deadline of the slow ones"
    gave_up = [result for result in drops if "others needed the room" in result.error_detail]
    assert gave_up and {result.error for result in drops} == {"timeout"}
    assert "slow" in gave_up[0].error_detail


@pytest.mark.django_db
def test_a_consumer_that_fails_leaves_nothing_behind(server: FaultServer) -> None:
    sites = [server.site(f"good{n}") for n in range(5)]
    requests = [FetchRequest(site.url) for site in sites]

    def fail(*_: Any) -> None:
        raise LookupError("the reader broke")

    with pytest.raises(LookupError):
        client.fetch_many(requests, fail)
    room = client._open_door().client.room
    got: list[bytes] = []
    client.fetch_many(requests, lambda _, result: got.append(result.body))
    assert len(got) == 5 and all(got)
    end = time.monotonic() + 5
    while room.used and time.monotonic() < end:
        time.sleep(0.01)
    assert room.used == 0
