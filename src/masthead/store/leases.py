"""Work shared out among processes and machines: rows are claimed for a while, and one of several may lead.

A lease says who works at something just now, so that nobody else does the same in vain. That nothing is done twice
rests on the conditional writes of the stages, never on a lease: one that ran out costs work and nothing else. The
clocks of all machines have to agree to a few seconds.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Manager, Model, Q, QuerySet
from django.utils import timezone

from masthead.store.models import Lease

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)
KEPT = timedelta(seconds=9)
"""How long rows stay with a process that was killed."""
EVERY = 3.0
"""Seconds after which a lease is renewed, or a third of it where the setting `lease` makes it shorter."""


def term(longest: timedelta) -> timedelta:
    """How long a claim holds: what the work may need, or what the setting `lease` allows, whichever is less."""
    return min(longest, timedelta(seconds=settings.MASTHEAD.lease))


class Claim:
    """Rows that this process has, for a short while that is renewed for as long as it lives.

    `every`: seconds between two renewals; `longest`: work that has not said for so long that it `goes_on` hangs, and is
    somebody else's.
    """

    def __init__(
        self,
        table: Manager[Any],
        keys: list[int],
        until: datetime,
        lasts: timedelta,
        longest: timedelta,
        every: float,
    ) -> None:
        self.until = until
        self._table, self._keys, self._lasts, self._longest, self._every = table, keys, lasts, longest, every
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.goes_on()

    def goes_on(self) -> None:
        """The work does not hang."""
        self._end = time.monotonic() + self._longest.total_seconds()

    def watch(self) -> None:
        """Renew in a thread until it is given back."""
        threading.Thread(target=self._keep, name="lease", daemon=True).start()

    def _keep(self) -> None:
        """The body of the thread, which asks for a connection only when it is time."""
        try:
            while not self._over.wait(self._every) and time.monotonic() < self._end:
                if not self.renew():
                    return  # given back, or somebody else's by now
        except DatabaseError as error:
            log.warning("rows that are being worked at could not be kept for longer: %s", error)
        finally:
            connection.close()

    def renew(self) -> bool:
        """Have the rows for longer; whether they are still ours."""
        with self._lock:
            until = end(timezone.now(), self._lasts)
            if self._over.is_set() or not self._rows().update(leased_until=until):
                return False
            self.until = until
            return True

    def give_back(self, **fields: Any) -> bool:
        """End the claim and write `fields` into the rows; nothing where they are somebody else's by now."""
        self._over.set()
        with self._lock:
            return bool(self._rows().update(leased_until=None, **fields))

    def _rows(self) -> QuerySet[Any]:
        return self._table.filter(pk__in=self._keys, leased_until=self.until)


def shared() -> bool:
    """Whether this is a database at which several processes work at once."""
    return bool(connection.features.has_select_for_update_skip_locked)


@contextmanager
def claimed(rows: QuerySet[Row], limit: int, longest: timedelta) -> Iterator[list[int]]:
    """Keys of up to `limit` of these rows, which nobody else gets until the end of the block.

    The model has a field `leased_until`. The lease is short and kept by a thread, so that rows of a process that was
    killed are free after seconds, however long the work may take (`longest` at most). Where the database has no SKIP
    LOCKED, nothing is claimed: there, one process does the work, and a second one does some of it in vain.
    """
    if not shared():
        yield list(rows.values_list("pk", flat=True)[:limit])
        return
    now, lasts = timezone.now(), min(KEPT, term(longest))
    until = end(now, lasts)
    table = rows.model._default_manager
    with transaction.atomic():
        free = rows.filter(over("leased_until", now, longest)).only("pk")
        keys = [row.pk for row in free.select_for_update(of=("self",), skip_locked=True)[:limit]]
        if keys:
            table.filter(pk__in=keys).update(leased_until=until)
    if not keys:
        yield keys
        return
    claim = Claim(table, keys, until, lasts, term(longest), min(EVERY, lasts.total_seconds() / 3))
    claim.watch()
    try:
        yield keys
    except DatabaseError:
        # The connection may be gone: by a new one, or else the lease ends by itself.
        connection.close_if_unusable_or_obsolete()
        with suppress(DatabaseError):
            claim.give_back()
        raise
    except BaseException:
        claim.give_back()
        raise
    else:
        claim.give_back()


def end(now: datetime, lasts: timedelta) -> datetime:
    """When a lease of that length ends that begins now."""
    # Equal leases of two processes are told apart by their microseconds.
    return (now + lasts).replace(microsecond=secrets.randbelow(1_000_000))


def over(field: str, now: datetime, longest: timedelta) -> Q:
    """No lease, one that ran out, or one farther ahead than any reaches: a clock was wrong."""
    return (
        Q(**{field: None}) | Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + longest + timedelta(seconds=5)})
    )


def lead(name: str, holder: str, lasts: timedelta) -> bool:
    """Whether `holder` leads in `name` from now on, for as long as `lasts`. The leader renews by asking again."""
    now = timezone.now()
    mine = Lease.objects.filter(over("until", now, lasts) | Q(holder=holder), name=name)
    if mine.update(holder=holder, until=now + lasts):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    return Lease.objects.get_or_create(name=name, defaults={"holder": holder, "until": now + lasts})[1]


def resign(name: str, holder: str) -> None:
    """Let another one lead at once."""
    Lease.objects.filter(name=name, holder=holder).update(until=timezone.now())
