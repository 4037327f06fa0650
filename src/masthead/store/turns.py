"""Turns: of the processes that run a step which must not run twice at once, one has the turn.

A turn is a lease in a table of one row (`leased_until`). It is short, so that a process that was killed holds up nobody
for long, and is kept by whoever works on; and one that ends later than any lease could is no lease but the trace of a
clock that was wrong. Who lost the turn (it was stopped, and goes on later) is told so when it wants to keep it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

LEASE = timedelta(seconds=8)


class Turn:
    """A turn that was taken with `take`, until it is given back or lost."""

    def __init__(self, model: type[Model], until: datetime) -> None:
        self._model = model
        self._until = until

    def keep(self) -> bool:
        """Have the turn for longer, where half of its time is over. Tells whether it is still ours. Cheap."""
        now = timezone.now()
        if now + LEASE / 2 < self._until <= now + LEASE + timedelta(seconds=1):
            return True
        until = _end(now)
        if not self._rows().update(leased_until=until):
            return False
        self._until = until
        return True

    def give_back(self, **fields: Any) -> bool:
        """End the turn and write what was reached; nothing when the turn is somebody else's by now."""
        return bool(self._rows().update(leased_until=None, **fields))

    def _rows(self) -> Any:
        return self._model._default_manager.filter(pk=1, leased_until=self._until)


def take(model: type[Model]) -> Turn | None:
    """The turn of the step whose progress is the row 1 of `model`; None while another process has it."""
    now = timezone.now()
    model._default_manager.get_or_create(pk=1)
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)
    until = _end(now)
    taken = model._default_manager.filter(free, pk=1).update(leased_until=until)
    return Turn(model, until) if taken else None


def _end(now: datetime) -> datetime:
    # Equal turns of two processes are told apart by their microseconds.
    return (now + LEASE).replace(microsecond=secrets.randbelow(1_000_000))
