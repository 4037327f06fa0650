"""Faults that come over a running site: kills and stops, a locked database, clocks, memory, two schedulers."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import psutil

from chaos import check
from chaos.check import Broken
from chaos.kills import DATABASE, settle
from chaos.result import Result
from chaos.site import Desk, Site, running

RECOVERY = 10.0
Fault = Callable[[Site], None]


def _over(result: Result, folder: Path, seed: int, faults: list[Fault], **more: str) -> Result:
    """A site with readers and an editor; the faults come one by one, and after each news has to come out again."""
    house, press = running(folder, f"site{seed}-{time.monotonic_ns()}", seed)
    try:
        with result.during(f"seed {seed}"):
            with Site(house, press, **more) as site:
                desk = Desk(site)
                desk.start()
                for number, fault in enumerate(faults):
                    result.rounds += 1
                    with result.during(f"round {number} of seed {seed}"):
                        fault(site)
                        result.hits += 1
                        result.recovered(site.news())
                        check.hold(lambda statement: site.rows(statement), press.acknowledged(), settled=False)
                desk.stop()
                try:
                    desk.check()
                except AssertionError as error:
                    result.broken.append(str(error))
                site.readers.stop()
                site.readers.tell(result)
                result.note = f"{len(desk.confirmed)} desk writes confirmed, {desk.refused} refused; {result.note}"
                if bad := site.readers.statuses - {0}:
                    result.note += f" statuses {sorted(bad)}"
            settle(house, press)
            check.hold_sqlite(house.home / DATABASE, press.acknowledged(), settled=True)
            result.acknowledged = len(press.acknowledged()) + len(desk.confirmed)
    finally:
        house.close()
        press.close()
    return result


def kills(folder: Path, rounds: int, seed: int) -> Result:
    """Any process of a running site, one by one: pipeline, its workers and their nursery, web and its workers."""
    result, chance = Result("kill -9 of any process of a running site"), random.Random(seed)

    def kill(site: Site) -> None:
        time.sleep(chance.uniform(0, 2))
        family = [process for process in site.family() if process.status() != psutil.STATUS_ZOMBIE]
        chance.choice(sorted(family, key=lambda process: process.pid)).kill()

    return _over(result, folder, seed, [kill] * rounds)


def locked(folder: Path, seconds: float, seed: int) -> Result:
    """Another program, which knows no gate, holds the write lock."""

    def hold(site: Site) -> None:
        with closing(sqlite3.connect(site.house.home / DATABASE, timeout=60, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            other.execute("ROLLBACK")

    return _over(Result(f"database locked by another program for {seconds:.0f} s"), folder, seed, [hold])


def stopped(folder: Path, rounds: int, seed: int, seconds: float = 10) -> Result:
    """The pipeline is stopped (SIGSTOP) in whatever it does, the write gate in its hand or not, and goes on later."""
    chance = random.Random(seed)

    def stop(site: Site) -> None:
        time.sleep(chance.uniform(0, 1))
        pipeline = site.named("pipeline")
        pipeline.suspend()
        time.sleep(seconds)
        pipeline.resume()

    return _over(Result(f"writer stopped (SIGSTOP) for {seconds:.0f} s"), folder, seed, [stop] * rounds)


HOUR, YEAR_2038 = 3600, 2_147_483_640
JUMPS: list[tuple[str, int | None]] = [
    ("+1 h", HOUR), ("back", 0), ("-1 h", -HOUR), ("forward", 0), ("-400 d", -400 * 24 * HOUR), ("forward", 0),
    ("2038", None), ("back", 0),
]  # fmt: skip


def clock(folder: Path, rounds: int, seed: int) -> Result:
    """The clock jumps while the site runs: an hour on and back, 400 days back, to 2038 and back."""
    result = Result("clock +1 h, -1 h, -400 d, 2038, and back")
    told, library = folder / f"clock{seed}", folder / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    told.write_bytes(struct.pack("q", 0))

    def jump(name: str, to: int | None) -> Fault:
        def set_clock(site: Site) -> None:
            before = [len(site.press.requests(number)) for number in range(site.press.feeds)]
            moved = int(YEAR_2038 - time.time()) if to is None else to
            with told.open("r+b") as file:
                file.write(struct.pack("q", moved))
            time.sleep(5)
            asked = [len(site.press.requests(number)) - before[number] for number in range(site.press.feeds)]
            if max(asked) > 12:
                raise Broken(f"after {name} a feed was asked {max(asked)} times in five seconds; the floor is a second")

        return set_clock

    names = {"LD_PRELOAD": str(library), "CHAOS_CLOCK": str(told)}
    return _over(result, folder, seed, [jump(*one) for one in JUMPS[:rounds]], **names)


def memory(folder: Path, rounds: int, seed: int) -> Result:
    """The pipeline may take next to no memory beyond what it has, while a feed swells; then it may again."""

    def narrow(site: Site) -> None:
        pipeline = site.named("pipeline")
        site.press.swell(0, 8_000_000)
        limit = pipeline.memory_info().vms + 16_000_000
        resource.prlimit(pipeline.pid, resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        time.sleep(6)
        site.press.swell(0, 0)
        if pipeline.is_running() and pipeline.status() != psutil.STATUS_ZOMBIE:
            resource.prlimit(pipeline.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    return _over(Result("memory limit (RLIMIT_AS) on the pipeline"), folder, seed, [narrow] * rounds)


def schedulers(folder: Path, rounds: int, seed: int) -> Result:
    """A second pipeline beside the first, killed and started again: no feed is asked twice within the floor."""
    result = Result("two schedulers at once")

    def second(site: Site) -> None:
        before = [len(site.press.requests(number)) for number in range(site.press.feeds)]
        other = subprocess.Popen(
            [sys.executable, "-m", "masthead", "poll"], env={**site.house.environment, "MASTHEAD_WORKERS": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0,
        )  # fmt: skip
        try:
            site.news()
            time.sleep(4)
        finally:
            os.killpg(other.pid, signal.SIGKILL)
            other.wait()
        for number in range(site.press.feeds):
            times = site.press.requests(number)[max(0, before[number] - 1) :]
            if close := [later - sooner for sooner, later in pairwise(times) if later - sooner < 0.9]:
                raise Broken(f"feed {number} was asked again after {min(close):.2f} s; the floor is one second")

    return _over(result, folder, seed, [second] * rounds)
