"""Power loss at any moment: real runs are traced, and the disk is rebuilt as a cut would leave it."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from chaos import check
from chaos.check import Broken
from chaos.disk import Disk
from chaos.house import House, environment
from chaos.kills import DATABASE, FEEDS, founded
from chaos.press import ITEMS, Press, marker
from chaos.result import Result
from chaos.trace import CALLS, Call, attach, read

_HAS = re.compile(rb'if-none-match: "(\d+)-(\d+)"', re.I)
RESTARTS = 25
"""After so many cuts the program is started on what is left, and works on to the end."""


def acknowledged_by(call: Call) -> set[str]:
    """The markers that a request says to be had."""
    found = _HAS.search(call.data) if call.name in ("sendto", "write") else None
    if found is None:
        return set()
    return {marker(int(found[1]), int(found[2]), place) for place in range(ITEMS)}


def _cuts(total: int, rounds: int, chance: random.Random) -> dict[int, int]:
    """After which calls the power is cut, and how often there."""
    cuts: dict[int, int] = {}
    for _ in range(rounds):
        at = chance.randrange(total)
        cuts[at] = cuts.get(at, 0) + 1
    return cuts


def ingest(folder: Path, rounds: int, seed: int, job: str = "work") -> Result:
    """Cuts in polling and publishing: all that a request said to be had is there afterwards."""
    result = Result("power loss in ingest and publishing")
    chance, press, house = random.Random(seed), Press(FEEDS, seed), House(folder / "power")
    home, trace, kept, after = house.home, folder / "power.trace", folder / "kept", folder / "after"
    try:
        founded(house, press)
        before = press.acknowledged()
        disk = Disk(home)
        shutil.copytree(home, kept)
        pid = house.start(job, rounds=4, stopped=True)
        tracer = attach(pid, trace)
        if status := house.wait(pid):
            raise RuntimeError(f"the traced run ended with {status}: {house.log.read_text()[-2000:]}")
        tracer.wait(30)
        calls = list(read(trace))
        cuts, done = _cuts(len(calls), rounds, chance), set(before)
        for number, call in enumerate(calls):
            done |= acknowledged_by(call)
            disk.apply(call)
            for _ in range(cuts.get(number, 0)):
                _cut(disk, house, after, done, result, chance, f"seed {seed}, call {number}")
        result.acknowledged = len(done)
        result.note = f"{len(calls)} calls, {disk.writes} writes traced"
    finally:
        house.close()
        press.close()
    return result


def _cut(
    disk: Disk, house: House, after: Path, done: set[str], result: Result, chance: random.Random, where: str
) -> None:
    """One cut: what is left is checked; now and then the program goes on from it."""
    torn = result.rounds % 2 == 1
    disk.cut(after, chance, torn=torn)
    result.rounds += 1
    result.hits += 1
    with result.during(f"{where}, torn {torn}"):
        check.hold_sqlite(after / DATABASE, done)
        if result.rounds % RESTARTS == 0:
            shutil.rmtree(house.home)
            after.rename(house.home)
            started = time.monotonic()
            house.run("work")
            result.recovered(time.monotonic() - started)
            check.hold_sqlite(house.home / DATABASE, done, settled=True)


def first_start(folder: Path, rounds: int, seed: int) -> Result:
    """Cuts in the first start of a site: afterwards it starts, and a user of whom it was said that she is there is."""
    result = Result("power loss in the first start and migration")
    chance, home, trace = random.Random(seed), folder / "first", folder / "first.trace"
    given = {name: value for name, value in environment(home).items() if name != "MASTHEAD_SECRET_KEY"}
    home.mkdir()
    disk = Disk(home)
    subprocess.run(
        ["strace", "-f", "-y", "-q", "-s", "1000000", "-xx", "-e", f"trace={CALLS}", "-o", str(trace),
         sys.executable, "-m", "masthead", "user", "add", "anna", "--role", "chief", "--generate"],
        env=given, check=True, capture_output=True,
    )  # fmt: skip
    calls = [call for call in read(trace) if str(home) in "".join(call.paths) or b"may log in" in call.data]
    cuts, told = _cuts(len(calls), rounds, chance), False
    house = House(folder / "first-again")
    try:
        for number, call in enumerate(calls):
            told = told or (call.name == "write" and b"may log in" in call.data)
            disk.apply(call)
            for _ in range(cuts.get(number, 0)):
                disk.cut(house.home, chance, torn=result.rounds % 2 == 1)
                result.rounds += 1
                result.hits += 1
                with result.during(f"seed {seed}, call {number}"):
                    key = house.home / "secret_key"
                    if key.exists() and len(key.read_text().strip()) < 50:
                        raise Broken(f"a key of {key.stat().st_size} bytes")
                    if told:
                        if not key.exists():
                            raise Broken("the key is gone")
                        check.hold_sqlite(house.home / DATABASE, ())
                    if result.rounds % RESTARTS == 0:
                        started = time.monotonic()
                        house.run("migrate")
                        result.recovered(time.monotonic() - started)
                        check.hold_sqlite(house.home / DATABASE, ())
                        _knows(house.home / DATABASE, "anna", told)
        result.note = f"{len(calls)} calls traced"
    finally:
        house.close()
    return result


def _knows(database: Path, name: str, told: bool) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as opened:
        found = opened.execute("SELECT count(*) FROM accounts_user WHERE username = ?", (name,)).fetchone()[0]
    if told and found != 1:
        raise Broken(f"{name} was added and is there {found} times")


def backup(folder: Path, rounds: int, seed: int) -> Result:
    """Cuts in a backup: one that has its name is whole, and is there once it was said to be."""
    result = Result("power loss in backup")
    chance, press, house = random.Random(seed), Press(FEEDS, seed), House(folder / "saved")
    trace, after, unpacked = folder / "saved.trace", folder / "after-saved", folder / "unpacked-saved"
    try:
        founded(house, press)
        done = press.acknowledged()
        target = house.home / "backups" / "backup.tar.zst"
        target.parent.mkdir()
        disk = Disk(house.home)
        pid = house.start("backup", target=str(target), stopped=True)
        tracer = attach(pid, trace)
        if status := house.wait(pid):
            raise RuntimeError(f"the traced backup ended with {status}: {house.log.read_text()[-2000:]}")
        tracer.wait(30)
        calls = [call for call in read(trace) if str(house.home) in "".join(call.paths)]
        cuts = _cuts(len(calls), rounds - 1, chance)
        cuts[len(calls) - 1] = cuts.get(len(calls) - 1, 0) + 1
        for number, call in enumerate(calls):
            disk.apply(call)
            for _ in range(cuts.get(number, 0)):
                disk.cut(after, chance, torn=result.rounds % 2 == 1)
                result.rounds += 1
                result.hits += 1
                made = after / "backups" / target.name
                with result.during(f"seed {seed}, call {number}"):
                    if made.exists():
                        house.run("unpack", source=str(made), folder=str(unpacked))
                        check.hold_sqlite(unpacked / "database.sqlite3", done)
                    elif number == len(calls) - 1:
                        raise Broken("a backup that was finished is gone")
                    check.hold_sqlite(after / DATABASE, done)
        result.acknowledged = len(done)
        result.note = json.dumps({"calls": len(calls)})
    finally:
        house.close()
        press.close()
    return result
