"""Work shared out among processes and machines: rows are claimed for a while, and one of several may lead.

A lease says who works at something just now, so that nobody else does the same in vain. That nothing is done twice
rests on the conditional writes of the stages, never on a lease: one that ran out costs work and nothing else. The
clocks of all machines have to agree to a few seconds.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from masthead.store.models import Lease

Row = TypeVar("Row", bound=Model)


def term(longest: timedelta) -> timedelta:
    """How long a claim holds: what the work may need, or what the setting `lease` allows, whichever is less."""
    return min(longest, timedelta(seconds=settings.MASTHEAD.lease))


@contextmanager
def claimed(rows: QuerySet[Row], limit: int, longest: timedelta) -> Iterator[list[int]]:
    """Keys of up to `limit` of these rows, which nobody else gets until the end of the block (or of the lease).

    The model has a field `leased_until`. Where the database has no SKIP LOCKED, nothing is claimed: there, one process
    does the work, and a second one does some of it in vain.
    """
    if not connection.features.has_select_for_update_skip_locked:
        yield list(rows.values_list("pk", flat=True)[:limit])
        return
    now = timezone.now()
    # Equal leases of two processes are told apart by their microseconds.
    until = (now + term(longest)).replace(microsecond=secrets.randbelow(1_000_000))
    table = rows.model._default_manager
    with transaction.atomic():
        free = rows.filter(_over("leased_until", now, longest)).only("pk")
        keys = [row.pk for row in free.select_for_update(of=("self",), skip_locked=True)[:limit]]
        if keys:
            table.filter(pk__in=keys).update(leased_until=until)
    try:
        yield keys
    except DatabaseError:
        raise  # the connection may be gone; the lease ends by itself
    except BaseException:
        _give_back(table.filter(pk__in=keys, leased_until=until))
        raise
    else:
        _give_back(table.filter(pk__in=keys, leased_until=until))


def _give_back(rows: QuerySet[Row]) -> None:
    rows.update(leased_until=None)


def _over(field: str, now: datetime, longest: timedelta) -> Q:
    """No lease, one that ran out, or one farther ahead than any reaches: a clock was wrong."""
    return (
        Q(**{field: None}) | Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + longest + timedelta(seconds=5)})
    )


def lead(name: str, holder: str, lasts: timedelta) -> bool:
    """Whether `holder` leads in `name` from now on, for as long as `lasts`. The leader renews by asking again."""
    now = timezone.now()
    mine = Lease.objects.filter(_over("until", now, lasts) | Q(holder=holder), name=name)
    if mine.update(holder=holder, until=now + lasts):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    return Lease.objects.get_or_create(name=name, defaults={"holder": holder, "until": now + lasts})[1]


def resign(name: str, holder: str) -> None:
    """Let another one lead at once."""
    Lease.objects.filter(name=name, holder=holder).update(until=timezone.now())
