"""Whether the site is ready: its database answers, is of this program's making, and the pipeline's steps beat.

What is told here may be read by anybody, so that it names parts and times and nothing else.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from masthead.store.models import Heartbeat

SILENT = timedelta(minutes=5)
"""The pipeline does not run when no step ran within this time; each beats every 20 seconds, also with nothing to do."""
STUCK = timedelta(minutes=30)
"""A single step that ran no more for so long is stuck, though the others go on."""
KNOWN_SECONDS = 60.0
"""That no migration is pending is believed for so long."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the site: `well`, and in words how it is."""

    name: str
    well: bool
    said: str


_migrated_until = 0.0


def parts(*, pipeline: bool = True) -> list[Part]:
    """Each part, the database first; what cannot be asked without it is left out when it does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return [Part("database", False, "does not answer")]
    found = [Part("database", True, "ok")]
    try:
        found += [_migrations(), *_broker()]
        return [*found, _pipeline(timezone.now())] if pipeline else found
    except DatabaseError:
        return [*found, Part("tables", False, "cannot be read")]


def _migrations() -> Part:
    global _migrated_until
    if time.monotonic() < _migrated_until:
        return Part("migrations", True, "ok")
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        return Part("migrations", False, f"{pending} pending")
    _migrated_until = time.monotonic() + KNOWN_SECONDS
    return Part("migrations", True, "ok")


def _broker() -> list[Part]:
    """The broker of a site on many machines. Pages and work come without it too: it is told, and turns nobody away."""
    if not settings.MASTHEAD.broker:
        return []
    trouble = Heartbeat.objects.filter(step="wake").values_list("error", flat=True).first()
    return [Part("broker", True, "does not answer; the work is done without it" if trouble else "ok")]


def _pipeline(now: datetime) -> Part:
    beats = {
        step: end or begin for step, begin, end in Heartbeat.objects.values_list("step", "started_at", "finished_at")
    }
    if not beats:
        return Part("pipeline", False, "has not run yet")
    last = max(beats.values())
    if now - last > SILENT:
        return Part("pipeline", False, f"no step has run for {_minutes(now - last)}")
    if stuck := [f"{step} for {_minutes(now - at)}" for step, at in sorted(beats.items()) if now - at > STUCK]:
        return Part("pipeline", False, f"has not run {', '.join(stuck)}")
    return Part("pipeline", True, "ok")


def _minutes(age: timedelta) -> str:
    return f"{age // timedelta(minutes=1)} minutes"
