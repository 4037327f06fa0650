"""Writes that fail: no space and input/output errors at each of the first writes of a run, by strace's injection."""

from __future__ import annotations

import random
import time
from pathlib import Path

from chaos import check
from chaos.check import Broken
from chaos.house import House
from chaos.kills import DATABASE, FEEDS, founded, settle
from chaos.press import Press
from chaos.result import Result
from chaos.trace import attach

STRIDE = 20
"""A run fails at every so many-th write from its own first on, so that so many runs fail at each."""
SETTLED = 5
"""After so many runs one is let alone, and everything has to be published."""
FAULTS = (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"))


def writes(folder: Path, first: int, seed: int) -> Result:
    """ENOSPC and EIO at each of the `first` writes and EIO at syncs: the pipeline goes on, and nothing is lost."""
    result = Result(f"no space and I/O errors at each of the first {first} writes")
    press, house = Press(FEEDS, seed), House(folder / "errors")
    path, trace = house.home / DATABASE, folder / "errors.trace"
    try:
        founded(house, press)
        for call, error in FAULTS:
            for start in range(1, min(first, STRIDE) + 1):
                inject = f"{call}:error={error}:when={start}..{first}+{STRIDE}"
                pid = house.start("soak", stopped=True)
                tracer = attach(pid, trace, calls=call, inject=inject)
                status = house.wait(pid)
                tracer.wait(30)
                result.rounds += 1
                result.hits += trace.read_text(errors="replace").count("(INJECTED)")
                with result.during(f"{inject}, seed {seed}"):
                    if status:
                        raise Broken(f"the pipeline ended with {status}")
                    check.hold_sqlite(path, press.acknowledged())
                    if start % SETTLED and start != min(first, STRIDE):
                        continue
                    started = time.monotonic()
                    house.run("work")
                    result.recovered(time.monotonic() - started)
                    settle(house, press)
                    check.hold_sqlite(path, press.acknowledged(), settled=True)
        result.acknowledged = len(press.acknowledged())
        result.note = f"{result.hits} writes failed in {result.rounds} runs"
    finally:
        house.close()
        press.close()
    return result


def backups(folder: Path, rounds: int, seed: int) -> Result:
    """No space at any write of a backup: it fails in words, leaves nothing, and the site is as it was."""
    result = Result("no space in backup")
    chance, press, house = random.Random(seed), Press(FEEDS, seed), House(folder / "full")
    trace, target = folder / "full.trace", folder / "full.tar.zst"
    try:
        founded(house, press)
        for number in range(rounds):
            call = chance.choice(("write", "pwrite64"))
            pid = house.start("backup", target=str(target), stopped=True)
            inject = f"{call}:error=ENOSPC:when={chance.randint(1, 12)}+"
            tracer = attach(pid, trace, calls=call, inject=inject)
            status = house.wait(pid)
            tracer.wait(30)
            struck = "(INJECTED)" in trace.read_text(errors="replace")
            result.rounds += 1
            result.hits += struck
            with result.during(f"round {number} ({inject}), seed {seed}"):
                left = [path.name for path in (*folder.iterdir(), *house.home.iterdir()) if "unfinished" in path.name]
                if left or (status and target.exists()):
                    raise Broken(f"left behind: {left or target.name}")
                check.hold_sqlite(house.home / DATABASE, press.acknowledged())
                house.run("backup", target=str(target))
                house.run("unpack", source=str(target), folder=str(folder / "full-unpacked"))
            target.unlink(missing_ok=True)
        result.acknowledged = len(press.acknowledged())
    finally:
        house.close()
        press.close()
    return result
