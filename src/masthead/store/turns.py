"""Turns: of the processes that run a step which must not run twice at once, one has the turn.

A turn is a lease in a table of one row (`leased_until`). It is short, so that a process that was killed holds up nobody
for long, and is kept for whoever works on; and one that ends later than any lease could is no lease but the trace of a
clock that was wrong. Who lost the turn (it was stopped, and goes on later) is told so when it wants to keep it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from masthead.store import leases

LEASE = timedelta(seconds=8)
"""Where one process does all the work, which renews its turn itself."""
SHORT = timedelta(seconds=4)
"""Where others wait for the turn of one that was killed. A thread renews it, however long a report takes."""
EVERY = 1.0
HANGS = timedelta(seconds=60)
"""Who has not asked to keep its turn for so long does not keep it."""


class Turn:
    """A turn that was taken with `take`, until it is given back or lost."""

    def __init__(self, claim: leases.Claim, lasts: timedelta) -> None:
        self._claim, self._lasts = claim, lasts

    def keep(self) -> bool:
        """Have the turn for longer, where half of its time is over. Tells whether it is still ours. Cheap."""
        self._claim.goes_on()
        now = timezone.now()
        if now + self._lasts / 2 < self._claim.until <= now + self._lasts + timedelta(seconds=1):
            return True
        return self._claim.renew()

    def give_back(self, **fields: Any) -> bool:
        """End the turn and write what was reached; nothing when the turn is somebody else's by now."""
        return self._claim.give_back(**fields)


def take(model: type[Model]) -> Turn | None:
    """The turn of the step whose progress is the row 1 of `model`; None while another process has it."""
    now, shared = timezone.now(), leases.shared()
    table = model._default_manager
    table.get_or_create(pk=1)
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)
    lasts = SHORT if shared else LEASE
    until = leases.end(now, lasts)
    if not table.filter(free, pk=1).update(leased_until=until):
        return None
    claim = leases.Claim(table, [1], until, lasts, HANGS, EVERY)
    if shared:
        claim.watch()
    return Turn(claim, lasts)
