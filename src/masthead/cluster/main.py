"""The processes of a site on many machines: the worker, and what `masthead serve` runs in the pipeline's place."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
import warnings
from collections.abc import Sequence
from typing import Any

from celery import Celery, signals
from celery.exceptions import SecurityWarning
from django.conf import settings
from django.db import close_old_connections, connections

from masthead.cluster import presence
from masthead.cluster.broker import TASK, Alarm, make, queue_of, trouble
from masthead.cluster.runs import Runs, lanes
from masthead.cluster.standby import Standby
from masthead.cluster.wake import Scheduler
from masthead.pipeline import GRACE
from masthead.store import generation
from masthead.store.workers import run as workers

log = logging.getLogger(__name__)

PATIENCE = 15.0
"""Seconds for which lanes may be without worker, or a worker without broker, before their work is done regardless."""
_LOOK = 2.0


def work(names: Sequence[str], wide: int) -> None:
    """A worker for these lanes, until SIGTERM. Without the broker it goes on by itself, from what the database says."""
    app, me = make(settings.MASTHEAD.broker), presence.name()
    runs = Runs(names, wide)
    _say_how_it_logs()
    workers.prepare()
    # Whoever says that he is there can work at once: he holds no turn, and no message, while he is still importing.
    runs.prepare()
    # Whatever was committed just before the last stop, and not told: tell it now.
    generation.bump()

    @app.task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]
    def step(name: str) -> None:
        runs.run(name)

    scheduler = Scheduler(me, Alarm(app), runs.stopping, trouble)
    scheduler.start()
    looking = threading.Thread(target=_look_after, args=(me, runs, names, Alarm(app)), name="presence", daemon=True)
    looking.start()

    def stop(*_: Any, **__: Any) -> None:
        runs.stopping.set()
        threading.Timer(GRACE, _end, [me]).start()

    signals.worker_shutting_down.connect(stop, weak=False)
    log.info("worker %s: lanes %s, %d places", me, ", ".join(names), runs.places)
    celery_worker = app.Worker(
        pool="threads",
        # One thread more than places: a message always finds somebody who notes it.
        concurrency=runs.places + 1,
        queues=[queue_of(name) for name in runs.steps],
        hostname=f"masthead@{me}",
        quiet=True,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        loglevel=logging.getLogger().getEffectiveLevel(),
    )
    celery_worker.start()
    scheduler.join(2.0)
    _end(me)


def _say_how_it_logs() -> None:
    """Celery sets logging up unless somebody says that he does; Django has done it. Wake-ups are no news."""
    signals.setup_logging.connect(lambda **_: None, weak=False)
    for name in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It speaks of pickle and of an option that this command does not have; messages are JSON and say a step's name.
    warnings.filterwarnings("ignore", category=SecurityWarning)


def _end(me: str) -> None:
    """A thread that is still at it is cut off here; its rows are claimed again after their lease."""
    try:
        presence.leave(me)
        connections.close_all()
    finally:
        os._exit(0)


def _look_after(me: str, runs: Runs, names: Sequence[str], alarm: Alarm) -> None:
    """Say every few seconds that this worker is there; work by itself while the broker is away."""
    standby = Standby()
    heard = time.monotonic()
    while not runs.stopping.is_set():
        error = ""
        try:
            alarm.ping()
            heard = time.monotonic()
        except Exception as failure:
            error = trouble(failure)
        alone = bool(error) and time.monotonic() - heard > PATIENCE
        standby.want(names if alone else (), error)
        try:
            presence.show(me, names, error)
        except Exception:
            log.exception("the database does not take this worker's sign of life")
        close_old_connections()
        runs.stopping.wait(presence.EVERY)
    standby.stop(time.monotonic() + GRACE)


def pipeline() -> None:
    """In the place of the pipeline, where a broker is set: wakes the workers, and does what no worker does."""
    os.nice(5)  # readers come first
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    generation.bump()
    app: Celery = make(settings.MASTHEAD.broker)
    scheduler = Scheduler(presence.name(), Alarm(app), stopping, trouble)
    scheduler.start()
    standby = Standby()
    missed = dict.fromkeys(lanes(), time.monotonic())
    while not stopping.wait(_LOOK):
        now = time.monotonic()
        try:
            missed.update(dict.fromkeys(presence.covered(), now))
        except Exception:
            log.exception("the database does not say which workers are there")
        close_old_connections()
        alone = [lane for lane, seen in missed.items() if now - seen > PATIENCE]
        if alone and not standby.lanes:
            workers.prepare()
        standby.want(alone, "no worker looks after it (`masthead worker`)")
    standby.stop(time.monotonic() + GRACE)
    scheduler.join(2.0)
    connections.close_all()
    os._exit(0)
