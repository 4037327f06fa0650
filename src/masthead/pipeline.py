"""Runs the steps: knows when and in which thread, not what they do.

A lane is a thread whose steps follow each other. What waits for the network has a lane of its own, so that a slow
server holds up nobody else. A step that cannot be imported, or that fails, is logged, reported in its heartbeat and
tried again after a growing pause; the other steps go on.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone

from masthead.store.steps import Outcome

log = logging.getLogger(__name__)

QUIET_BEAT = 20.0
"""Seconds between two heartbeats of a step that finds nothing to do."""
LONGEST_PAUSE = 60.0
DATABASE_PAUSE = 5.0
"""Seconds at most before a step is tried again that failed because the database did: it says nothing about the step."""
DATABASE_ERRORS = (OperationalError, InterfaceError)
GRACE = 7.0
"""Seconds that the lanes have to finish what is under way when the process is stopped."""


@dataclass(frozen=True, slots=True)
class Step:
    """`verb` is "module:function"; `idle`: seconds until the lane asks again when there was nothing to do."""

    name: str
    lane: str
    verb: str
    idle: float = 1.0


STEPS: tuple[Step, ...] = (
    Step("poll", "poll", "masthead.feeds.poll:poll_due"),
    Step("retrieve", "pages", "masthead.entries.retrieve:retrieve"),
    Step("pictures", "pictures", "masthead.articles.pictures:fetch_pictures"),
    Step("icons", "icons", "masthead.feeds.icons.keep:keep_icons", idle=20.0),
    Step("weather", "weather", "masthead.weather.read:read", idle=30.0),
    Step("hubs", "hubs", "masthead.feeds.websub.keep:keep", idle=30.0),
    Step("deliver", "delivery", "masthead.delivery.deliver:deliver", idle=5.0),
    Step("ingest", "work", "masthead.entries.ingest:ingest"),
    Step("clean", "work", "masthead.articles.clean:clean"),
    Step("group", "work", "masthead.stories.group:group"),
    Step("arrange", "work", "masthead.pages.arrange:arrange"),
    Step("roll", "work", "masthead.audience.roll:roll"),
    Step("replay", "replay", "masthead.articles.replay.parts:work", idle=5.0),
    Step("retain exchanges", "retention", "masthead.feeds.retain:retain", idle=300.0),
    Step("retain originals", "retention", "masthead.entries.retain:retain", idle=300.0),
)


@dataclass(slots=True)
class Result:
    """What `run_until_idle` did: rows by step, errors of whole steps, and whether it came to rest."""

    done: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    idle: bool = False


class Runner:
    """Runs one step again and again and remembers how that went."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.not_before = 0.0
        self.error = ""
        self._verb: Callable[[], Outcome] | None = None
        self._pause = 1.0
        self._last_beat = float("-inf")

    def run(self) -> Outcome:
        """One run. Never raises but for exits: a failure is an `Outcome` of nothing and a later `not_before`."""
        from masthead.store import clock

        started_at, outcome = timezone.now(), Outcome()
        try:
            verb = self._verb or self._load()
            clock.notice()
            outcome = verb()
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"
            longest = DATABASE_PAUSE if isinstance(error, DATABASE_ERRORS) else LONGEST_PAUSE
            pause = min(self._pause, longest)
            log.exception("step %s failed; next try in %.0f s", self.step.name, pause)
            self.not_before = time.monotonic() + pause
            self._pause = min(pause * 2, longest)
        else:
            self.error, self._pause = "", 1.0
        now = time.monotonic()
        if outcome.done or outcome.failed or self.error or now - self._last_beat > QUIET_BEAT:
            self._last_beat = now
            self._beat(started_at, outcome)
        return outcome

    def prepare(self) -> None:
        """Import the step before its first run. One that cannot be imported fails in its run, and is reported there."""
        with contextlib.suppress(Exception):
            self._load()

    def _load(self) -> Callable[[], Outcome]:
        module, _, function = self.step.verb.partition(":")
        verb: Callable[[], Outcome] = getattr(importlib.import_module(module), function)
        self._verb = verb
        return verb

    def _beat(self, started_at: datetime, outcome: Outcome) -> None:
        from masthead.store import heartbeat

        try:
            heartbeat.beat(self.step.name, started_at, outcome, self.error)
        except Exception:
            log.exception("the heartbeat of %s could not be written", self.step.name)
            close_old_connections()


class Lane(threading.Thread):
    """The steps of one lane, in order, for ever."""

    def __init__(self, name: str, steps: list[Step], stopping: threading.Event) -> None:
        super().__init__(name=f"lane-{name}", daemon=True)
        self._runners = [Runner(step) for step in steps]
        self._stopping = stopping
        self._idle = min(step.idle for step in steps)

    def prepare(self) -> None:
        """Import all its steps."""
        for runner in self._runners:
            runner.prepare()

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                if not self._round():
                    close_old_connections()
                    self._stopping.wait(self._idle)
        finally:
            connections.close_all()

    def _round(self) -> bool:
        """Every step once; whether there is more to do right now."""
        more = False
        for runner in self._runners:
            if self._stopping.is_set():
                return False
            if time.monotonic() >= runner.not_before:
                more = runner.run().more or more
        return more


def start(steps: Sequence[Step], stopping: threading.Event) -> list[Lane]:
    """Start the lanes of these steps, which stand lane by lane.

    What the steps need is imported by this thread, before any of them runs: threads that import the parts of a package
    at once can come to wait for each other, and Python then fails one of them.
    """
    lanes = [Lane(name, list(group), stopping) for name, group in groupby(steps, key=lambda step: step.lane)]
    for lane in lanes:
        lane.prepare()
    for lane in lanes:
        lane.start()
    return lanes


def run_until_idle(timeout: float = 60.0, steps: tuple[Step, ...] = STEPS) -> Result:
    """Run all steps here, in turn, until a whole round finds nothing to do, or for `timeout` seconds."""
    runners = [Runner(step) for step in steps]
    result = Result()
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        busy = False
        for runner in runners:
            if time.monotonic() < runner.not_before:
                continue
            outcome = runner.run()
            name = runner.step.name
            result.done[name] = result.done.get(name, 0) + outcome.done
            result.failed[name] = result.failed.get(name, 0) + outcome.failed
            if runner.error:
                result.errors[name] = runner.error
            busy = busy or outcome.more or outcome.done > 0
        if not busy:
            result.idle = True
            break
    return result


def _publish() -> None:
    """Write the numbers of this process down for `/metrics`. A full disk stops no lane."""
    from django.conf import settings

    from masthead.store import numbers

    try:
        numbers.publish(settings.MASTHEAD.home, "pipeline")
    except OSError:
        log.exception("the numbers of the pipeline could not be written")


def main() -> None:
    """The pipeline process: all lanes, until SIGTERM. What is under way is finished first, within seconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")
    import django

    django.setup()
    os.nice(5)  # readers come first
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    from masthead.store import generation, numbers
    from masthead.store.workers import run as workers

    workers.prepare()
    # Whatever was committed just before the last stop, and not told: tell it now.
    generation.bump()
    lanes = start(STEPS, stopping)
    numbers.watch_process("pipeline")
    while not stopping.wait(numbers.PUBLISH_SECONDS):
        _publish()
    deadline = time.monotonic() + GRACE
    for lane in lanes:
        lane.join(max(0.0, deadline - time.monotonic()))
    connections.close_all()
    # A thread that is still at it is cut off here; its row is claimed again after its lease.
    os._exit(0)
