"""Writes the readings every few seconds, and says when that was last done."""

from __future__ import annotations

import logging
import time

from django.db import close_old_connections
from django.utils import timezone

from masthead.audience.count import Counter
from masthead.store import heartbeat
from masthead.store.steps import Outcome

STEP = "count"
QUIET_BEAT = 20.0
log = logging.getLogger(__name__)


class Keeper:
    """Flushes a counter. Never raises: what cannot be written is logged and waits for the next time.

    `speaks`: says that it is there also when it has nothing to write; not where another process writes for this one.
    """

    def __init__(self, counter: Counter, speaks: bool = True) -> None:
        self._counter = counter
        self._speaks = speaks
        self._beaten = float("-inf")

    def flush(self, last: bool = False) -> None:
        """Write what was counted. `last`: the process ends."""
        started, rows, error = timezone.now(), 0, ""
        try:
            rows = self._counter.flush(last)
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
            log.exception("readings could not be written; they are kept for the next time")
        if rows or error or (self._speaks and time.monotonic() - self._beaten > QUIET_BEAT):
            self._beaten = time.monotonic()
            try:
                heartbeat.beat(STEP, started, Outcome(done=rows), error)
            except Exception:
                log.exception("the heartbeat of counting could not be written")
        close_old_connections()
