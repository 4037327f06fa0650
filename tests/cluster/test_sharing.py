"""What several processes share, on the database of the tests: claims, the lead, turns at hosts, parts of a replay."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import types
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from masthead.cluster.check import check
from masthead.cluster.runs import Runs, lanes
from masthead.cluster.wake import Scheduler
from masthead.core.fetch.hosts import Paused
from masthead.feeds.models import Feed, Fetch, Source
from masthead.feeds.turns import Turns
from masthead.options import OptionError, Options
from masthead.pipeline import Step
from masthead.store import leases
from masthead.store.models import Heartbeat, Lease
from masthead.store.steps import Outcome

TERM = timedelta(minutes=5)
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one machine only")
pytestmark = pytest.mark.django_db(transaction=True)


def beside(work: Callable[[], Any]) -> Any:
    """Do something in another thread, with a connection of its own, and wait for it."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return found[0]


@pytest.fixture
def fetches() -> list[int]:
    source = Source.objects.create(name="The Quay", slug="quay")
    feeds = [Feed.objects.create(source=source, url=f"https://quay.example/{n}", host="quay.example") for n in range(6)]
    return [Fetch.objects.create(feed=feed, started_at=timezone.now(), body=b"x").pk for feed in feeds]


def taken(limit: int) -> list[int]:
    with leases.claimed(Fetch.objects.order_by("pk"), limit, TERM) as keys:
        return keys


@on_postgres
def test_rows_that_somebody_has_are_left_to_him(fetches: list[int]) -> None:
    with leases.claimed(Fetch.objects.order_by("pk"), 4, TERM) as mine:
        assert mine == fetches[:4]
        assert beside(lambda: taken(10)) == fetches[4:]
    assert beside(lambda: taken(10)) == fetches
    assert not Fetch.objects.exclude(leased_until=None).exists()


@on_postgres
def test_rows_of_one_who_was_killed_are_free_when_the_lease_is_over(
    fetches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "EVERY", 3600.0)  # nobody is there to renew
    killed = leases.claimed(Fetch.objects.order_by("pk"), 4, TERM)
    killed.__enter__()
    assert taken(10) == fetches[4:]
    with time_machine.travel(timezone.now() + TERM + timedelta(seconds=1), tick=False):
        assert taken(10) == fetches
    # A clock that was years ahead holds nothing for years.
    Fetch.objects.update(leased_until=timezone.now() + timedelta(days=400))
    assert taken(10) == fetches


@on_postgres
def test_rows_stay_with_whoever_works_longer_than_a_lease(fetches: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "KEPT", timedelta(seconds=2))
    monkeypatch.setattr(leases, "EVERY", 0.2)
    with leases.claimed(Fetch.objects.order_by("pk"), 4, TERM) as mine:
        began = set(Fetch.objects.filter(pk__in=mine).values_list("leased_until", flat=True))
        deadline = time.monotonic() + 30
        while min(began) > timezone.now():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert beside(lambda: taken(10)) == fetches[4:]
    assert beside(lambda: taken(10)) == fetches


@on_postgres
def test_work_that_fails_gives_its_rows_back(fetches: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), leases.claimed(Fetch.objects.order_by("pk"), 4, TERM):
        raise ZeroDivisionError
    assert taken(10) == fetches


def test_one_leads_until_it_is_silent_for_too_long() -> None:
    lasts = timedelta(seconds=10)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert leases.lead("wake", "a", lasts) and not leases.lead("wake", "b", lasts)
        clock.shift(8)
        assert leases.lead("wake", "a", lasts)
        clock.shift(8)
        assert not leases.lead("wake", "b", lasts)
        clock.shift(3)
        assert leases.lead("wake", "b", lasts) and not leases.lead("wake", "a", lasts)
        leases.resign("wake", "b")
        assert leases.lead("wake", "a", lasts)
        Lease.objects.update(until=timezone.now() + timedelta(days=400))
        assert leases.lead("wake", "b", lasts)


class Bell:
    def __init__(self) -> None:
        self.rung: list[list[str]] = []
        self.broken = False

    def wake(self, steps: list[str]) -> int:
        if self.broken:
            raise ConnectionError("nobody there")
        self.rung.append(steps)
        return len(steps)

    def close(self) -> None: ...


def test_the_leader_wakes_each_step_at_its_time_and_tells_of_trouble() -> None:
    bells = Bell(), Bell()
    steps = Step("often", "a", "x:y", idle=1.0), Step("seldom", "a", "x:y", idle=10.0)
    first, second = (
        Scheduler(name, bell, threading.Event(), lambda error: f"trouble: {error}", steps)
        for name, bell in zip("ab", bells, strict=True)
    )
    for at in (100.0, 100.5, 101.0, 102.0):
        first.tick(at)
        second.tick(at)
    assert bells[0].rung == [["often", "seldom"], ["often"], ["often"]] and bells[1].rung == []
    bells[0].broken = True
    first.tick(103.0)
    assert first.error == Heartbeat.objects.get(step="wake").error == "trouble: nobody there"
    bells[0].broken = False
    for at in (104.0, 105.0):  # too soon after the trouble; the lead it keeps
        first.tick(at)
        second.tick(at)
    assert first.leads and not second.leads and bells[1].rung == [] and len(bells[0].rung) == 3
    first.tick(107.0)
    assert first.error == Heartbeat.objects.get(step="wake").error == ""


