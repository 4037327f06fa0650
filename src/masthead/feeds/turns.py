"""Turns at hosts across machines: where several processes fetch, the database says whose turn it is.

Within a process `core.fetch.hosts` keeps the order. Before a request leaves, a row of `HostTurn` is taken here, and
given back with the gap after the answer. All that is asked for at a moment goes in one statement, from one thread with
a connection of its own, so that a request costs a share of two statements. A holder that is killed keeps a host for
HELD at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import secrets
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, close_old_connections, connection, connections
from django.utils import timezone

from masthead.core.fetch.hosts import Paused
from masthead.store import leases

HELD = timedelta(seconds=90)
"""Longer than any exchange takes."""
PATIENCE = 120.0
"""Seconds that a request waits for a host that others are busy with."""
_LOOK_AGAIN = 0.25
_MOST = 500
_IN_TROUBLE = timedelta(seconds=30)
# Rows of hosts that were not asked for so long are forgotten.
_FORGET = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Wish:
    """Take a host's turn (`answer` gets whether it is ours), or give it back, to be free from a moment on."""

    host: str
    answer: asyncio.Future[bool] | None = None
    free: datetime | None = None


class Turns:
    """The turns of this process. `turn` is for the door's event loop; `close` ends the thread."""

    def __init__(self, gap: float) -> None:
        self.gap = gap
        self.holder = secrets.token_hex(16)
        self._wishes: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="turns", daemon=True)
        self._thread.start()

    @contextlib.asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until the host is ours, of all machines, and hold it. Raises `Paused` when that takes too long."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not await self._ask(host):
            if loop.time() > end:
                raise Paused(datetime.now(UTC) + _IN_TROUBLE)
            await asyncio.sleep(_LOOK_AGAIN)
        try:
            yield
        finally:
            self._wishes.put(_Wish(host, free=timezone.now() + timedelta(seconds=self.gap)))

    async def _ask(self, host: str) -> bool:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._wishes.put(_Wish(host, answer))
        try:
            return await answer
        except DatabaseError as error:
            raise Paused(datetime.now(UTC) + _IN_TROUBLE) from error
        except asyncio.CancelledError:
            # Should it have become ours meanwhile, it is free again.
            self._wishes.put(_Wish(host, free=timezone.now()))
            raise

    def close(self) -> None:
        self._wishes.put(None)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        try:
            while (first := self._wishes.get()) is not None:
                wishes, last = [first], False
                with contextlib.suppress(queue.Empty):
                    while len(wishes) < _MOST and not last:
                        one = self._wishes.get_nowait()
                        last = one is None
                        if one is not None:
                            wishes.append(one)
                self._grant(wishes)
                if last:
                    return
        finally:
            connections.close_all()

    def _grant(self, wishes: list[_Wish]) -> None:
        asked = {wish.host: wish.answer for wish in wishes if wish.answer is not None}
        back = {wish.host: wish.free for wish in wishes if wish.free is not None}
        try:
            close_old_connections()
            # Two transactions that lock rows in the order of their names: no two processes wait for each other.
            self._give_back(back)
            # Given back and asked for at once: the gap is between.
            ours = self._take(sorted(asked.keys() - back.keys()))
        except Exception as error:
            # What was to be given back is free when its time is over.
            log.warning("turns at hosts could not be had: %s", error)
            trouble = error if isinstance(error, DatabaseError) else DatabaseError(str(error))
            for answer in asked.values():
                _tell(answer, trouble)
            return
        for host, answer in asked.items():
            _tell(answer, host in ours)

    def _take(self, hosts: list[str]) -> set[str]:
        """Those of these hosts that are free, ours from now on."""
        if not hosts:
            return set()
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO feeds_hostturn AS held (host, holder, until)"
                " SELECT host, %s, %s FROM unnest(%s::text[]) AS asked (host) ORDER BY host"
                " ON CONFLICT (host) DO UPDATE SET holder = excluded.holder, until = excluded.until"
                " WHERE held.until <= %s OR held.until > %s RETURNING host",
                [self.holder, now + leases.term(HELD), hosts, now, now + HELD + timedelta(minutes=1)],
            )
            ours = {str(row[0]) for row in cursor.fetchall()}
            if secrets.randbelow(1000) == 0:
                cursor.execute("DELETE FROM feeds_hostturn WHERE until < %s", [now - _FORGET])
        return ours

    def _give_back(self, hosts: dict[str, datetime]) -> None:
        if not hosts:
            return
        names = sorted(hosts)
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH ours AS (SELECT host FROM feeds_hostturn"
                " WHERE host = ANY(%s) AND holder = %s ORDER BY host FOR UPDATE)"
                " UPDATE feeds_hostturn SET until = back.free FROM ours JOIN unnest(%s::text[], %s::timestamptz[])"
                " AS back (host, free) ON back.host = ours.host WHERE feeds_hostturn.host = ours.host",
                [names, self.holder, names, [hosts[name] for name in names]],
            )


def _tell(answer: asyncio.Future[bool] | None, what: bool | Exception) -> None:
    """Answer in the loop that asked; nobody listens when it was closed, or the asker gave up."""
    if answer is None:
        return

    def tell() -> None:
        if answer.done():
            return
        if isinstance(what, Exception):
            answer.set_exception(what)
        else:
            answer.set_result(what)

    with contextlib.suppress(RuntimeError):
        answer.get_loop().call_soon_threadsafe(tell)
