"""A stream of documents through workers, which go on while the caller is at what it was given.

The caller reads what is asked and takes what became of it; a thread hands documents to the workers and collects their
answers, waiting nearly all the time. Only the caller's thread touches the iterator, so that it may use a database.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

import msgspec

from masthead.store.workers import wire
from masthead.store.workers.crew import Crew, Lender, Slot
from masthead.store.workers.task import Failed, Task

Key = TypeVar("Key")
Asked = TypeVar("Asked")
Result = TypeVar("Result")

# So many documents, or bytes of them and their results, may be on their way or wait to be taken.
_WINDOW, _WINDOW_BYTES = 64, 64_000_000


class _Pool(Lender, Protocol):
    width: int


class Stream(Generic[Key, Asked, Result]):
    """Use once: `for key, outcome in Stream(pool, task, asked).run()`."""

    def __init__(self, pool: _Pool, task: Task[Asked, Result], asked: Iterator[tuple[Key, Asked]]) -> None:
        self._pool, self._task, self._asked = pool, task, asked
        self._ended = False
        self._slots: deque[Slot] = deque()
        # What both threads touch, under the condition's lock.
        self._condition = threading.Condition()
        self._waiting: deque[Slot] = deque()
        self._stopped = False
        self._error: BaseException | None = None

    def run(self) -> Iterator[tuple[Key, Result | Failed]]:
        """What became of each, in their order."""
        ours, theirs = socket.socketpair()
        thread = threading.Thread(target=self._work, args=(theirs,), name="workers", daemon=True)
        with ours, theirs:
            thread.start()
            try:
                while True:
                    self._fill(ours)
                    if not self._slots:
                        return
                    slot = self._taken()
                    yield slot.key, slot.outcome
            finally:
                with self._condition:
                    self._stopped = True
                ours.sendall(b"\0")
                thread.join()

    def _taken(self) -> Slot:
        """The first document, when it is through. Raises what ended the thread."""
        with self._condition:
            first = self._slots[0]
            self._condition.wait_for(lambda: first.through or self._error is not None)
            if not first.through and self._error is not None:
                raise self._error
        return self._slots.popleft()

    def _fill(self, wake: socket.socket) -> None:
        """Have enough documents at hand that no worker is idle, unless too much waits to be taken already."""
        came: list[Slot] = []
        size = sum(slot.size for slot in self._slots)
        while not self._ended and len(self._slots) < _WINDOW and size <= _WINDOW_BYTES:
            try:
                key, asked = next(self._asked)
            except StopIteration:
                self._ended = True
                break
            slot = self._slot(key, asked)
            size += slot.size
            self._slots.append(slot)
            came.append(slot)
            with self._condition:
                self._waiting.append(slot)
            if len(came) <= self._pool.width:
                wake.sendall(b"\0")
        if len(came) > self._pool.width:
            wake.sendall(b"\0")

    def _slot(self, key: Key, asked: Asked) -> Slot:
        argument = msgspec.msgpack.encode(asked)
        processor, wall = self._task.limits(len(argument))
        order = msgspec.msgpack.encode(wire.Order(self._task.function, processor, wall, msgspec.Raw(argument)))
        return Slot(key, order, processor, wall, self._task.result, size=len(argument))

    def _work(self, wake: socket.socket) -> None:
        """The thread: documents out, answers in, until it is stopped."""
        crew = Crew(self._pool, wake)
        try:
            while not self._stopped:
                while len(crew) < self._pool.width and (slot := self._next()) is not None:
                    crew.start(slot)
                    self._tell()
                crew.wait()
                self._tell()
        except BaseException as error:
            with self._condition:
                self._error = error
                self._condition.notify_all()
        finally:
            with contextlib.suppress(OSError):
                crew.leave()

    def _next(self) -> Slot | None:
        with self._condition:
            return self._waiting.popleft() if self._waiting else None

    def _tell(self) -> None:
        with self._condition:
            self._condition.notify_all()
