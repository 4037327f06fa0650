"""Whose turn it is: one request at a time to a host, a gap between two, silence where silence was asked for.

All of it lives in the client's event loop, so that no lock is needed.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

# Who goes first when several wait for the same host.
PRIORITY = {"feed": 0, "weather": 0, "delivery": 0, "page": 1, "image": 2}
# Most answers are there by then. One that is not holds up no other: while 5 % of all servers hang, the places that they
# hold for so long cost the others a few per cent of their pace.
_SLOW_AFTER = 0.25
SLOW_ROOM = 15


class Paused(Exception):
    """The host asked for silence until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"the host asked for silence until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.until = until


@dataclass(slots=True)
class _Host:
    busy: bool = False
    free_at: float = 0.0
    waiting: list[tuple[int, int, asyncio.Future[None]]] = field(default_factory=list)


class Hosts:
    """The turns of all hosts. `gap` is in seconds, from the end of one request to the start of the next."""

    def __init__(self, gap: float) -> None:
        self.gap = gap
        self._hosts: dict[str, _Host] = {}
        self._pauses: dict[str, datetime] = {}
        self._order = itertools.count()

    def pause(self, host: str, until: datetime) -> None:
        """Ask nothing of `host` before `until` (a later pause wins)."""
        known = self._pauses.get(host)
        if known is None or until > known:
            self._pauses[host] = until

    def resume(self, host: str) -> None:
        """Forget a pause."""
        self._pauses.pop(host, None)

    def check(self, host: str) -> None:
        """Raise `Paused` while the host wants silence."""
        until = self._pauses.get(host)
        if until is None:
            return
        if until > datetime.now(UTC):
            raise Paused(until)
        del self._pauses[host]

    @contextlib.asynccontextmanager
    async def turn(self, host: str, kind: str) -> AsyncIterator[None]:
        """Wait for the host's turn and hold it. Raises `Paused`, also when the pause came while waiting."""
        self.check(host)
        state = self._hosts.setdefault(host, _Host())
        if state.busy:
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(state.waiting, (PRIORITY.get(kind, 1), next(self._order), mine))
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():
                    self._pass_on(host, state)
                raise
        state.busy = True
        try:
            self.check(host)
            loop = asyncio.get_running_loop()
            if (wait := state.free_at - loop.time()) > 0:
                await asyncio.sleep(wait)
                self.check(host)
            try:
                yield
            finally:
                state.free_at = loop.time() + self.gap
        finally:
            self._pass_on(host, state)

    def _pass_on(self, host: str, state: _Host) -> None:
        """Give the turn, which stays taken, to the next who still waits; else free it."""
        while state.waiting:
            _, _, future = heapq.heappop(state.waiting)
            if not future.done():
                future.set_result(None)
                return
        state.busy = False
        self._forget_idle()

    def _forget_idle(self) -> None:
        """Keep the table as small as the hosts of the moment."""
        if len(self._hosts) < 1000:
            return
        now = asyncio.get_running_loop().time()
        for host in [h for h, s in self._hosts.items() if not s.busy and not s.waiting and s.free_at <= now]:
            del self._hosts[host]


class Slots:
    """How many requests are under way. One that takes long gives its place to a swift one and goes on beside it.

    So servers that answer nothing until the deadline do not hold up those that answer at once; `SLOW_ROOM` times
    `count` slow ones at most go on beside.
    """

    def __init__(self, count: int) -> None:
        self._swift = asyncio.Semaphore(count)
        self._room = count * SLOW_ROOM
        self.most = count * (SLOW_ROOM + 1)

    @contextlib.asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        await self._swift.acquire()
        slow = False

        def hand_over() -> None:
            nonlocal slow
            if self._room > 0:
                self._room -= 1
                slow = True
                self._swift.release()

        timer = asyncio.get_running_loop().call_later(_SLOW_AFTER, hand_over)
        try:
            yield
        finally:
            timer.cancel()
            if slow:
                self._room += 1
            else:
                self._swift.release()
