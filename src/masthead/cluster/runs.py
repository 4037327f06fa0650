"""What a worker does when it is woken: a run of the step, if there is a place for it.

Every lane has places of its own, so that a slow publisher holds up no cleaning. A message for which there is none is
dropped: whoever fills the place goes on until there is nothing left, and the next message comes within a second.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence

from masthead.pipeline import STEPS, Runner, Step

SHIFT = 20.0
"""Seconds after which a run that finds more and more gives up its place, so that other steps of its lane get theirs."""
SHARED = frozenset(("work", "replay"))
"""Lanes of which one process may run several steps at once. Others wait for servers, many of them in one run."""


def lanes() -> list[str]:
    """The names of all lanes."""
    return list(dict.fromkeys(step.lane for step in STEPS))


class Runs:
    """The runs of one process. `wide`: how many at once of a lane that is shared."""

    def __init__(self, lanes: Sequence[str], wide: int, steps: Sequence[Step] = STEPS) -> None:
        self.stopping = threading.Event()
        self._steps = {step.name: step for step in steps if step.lane in lanes}
        self._wide = wide
        self._places = {lane: threading.Semaphore(self.width(lane)) for lane in lanes}
        self._runners: dict[str, queue.SimpleQueue[Runner]] = {}
        for step in self._steps.values():
            self._runners[step.name] = queue.SimpleQueue()
            for _ in range(self.width(step.lane)):
                self._runners[step.name].put(Runner(step))

    def width(self, lane: str) -> int:
        """How many runs there may be of a lane at once."""
        return self._wide if lane in SHARED else 1

    @property
    def places(self) -> int:
        """How many runs there may be at once, of all lanes together."""
        return sum(self.width(lane) for lane in self._places)

    @property
    def steps(self) -> list[str]:
        """The steps of these lanes."""
        return list(self._steps)

    def run(self, name: str) -> int:
        """Run a step while there is more to do, for a shift at most; how many rows it finished. Never waits."""
        step = self._steps.get(name)
        if step is None or not self._places[step.lane].acquire(blocking=False):
            return 0
        done = 0
        try:
            runner = self._runners[name].get_nowait()
            try:
                end = time.monotonic() + SHIFT
                while not self.stopping.is_set() and runner.not_before <= time.monotonic() < end:
                    outcome = runner.run()
                    done += outcome.done
                    if not outcome.more:
                        break
            finally:
                self._runners[name].put(runner)
        finally:
            self._places[step.lane].release()
        return done
