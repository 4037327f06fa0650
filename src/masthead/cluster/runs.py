"""What a worker does when it is woken: a run of the step, if there is a place for it.

Every lane has places of its own, so that a slow publisher holds up no cleaning. A step that is woken while its lane is
full waits its turn: places go round, a run at a time, so that a step that finds more and more keeps no other from its
place. It waits here once at most, however often it is woken.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from django.db import close_old_connections

from masthead.pipeline import STEPS, Runner, Step

SHARED = frozenset(("work", "replay"))
"""Lanes of which one process may run several steps at once. Others wait for servers, many of them in one run."""


def lanes() -> list[str]:
    """The names of all lanes."""
    return list(dict.fromkeys(step.lane for step in STEPS))


class _Lane:
    """The places of one lane, and which steps wait for one, the longest first."""

    def __init__(self, steps: Sequence[Step], wide: int) -> None:
        self._lock = threading.Lock()
        self._free = wide
        self._waiting: dict[str, None] = {}
        # One for each place: a runner remembers how its last run went, and is no two threads' at once.
        self._runners = {step.name: [Runner(step) for _ in range(wide)] for step in steps}

    def prepare(self) -> None:
        """Import what the steps need."""
        for runners in self._runners.values():
            for runner in runners:
                runner.prepare()

    def enter(self, name: str) -> Runner | None:
        """A place for the step; None where there is none, and the step waits for one."""
        with self._lock:
            if not self._free:
                self._waiting.setdefault(name)
                return None
            self._free -= 1
            return self._runners[name].pop()

    def go_on(self, runner: Runner, more: bool) -> Runner | None:
        """After a run: whose run is next at this place; None when nobody wants it, and it is free."""
        with self._lock:
            self._runners[runner.step.name].append(runner)
            if more:
                self._waiting.setdefault(runner.step.name)
            if not self._waiting:
                self._free += 1
                return None
            name = next(iter(self._waiting))
            del self._waiting[name]
            return self._runners[name].pop()

    def leave(self, runner: Runner) -> None:
        """The process is stopped: the place is free, whoever waits."""
        with self._lock:
            self._runners[runner.step.name].append(runner)
            self._free += 1


class Runs:
    """The runs of one process. `wide`: how many at once of a lane that is shared."""

    def __init__(self, lanes: Sequence[str], wide: int, steps: Sequence[Step] = STEPS) -> None:
        self.stopping = threading.Event()
        self._wide = wide
        self._steps = {step.name: step for step in steps if step.lane in lanes}
        self._lanes = {
            lane: _Lane([step for step in self._steps.values() if step.lane == lane], self.width(lane))
            for lane in lanes
        }

    def width(self, lane: str) -> int:
        """How many runs there may be of a lane at once."""
        return self._wide if lane in SHARED else 1

    @property
    def places(self) -> int:
        """How many runs there may be at once, of all lanes together."""
        return sum(self.width(lane) for lane in self._lanes)

    @property
    def steps(self) -> list[str]:
        """The steps of these lanes."""
        return list(self._steps)

    def prepare(self) -> None:
        """Import what the steps need, which takes seconds, before anybody counts on this process."""
        for lane in self._lanes.values():
            lane.prepare()

    def run(self, name: str) -> int:
        """Run a step, and then at its place whatever waits for one, until nothing does; how many rows were finished.

        Never waits for a place.
        """
        step = self._steps.get(name)
        if step is None:
            return 0
        lane, done = self._lanes[step.lane], 0
        runner = lane.enter(name)
        while runner is not None:
            more = False
            # One that failed is left alone for a while: the next message asks for it again.
            if runner.not_before <= time.monotonic():
                outcome = runner.run()
                done, more = done + outcome.done, outcome.more
                # A connection that broke, or is old, is not the next run's trouble.
                close_old_connections()
            if self.stopping.is_set():
                lane.leave(runner)
                break
            runner = lane.go_on(runner, more)
        return done