@on_postgres
def test_two_processes_are_never_at_one_host_at_once_and_keep_the_gap() -> None:
    first, second = Turns(gap=0.5), Turns(gap=0.5)
    loop_times: list[tuple[str, float]] = []

    async def visit(turns: Turns, name: str, host: str) -> None:
        async with turns.turn(host):
            loop_times.append((f"{name}>", asyncio.get_running_loop().time()))
            await asyncio.sleep(0.3)
            loop_times.append((f"{name}<", asyncio.get_running_loop().time()))

    async def both() -> None:
        await asyncio.gather(visit(first, "a", "quay.example"), visit(second, "b", "quay.example"))

    try:
        asyncio.run(both())
        (one, _), (two, ended), (three, begun), (four, _) = loop_times
        assert one[0] == two[0] != three[0] == four[0] and [one[1], two[1], three[1], four[1]] == [*"><><"]
        assert begun - ended >= 0.49
        loop_times.clear()

        async def apart() -> None:
            await asyncio.gather(visit(first, "a", "one.example"), visit(second, "b", "two.example"))

        asyncio.run(apart())
        assert [name[1] for name, _ in loop_times] == [*">><<"]
    finally:
        first.close()
        second.close()


@on_postgres
def test_a_host_of_a_process_that_was_killed_comes_free_and_one_that_never_does_is_paused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dead, alive = Turns(gap=0.0), Turns(gap=0.0)
    monkeypatch.setattr("masthead.feeds.turns.PATIENCE", 0.3)

    async def take(turns: Turns) -> None:
        async with turns.turn("quay.example"):
            pass

    async def never_given_back() -> bool:
        return await dead._ask("quay.example")

    try:
        assert asyncio.run(never_given_back())
        with pytest.raises(Paused):
            asyncio.run(take(alive))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE feeds_hostturn SET until = until - interval '2 minutes'")
        asyncio.run(take(alive))
    finally:
        dead.close()
        alive.close()


@pytest.fixture
def verbs(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A module for steps, to be filled."""
    module = types.ModuleType("cluster_steps")
    monkeypatch.setitem(sys.modules, "cluster_steps", module)
    return module


def step(name: str, lane: str = "work") -> Step:
    return Step(name, lane, f"cluster_steps:{name}")


def test_a_step_that_finds_its_lane_full_runs_when_there_is_a_place_and_other_lanes_go_on(
    verbs: types.ModuleType,
) -> None:
    going, may_end = threading.Semaphore(0), threading.Event()

    def slow() -> Outcome:
        going.release()
        may_end.wait(30)
        return Outcome(done=1)

    verbs.slow, verbs.quick = slow, lambda: Outcome(done=5)  # type: ignore[attr-defined]
    runs = Runs(["work", "poll"], 2, [step("slow"), step("quick", "poll")])
    assert runs.places == 3
    found: list[int] = []

    def run() -> None:
        found.append(runs.run("slow"))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert going.acquire(timeout=30)
    # Woken three times while there is no place: that is one run afterwards.
    assert [runs.run("slow") for _ in range(3)] == [0, 0, 0]
    assert runs.run("quick") == 5 and runs.run("unknown") == 0
    may_end.set()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [1, 2] and runs.run("slow") == 1


def test_steps_that_always_find_more_keep_no_other_from_its_place(verbs: types.ModuleType) -> None:
    ran: list[str] = []
    full, grouped, asked = threading.Semaphore(0), threading.Event(), threading.Event()

    def endless(name: str) -> Callable[[], Outcome]:
        def verb() -> Outcome:
            if not asked.is_set():
                full.release()
                asked.wait(30)
            ran.append(name)
            return Outcome(done=100, more=True)

        return verb

    def group() -> Outcome:
        ran.append("group")
        grouped.set()
        return Outcome(done=1)

    verbs.ingest, verbs.clean, verbs.group = endless("ingest"), endless("clean"), group  # type: ignore[attr-defined]
    runs = Runs(["work"], 2, [step("ingest"), step("clean"), step("group")])

    def run(name: str) -> None:
        runs.run(name)
        connections.close_all()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("ingest", "clean")]
    for thread in threads:
        thread.start()
        assert full.acquire(timeout=30)
    assert runs.run("group") == 0  # there is no place
    asked.set()
    try:
        assert grouped.wait(30), "two steps that always find more kept grouping from its place"
    finally:
        runs.stopping.set()
        for thread in threads:
            thread.join(30)
    # At its next turn, not when the others have nothing left: each place ends the run it is at, and no more.
    assert ran.index("group") <= 2 and not any(thread.is_alive() for thread in threads)


def test_a_worker_has_its_steps_imported_before_it_listens(verbs: types.ModuleType) -> None:
    verbs.here = lambda: Outcome(done=1)  # type: ignore[attr-defined]
    runs = Runs(["work"], 2, [step("here"), step("missing"), Step("nowhere", "work", "cluster_nowhere:x")])
    runs.prepare()
    # What was imported is not looked up again; what cannot be is reported by its run.
    del verbs.here
    assert runs.run("here") == 1 and runs.run("missing") == 0 and runs.run("nowhere") == 0
    assert "cluster_nowhere" in Heartbeat.objects.get(step="nowhere").error


def test_the_command_knows_all_lanes() -> None:
    from masthead.cli.worker import LANES

    assert list(LANES) == lanes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(), "no broker is set"),
        (Options(broker="kafka://x"), "begins with 'kafka'"),
        (Options(broker="redis://x"), "cannot share SQLite"),
    ],
)
def test_what_is_missing_is_said_with_the_cure(options: Options, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        check(options)
    check(Options(broker="redis://x", database_url="postgres://x/y"))
