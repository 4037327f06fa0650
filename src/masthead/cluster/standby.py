"""Lanes that run here while nobody else does their work: it degrades, it does not fall."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection

from masthead.pipeline import STEPS, Lane

log = logging.getLogger(__name__)


class Standby:
    """Starts lanes in this process, and stops them when they are wanted no more."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[Lane, threading.Event]] = {}
        self._ending: list[Lane] = []

    @property
    def lanes(self) -> set[str]:
        """The lanes that run here."""
        return set(self._running)

    def want(self, names: Collection[str], why: str) -> None:
        """Run these lanes and no others. What runs and is wanted no more finishes what is under way."""
        self._ending = [lane for lane in self._ending if lane.is_alive()]
        for name in self.lanes - set(names):
            self._end(name)
            log.warning("lane %s is left to the workers again", name)
        for name in sorted(set(names) - self.lanes):
            stopping = threading.Event()
            lane = Lane(name, [step for step in STEPS if step.lane == name], stopping)
            self._running[name] = lane, stopping
            lane.start()
            log.warning("lane %s runs here: %s", name, why)

    def _end(self, name: str) -> None:
        lane, stopping = self._running.pop(name)
        stopping.set()
        self._ending.append(lane)

    def stop(self, deadline: float) -> None:
        """Stop all, waiting until `deadline` (of the steady clock) at most."""
        for name in self.lanes:
            self._end(name)
        for lane in self._ending:
            lane.join(max(0.0, deadline - time.monotonic()))
