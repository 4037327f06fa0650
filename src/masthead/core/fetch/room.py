"""How many bytes all bodies under way may hold together, so that memory is bounded whatever servers send at once.

A body that finds no room waits. So that one that comes in drops cannot hold what others need, the slowest gives its
room up, once it had `patience` seconds. Where all wait for each other, the first of them goes on beyond the total.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator

TOTAL_BYTES = 120_000_000
_PATIENCE = 5.0
# A body of the greatest size comes in within the deadline at this pace, in bytes a second. None so swift is stopped.
_PACE = 500_000
_LOOK_AGAIN = 0.5


class NoRoom(Exception):
    """This body was too slow to keep its room while others needed it."""


class Share:
    """What one exchange holds, in bytes, and how much of it came. Only the task that asked for it uses it."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._task = asyncio.current_task()
        self.since = time.monotonic()
        self.held = self.came = 0
        self.waited = 0.0
        self.waiting = False
        self.given_up = False
        self.settled = False

    def begin(self) -> None:
        """Another server is asked: its pace is measured from now on."""
        self.since, self.waited, self.came = time.monotonic(), 0.0, 0

    def active(self) -> float:
        """For how many seconds its server has had the word."""
        return time.monotonic() - self.since - self.waited

    async def hold(self, size: int) -> None:
        """Hold `size` bytes from now on; waits while others hold too many. Less is given back at once."""
        room, more = self._room, size - self.held
        if more > 0 and not room.fits(more):
            began, self.waiting = time.monotonic(), True
            try:
                while not room.fits(more) and not room.goes_first(self):
                    room.make_room(self)
                    await room.wait()
            finally:
                self.waiting = False
                self.waited += time.monotonic() - began
        room.used += more
        self.held = size
        if more < 0:
            room.freed()

    def give_up(self) -> None:
        """Make the task that holds it stop where it waits."""
        self.given_up = True
        if self._task is not None:
            self._task.cancel()

    @contextlib.contextmanager
    def at_risk(self) -> Iterator[None]:
        """While the body comes in. Raises `NoRoom` when the room was needed for others; afterwards it is kept."""
        self.settled = False
        try:
            yield
        except asyncio.CancelledError:
            if not self.given_up or self._task is None or self._task.uncancel() > 0:
                raise
            raise NoRoom from None
        finally:
            self.settled = True


class Room:
    """The room of a client. `total` in bytes, `patience` in seconds."""

    def __init__(self, total: int = TOTAL_BYTES, patience: float = _PATIENCE) -> None:
        self.total, self.patience = total, patience
        self.used = 0
        self._shares: set[Share] = set()
        self._freed = asyncio.Event()

    @contextlib.asynccontextmanager
    async def share(self) -> AsyncIterator[Share]:
        """A share for one exchange, empty at first, given back at the end."""
        mine = Share(self)
        self._shares.add(mine)
        try:
            yield mine
        finally:
            self._shares.discard(mine)
            self.used -= mine.held
            self.freed()

    def fits(self, more: int) -> bool:
        """Whether there is room for so many bytes more."""
        return self.used + more <= self.total

    def goes_first(self, share: Share) -> bool:
        """Whether everybody who holds something waits as well, this one for the longest time."""
        holding = [other for other in self._shares if other.held and other is not share]
        return all(other.waiting and not other.given_up and other.since >= share.since for other in holding)

    async def calm(self) -> None:
        """Wait until half of the room is free: nothing new is begun before."""
        while self.used > self.total // 2:
            self.make_room()
            await self.wait()

    async def wait(self) -> None:
        """Wait until something was given back, or a moment."""
        self._freed.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._freed.wait(), _LOOK_AGAIN)

    def freed(self) -> None:
        """Wake those who wait."""
        self._freed.set()

    def make_room(self, other: Share | None = None) -> None:
        """Stop the slowest exchange of those that had their time and use it badly; one after the other."""
        coming = [share for share in self._shares if share is not other and share.held and not share.settled]
        late = [(share.came / share.active(), share) for share in coming if share.active() >= self.patience]
        pace, slowest = min(late, key=lambda pair: pair[0], default=(_PACE, None))
        if slowest is not None and pace < _PACE and not any(share.given_up for share in coming):
            slowest.give_up()
