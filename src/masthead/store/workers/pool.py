"""The pool: who asks gets workers of its own, so that no lane waits for another; idle ones are kept for the next.

A document that ended its worker is tried once more in a fresh one, because a machine short of memory kills whatever it
likes; one that used up its time or memory is not. So a document costs at most two workers.
"""

from __future__ import annotations

import os
import selectors
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from masthead.store.workers import wire
from masthead.store.workers.task import Failed, Task, Unavailable, death, resolve
from masthead.store.workers.worker import Nursery, Worker

Key = TypeVar("Key")
Asked = TypeVar("Asked")
Result = TypeVar("Result")

TRIES = 2
# So many documents, or bytes of them and their results, may wait for one before them that takes long.
_WINDOW, _WINDOW_BYTES = 64, 64_000_000
_MOST_IDLE = 4


@dataclass(slots=True)
class _Slot(Generic[Key]):
    """One document on its way. `outcome` is set when it is through."""

    key: Key
    order: bytes
    processor: float
    wall: float
    tries: int = 0
    outcome: Any = None
    through: bool = False
    size: int = 0


class Pool:
    """Workers of one process. `width`: how many one caller may keep busy at once; `modules`: what they import first."""

    def __init__(
        self, width: int, megabytes: int, modules: Sequence[str] = (), environment: dict[str, str] | None = None
    ) -> None:
        self.width, self.megabytes = width, megabytes
        self.pid = os.getpid()
        self._modules, self._environment = tuple(modules), dict(environment or {})
        self._lock = threading.Lock()
        self._idle: list[tuple[Nursery, Worker]] = []
        self._nursery: Nursery | None = None

    def prepare(self) -> None:
        """Start the nursery, so that it imports while this process does something else."""
        with self._lock:
            if self._nursery is None:
                self._nursery = Nursery(self.megabytes, self._modules, self._environment)

    def close(self) -> None:
        """End everything. The next task begins anew."""
        with self._lock:
            found, self._nursery, self._idle = self._nursery, None, []
        if found is not None and self.pid == os.getpid():
            found.close()

    def stream(
        self, task: Task[Asked, Result], asked: Iterable[tuple[Key, Asked]]
    ) -> Iterator[tuple[Key, Result | Failed]]:
        """What became of each argument, in their order. `asked` is read in this thread, a few ahead.

        Raises `Unavailable`, and what reading `asked` raises; what is under way is given up then.
        """
        return _Stream(self, task, iter(asked)).run()

    def lease(self) -> tuple[Nursery, Worker]:
        """A worker that is nobody else's until it is given back."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        for last in (False, True):
            self.prepare()
            nursery = self._nursery
            try:
                if nursery is not None:
                    return nursery, nursery.fork()
            except Unavailable:
                if last:
                    raise
                with self._lock:
                    if self._nursery is nursery:
                        self._nursery = None
        raise Unavailable("the workers were closed")

    def give_back(self, nursery: Nursery, worker: Worker) -> None:
        """Keep an idle worker for the next, or end it."""
        with self._lock:
            if self._nursery is nursery and len(self._idle) < _MOST_IDLE:
                self._idle.append((nursery, worker))
                return
        nursery.bury(worker)


class _Stream(Generic[Key, Asked, Result]):
    def __init__(self, pool: Pool, task: Task[Asked, Result], asked: Iterator[tuple[Key, Asked]]) -> None:
        self._pool, self._task, self._asked = pool, task, asked
        self._slots: deque[_Slot[Key]] = deque()
        self._busy: dict[Worker, tuple[Nursery, _Slot[Key]]] = {}
        self._free: list[tuple[Nursery, Worker]] = []
        self._ended = False

    def run(self) -> Iterator[tuple[Key, Result | Failed]]:
        try:
            while True:
                self._fill()
                if not self._slots:
                    return
                if self._slots[0].through:
                    slot = self._slots.popleft()
                    yield slot.key, slot.outcome
                else:
                    self._wait()
        finally:
            for worker, (nursery, _) in self._busy.items():
                nursery.bury(worker)
            for nursery, worker in self._free:
                self._pool.give_back(nursery, worker)

    def _fill(self) -> None:
        """Keep every worker busy, unless too much waits for the first already."""
        while not self._ended and len(self._busy) < self._pool.width and len(self._slots) < _WINDOW:
            if sum(slot.size for slot in self._slots) > _WINDOW_BYTES:
                return
            try:
                key, asked = next(self._asked)
            except StopIteration:
                self._ended = True
                return
            argument = msgspec.msgpack.encode(asked)
            processor, wall = self._task.limits(len(argument))
            order = msgspec.msgpack.encode(wire.Order(self._task.function, processor, wall, msgspec.Raw(argument)))
            slot = _Slot(key, order, processor, wall, size=len(argument))
            self._slots.append(slot)
            self._start(slot)

    def _start(self, slot: _Slot[Key]) -> None:
        while True:
            nursery, worker = self._free.pop() if self._free and not slot.tries else self._pool.lease()
            slot.tries += 1
            self._busy[worker] = (nursery, slot)
            try:
                worker.give(slot.order, slot.wall)
                return
            except OSError:
                self._gone(worker, again=False)
                if slot.through:
                    return

    def _wait(self) -> None:
        """Until a worker says something or has to be killed."""
        with selectors.DefaultSelector() as selector:
            for worker in self._busy:
                selector.register(worker, selectors.EVENT_READ, worker)
            ready = selector.select(min(worker.left() for worker in self._busy))
        for worker in [key.data for key, _ in ready]:
            try:
                answer = worker.take()
            except EOFError:
                self._gone(worker)
            else:
                if answer is not None:
                    self._answered(worker, answer)
        for worker in [worker for worker in self._busy if not worker.left()]:
            self._gone(worker, late=True)

    def _answered(self, worker: Worker, answer: bytes) -> None:
        nursery, slot = self._busy.pop(worker)
        kind, leaves = answer[:1], answer[1:2] == wire.LEAVES
        try:
            if kind == wire.GOOD:
                slot.outcome = msgspec.msgpack.decode(answer[2:], type=self._task.result)
            elif kind == wire.MEMORY:
                slot.outcome = Failed(f"it needed more than {self._pool.megabytes} MB of memory")
            else:
                slot.outcome = Failed(*msgspec.structs.astuple(msgspec.msgpack.decode(answer[2:], type=wire.Trouble)))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            slot.outcome, leaves = Failed(f"its worker answered what cannot be read: {error}"), True
        slot.through, slot.order = True, b""
        slot.size += len(answer)
        if leaves:
            nursery.bury(worker)
        else:
            self._free.append((nursery, worker))

    def _gone(self, worker: Worker, *, late: bool = False, again: bool = True) -> None:
        """A worker ended, or has to: its document is tried once more, or has failed."""
        nursery, slot = self._busy.pop(worker)
        status = nursery.bury(worker)
        reason, once_more = death(status, slot.processor, slot.wall, self._pool.megabytes)
        if late:
            reason = f"it took more than {slot.wall:.0f} s and was stopped"
        if not once_more or slot.tries >= TRIES:
            twice = " (tried twice)" if slot.tries > 1 else ""
            slot.outcome, slot.through, slot.order = Failed(f"{reason}{twice}"), True, b""
        elif again:
            self._start(slot)


class Inside:
    """No workers: everything in this process, where one document can stop it. For looking for faults."""

    def stream(
        self, task: Task[Asked, Result], asked: Iterable[tuple[Key, Asked]]
    ) -> Iterator[tuple[Key, Result | Failed]]:
        """As `Pool.stream`, without limits."""
        function, _ = resolve(task.function)
        for key, argument in asked:
            try:
                yield key, function(argument)
            except Exception as error:
                failed = Failed(f"{type(error).__name__}: {error}")
                failed.__cause__ = error
                yield key, failed
