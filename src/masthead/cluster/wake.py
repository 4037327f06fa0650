"""The scheduler: wakes steps as often as a lane would look for work. Any number may run; one of them leads."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from django.db import close_old_connections, connections
from django.utils import timezone

from masthead.pipeline import QUIET_BEAT, STEPS, Step
from masthead.store import heartbeat, leases
from masthead.store.steps import Outcome

NAME = "wake"
TICK = 0.5
LEADS = timedelta(seconds=3)
"""A leader that was silent for so long is followed by another."""
_FOLLOWS = 1.0  # seconds between two attempts to lead
_PAUSE = 3.0  # seconds until a broker that failed is asked again

log = logging.getLogger(__name__)


class Wakes(Protocol):
    def wake(self, steps: list[str]) -> int: ...

    def close(self) -> None: ...


class Scheduler(threading.Thread):
    """Sends wake-ups while it leads. `error`: why the broker could not be told last time; "" when it could."""

    def __init__(
        self,
        holder: str,
        alarm: Wakes,
        stopping: threading.Event,
        trouble: Callable[[BaseException], str],
        steps: tuple[Step, ...] = STEPS,
    ) -> None:
        super().__init__(name="scheduler", daemon=True)
        self.holder = holder
        self.error = ""
        self.leads = False
        self._alarm, self._trouble = alarm, trouble
        self._stopping = stopping
        self._due = {step.name: 0.0 for step in steps}
        self._idle = {step.name: step.idle for step in steps}
        self._ask_at = self._tell_at = self._last_beat = float("-inf")

    def run(self) -> None:
        try:
            while not self._stopping.wait(TICK):
                try:
                    self.tick(time.monotonic())
                except Exception:
                    log.exception("the scheduler failed; trying again")
                    self.leads = False
                close_old_connections()
            leases.resign(NAME, self.holder)
        finally:
            self._alarm.close()
            connections.close_all()

    def tick(self, now: float) -> None:
        """Lead if nobody else does, and wake what is due."""
        if now < self._ask_at:
            return
        self.leads = leases.lead(NAME, self.holder, LEADS)
        if not self.leads:
            self._ask_at = now + _FOLLOWS
            return
        # Who waits for the broker to recover leads all the same, lest another asks it meanwhile.
        due = [name for name, at in self._due.items() if at <= now >= self._tell_at]
        if not due:
            return
        started_at, sent, before = timezone.now(), 0, self.error
        try:
            sent = self._alarm.wake(due)
            self.error = ""
        except Exception as error:
            self.error = self._trouble(error)
            self._tell_at = now + _PAUSE
        for name in due:
            self._due[name] = now + self._idle[name]
        if self.error != before:
            log.error("%s", self.error) if self.error else log.info("the broker answers again")
        if self.error != before or now - self._last_beat > QUIET_BEAT:
            self._last_beat = now
            heartbeat.beat(NAME, started_at, Outcome(done=sent), self.error)
