"""Who is at work: each worker says so in the database, so that others know which lanes are looked after."""

from __future__ import annotations

import os
import platform
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from masthead.store.models import Worker

EVERY = 5.0
"""Seconds between two signs of life."""
MISSED = timedelta(seconds=20)
"""A worker that was silent for so long is gone."""
_FORGOTTEN = timedelta(hours=1)


def name() -> str:
    """What this process is called: machine, process, and something that no other has."""
    return f"{platform.node()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"


def show(worker: str, lanes: Sequence[str], broker_error: str = "") -> None:
    """A sign of life."""
    now = timezone.now()
    seen = {"seen_at": now, "lanes": list(lanes), "broker_error": broker_error[:500]}
    if not Worker.objects.filter(name=worker).update(**seen):
        Worker.objects.update_or_create(name=worker, defaults={**seen, "started_at": now})
        Worker.objects.filter(seen_at__lt=now - _FORGOTTEN).delete()


def leave(worker: str) -> None:
    """The worker ends."""
    Worker.objects.filter(name=worker).delete()


def covered() -> set[str]:
    """The lanes that somebody looks after."""
    there = Worker.objects.filter(seen_at__gte=timezone.now() - MISSED)
    return {lane for lanes in there.values_list("lanes", flat=True) for lane in lanes}
