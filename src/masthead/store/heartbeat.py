"""Heartbeats: when each pipeline step last ran and what came of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from masthead.store.models import Heartbeat
from masthead.store.steps import Outcome


def beat(step: str, started_at: datetime, outcome: Outcome, error: str = "") -> None:
    """Record one run of a step. Two small statements."""
    values = {
        "started_at": started_at,
        "finished_at": timezone.now(),
        "done": outcome.done,
        "failed": outcome.failed,
        "error": error,
    }
    if not Heartbeat.objects.filter(step=step).update(**values, total=F("total") + outcome.done):
        Heartbeat.objects.update_or_create(step=step, defaults={**values, "total": outcome.done})
