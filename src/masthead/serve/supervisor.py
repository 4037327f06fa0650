"""Keeps a few processes running: starts them, starts them again when they die, stops them together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from masthead.store.lifeline import GRACE, PARENT

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
"""Seconds before a process that fell is started again, at first and at most: no number of falls makes readers wait for
longer than a few seconds, and a process that cannot start at all costs little."""
SETTLED = 60.0
"""Seconds after which a process counts as running well, so that its next fall is followed by a quick start again."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A process: its name, the "module:function" that it runs, and what is added to its environment."""

    name: str
    target: str
    environment: dict[str, str] = field(default_factory=dict)


class _Child:
    def __init__(self, part: Part) -> None:
        self.part = part
        self.pause = FIRST_PAUSE
        self.start_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def tend(self, now: float) -> None:
        """Start it when it is time to; note its fall."""
        if self.process is None:
            if now >= self.start_at:
                self._start(now)
            return
        status = self.process.poll()
        if status is None:
            return
        if now - self.started > SETTLED:
            self.pause = FIRST_PAUSE
        how = f"signal {-status}" if status < 0 else f"status {status}"
        log.error("%s ended with %s; starting it again in %.1f s", self.part.name, how, self.pause)
        self.process = None
        self.start_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _start(self, now: float) -> None:
        # A process group of its own, so that Ctrl-C reaches the supervisor alone, which then stops all in good order.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "masthead.serve.child", self.part.name, self.part.target],
            env={**os.environ, **self.part.environment, PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
        self.started = now

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)


class Supervisor:
    """Runs the parts until `stop` is called or SIGTERM, SIGINT or SIGHUP arrives."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._children = [_Child(part) for part in parts]
        self._stopping = threading.Event()

    def stop(self, *_: object) -> None:
        self._stopping.set()

    def run(self, on_start: Callable[[threading.Event], None] | None = None) -> None:
        """Start all parts and stay until stopped; `on_start` runs in a thread beside and gets the stop event."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.stop)
        if on_start is not None:
            threading.Thread(target=on_start, args=(self._stopping,), daemon=True).start()
        try:
            while not self._stopping.is_set():
                now = time.monotonic()
                for child in self._children:
                    child.tend(now)
                self._stopping.wait(0.2)
        finally:
            self._stop_all()

    def _stop_all(self) -> None:
        for child in self._children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE + 1
        for child in self._children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("%s did not stop in time and is ended", child.part.name)
                child.signal(signal.SIGKILL)
                child.process.wait()
