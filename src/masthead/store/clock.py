"""A wall clock that is set back: what was planned by the old one would come late by as much as it was moved.

A process notices a step of its clock by the steady one (`time.monotonic`), which nobody sets. The latest moment by
which the site made plans is kept in a table, so that a step is noticed after a restart too, and so that of several
processes one moves the plans. Then all plans go back by as much, once: every server is asked after the time that it
asked for, neither sooner nor an hour later. (A clock that was set forward needs nothing: plans are due sooner, once.)

The stages name their plans with `follows`, and whatever they plan by. Leases are none: each knows the trace of a wrong
clock by its length. (Of pages, pictures and hubs the plan is the lease as well: what was under way at that moment is
asked for once more.) Who plans in a transaction reads the clock after it has the rows, lest a plan by the old clock is
written after the plans have moved.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Model, Q
from django.utils import timezone

from masthead.store.models import LatestMoment

log = logging.getLogger(__name__)

TOLERANCE = timedelta(seconds=90)
"""Clocks that are kept right by small steps, and machines that differ by seconds, move nothing."""
_WRITE_EVERY = 20.0


@dataclass(frozen=True, slots=True)
class _Plans:
    model: type[Model]
    fields: tuple[str, ...]
    rows: Q


class _Steps:
    """Tells this process's clock from the steady one: what their difference was, and when the moment was written."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.apart: float | None = None
        self.written = float("-inf")


_plans: list[_Plans] = []
_steps = _Steps()


def follows(model: type[Model], *fields: str, rows: Q | None = None) -> None:
    """Name the times of a table that are plans, to be called as an app becomes ready. `rows`: only of these."""
    _plans.append(_Plans(model, fields, rows or Q()))


def notice(now: datetime | None = None) -> timedelta:
    """Move all plans back where the clock was set back; by how much. To be called before plans are read or made.

    Costs nothing while the clock runs as it did, but for a small write every twenty seconds. Raises `DatabaseError`,
    and then notices again the next time.
    """
    with _steps.lock:
        now = now or timezone.now()  # read here: a thread that waited would bring an old one
        steady = time.monotonic()
        apart = now.timestamp() - steady
        stepped = _steps.apart is None or abs(apart - _steps.apart) > TOLERANCE.total_seconds()
        if not stepped and steady - _steps.written < _WRITE_EVERY:
            return timedelta(0)
        back = _reach(now, may_move=stepped)
        # Only a step is remembered, so that many small ones together are one.
        if stepped:
            _steps.apart = apart
        _steps.written = steady
        return back


def _reach(now: datetime, *, may_move: bool) -> timedelta:
    """Keep the latest moment; where it lies ahead, and this process's clock was set, put it and all plans right."""
    row, new = LatestMoment.objects.get_or_create(pk=1, defaults={"at": now})
    if new or row.at <= now + TOLERANCE:
        LatestMoment.objects.filter(pk=1, at__lt=now).update(at=now)
        return timedelta(0)
    if not may_move:
        # Another machine's clock is ahead. To go by it again and again would bring all plans forward each time.
        return timedelta(0)
    back = row.at - now
    with transaction.atomic():
        # The one whose update this is moves the plans; anybody else finds the moment where it belongs.
        if not LatestMoment.objects.filter(pk=1, at=row.at).update(at=now):
            return timedelta(0)
        for plans in _plans:
            for name in plans.fields:
                ahead = plans.model._default_manager.filter(plans.rows, **{f"{name}__gt": now})
                ahead.update(**{name: F(name) - back})
    log.warning("the clock was set back by %s: all plans go back with it", back)
    return back
