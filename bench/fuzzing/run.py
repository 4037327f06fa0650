"""Numbered inputs, read one after the other in a process that may die; what was found."""

from __future__ import annotations

import multiprocessing
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from random import Random
from types import FrameType
from typing import Any

from fuzzing.alike import Broken
from fuzzing.areas import AREAS, Area
from fuzzing.seeds import Pool

# Seconds of CPU time that a call may take, and after which it is ended.
LIMIT, END = 2.0, 20.0
# Inputs that one process reads before another takes over.
_SHIFT = 20_000
_TURN = [area for area in AREAS for _ in range(area.share)]
# Failures of one kind that are kept.
_MOST_KEPT = 5


class TooSlow(BaseException):
    """A call that had to be ended."""


@dataclass(frozen=True)
class Failure:
    """An input that broke a promise. `kind` is what many failures of one cause share."""

    number: int
    area: str
    kind: str
    words: str
    given: str


@dataclass
class Tally:
    """What became of the inputs of one area."""

    inputs: int = 0
    declared: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_number: int = 0
    spent: float = 0.0

    def add(self, other: Tally) -> None:
        """Count what another process found."""
        self.inputs += other.inputs
        self.declared += other.declared
        self.failed += other.failed
        self.spent += other.spent
        if other.slowest > self.slowest:
            self.slowest, self.slowest_number = other.slowest, other.slowest_number


Tallies = dict[str, Tally]


def area_of(number: int) -> Area:
    """The area that an input belongs to, by its number."""
    return _TURN[number * 37 % len(_TURN)]


def given(seed: int, number: int, pool: Pool) -> Any:
    """The input with this number."""
    return area_of(number).make(Random(f"{seed}:{number}"), pool)


def judged(number: int, made: Any) -> tuple[str, Failure | None, float]:
    """The declared error, the failure, and the seconds of CPU time that reading took."""
    area, failure, declared = area_of(number), None, ""
    started = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, END)
    try:
        declared = area.read(made)
    except Broken as broken:
        kind = str(broken).partition(":")[0]
        failure = Failure(number, area.name, f"broken: {kind[:60]}", str(broken), "")
    except TooSlow:
        failure = Failure(number, area.name, "too slow", f"ended after {END:.0f} s", "")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} in {place.name}, line {place.lineno}"
        failure = Failure(number, area.name, kind, "".join(traceback.format_exception(error)[-6:]), "")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    spent = time.process_time() - started
    if failure is None and spent > LIMIT:
        failure = Failure(number, area.name, "too slow", f"{spent:.1f} s", "")
    return declared, failure, spent


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def numbers(first: int, count: int, only: Collection[str]) -> Iterator[int]:
    """`count` numbers from `first` on whose areas are wanted."""
    number = first
    while count > 0:
        if not only or area_of(number).name in only:
            count -= 1
            yield number
        number += 1


def _shift(seed: int, wanted: list[int], pool: Pool, at: Synchronized[int], pipe: Any) -> None:
    signal.signal(signal.SIGVTALRM, _end)
    tallies: Tallies = {}
    failures: list[Failure] = []
    for number in wanted:
        at.value = number
        made = given(seed, number, pool)
        declared, failure, spent = judged(number, made)
        tally = tallies.setdefault(area_of(number).name, Tally())
        tally.inputs += 1
        tally.spent += spent
        if spent > tally.slowest:
            tally.slowest, tally.slowest_number = spent, number
        if declared:
            tally.declared[declared] += 1
        if failure is not None:
            tally.failed[failure.kind] += 1
            if tally.failed[failure.kind] <= _MOST_KEPT:
                failures.append(Failure(number, failure.area, failure.kind, failure.words, repr(made)[:1500]))
    pipe.send((tallies, failures))
    pipe.close()


def run(
    seed: int,
    count: int,
    pool: Pool,
    only: Collection[str],
    step: Callable[[int], None],
    found: Callable[[Failure], None],
) -> Tallies:
    """Read `count` inputs. `step` is told how many were read since, `found` of each failure that is kept."""
    for area in AREAS:
        if area.before is not None and (not only or area.name in only):
            area.before()
    machine = multiprocessing.get_context("fork")
    totals: Tallies = {}
    waiting = list(numbers(0, count, only))
    while waiting:
        shift, waiting = waiting[:_SHIFT], waiting[_SHIFT:]
        mine, theirs = machine.Pipe(duplex=False)
        at: Synchronized[int] = machine.Value("q", -1)
        worker = machine.Process(target=_shift, args=(seed, shift, pool, at, theirs))
        worker.start()
        theirs.close()
        known, done = 0, {number: place for place, number in enumerate(shift)}
        while not mine.poll(1.0):
            place = done.get(at.value, 0)
            step(place - known)
            known = place
        try:
            tallies, failures = mine.recv()
        except EOFError:
            # It died of the input that it was reading: those before it are read again, without it.
            worker.join()
            bad = at.value
            dead = Failure(
                bad,
                area_of(bad).name,
                "the process died",
                f"exit {worker.exitcode}",
                repr(given(seed, bad, pool))[:1500],
            )
            found(dead)
            totals.setdefault(dead.area, Tally()).failed[dead.kind] += 1
            waiting = [number for number in shift if number != bad] + waiting
            step(-known)
            continue
        worker.join()
        step(len(shift) - known)
        for name, tally in tallies.items():
            totals.setdefault(name, Tally()).add(tally)
        for failure in failures:
            found(failure)
    return totals
