"""The workers that one caller keeps busy, and the documents that they are at.

A document that ended its worker is tried once more in a fresh one, because a machine short of memory kills whatever it
likes; one that used up its time or memory is not. So a document costs at most two workers.
"""

from __future__ import annotations

import selectors
import socket
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from masthead.store.metrics import Tally
from masthead.store.workers import wire
from masthead.store.workers.task import Failed, death
from masthead.store.workers.worker import Nursery, Worker

TRIES = 2

told = Tally("masthead_worker_documents_total", "Documents that workers were given, by what became of them.", "outcome")


class Lender(Protocol):
    """Whom the workers are had from."""

    megabytes: int

    def lease(self) -> tuple[Nursery, Worker]:
        """A worker that is nobody else's until it is given back."""

    def give_back(self, nursery: Nursery, worker: Worker) -> None:
        """Take back an idle worker."""


@dataclass(slots=True, eq=False)
class Slot:
    """One document on its way. `outcome` is set when it is `through`; `size` in bytes, its result included."""

    key: Any
    order: bytes
    processor: float
    wall: float
    result: type[Any]
    tries: int = 0
    outcome: Any = None
    through: bool = False
    size: int = 0


class Crew:
    """Not for two threads at once."""

    def __init__(self, lender: Lender, wake: socket.socket) -> None:
        """`wake`: what is written to it ends a wait."""
        self._lender, self._wake = lender, wake
        self._busy: dict[Worker, tuple[Nursery, Slot]] = {}
        self._free: list[tuple[Nursery, Worker]] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(wake, selectors.EVENT_READ)

    def __len__(self) -> int:
        """How many are at something."""
        return len(self._busy)

    def start(self, slot: Slot) -> None:
        """Have a worker do it. Raises `Unavailable`."""
        while True:
            nursery, worker = self._free.pop() if self._free and not slot.tries else self._lender.lease()
            slot.tries += 1
            self._busy[worker] = (nursery, slot)
            self._selector.register(worker, selectors.EVENT_READ, worker)
            try:
                worker.give(slot.order, slot.wall)
                return
            except OSError:
                self._gone(worker, again=False)
                if slot.through:
                    return

    def wait(self) -> None:
        """Until a worker says something or has to be killed, or the caller is woken."""
        patience = min((worker.left() for worker in self._busy), default=None)
        for key, _ in self._selector.select(patience):
            if key.data is None:
                self._wake.recv(4096)
                continue
            worker: Worker = key.data
            try:
                answer = worker.take()
            except EOFError:
                self._gone(worker)
            else:
                if answer is not None:
                    self._answered(worker, answer)
        for worker in [worker for worker in self._busy if not worker.left()]:
            self._gone(worker, late=True)

    def leave(self) -> None:
        """Give back the idle, and end those that are at something."""
        for worker, (nursery, _) in self._busy.items():
            nursery.bury(worker)
        for nursery, worker in self._free:
            self._lender.give_back(nursery, worker)
        self._busy, self._free = {}, []
        self._selector.close()

    def _answered(self, worker: Worker, answer: bytes) -> None:
        nursery, slot = self._release(worker)
        kind, leaves = answer[:1], answer[1:2] == wire.LEAVES
        try:
            if kind == wire.GOOD:
                slot.outcome = msgspec.msgpack.decode(memoryview(answer)[2:], type=slot.result)
            elif kind == wire.MEMORY:
                slot.outcome = Failed(f"it needed more than {self._lender.megabytes} MB of memory")
            else:
                slot.outcome = Failed(*msgspec.structs.astuple(msgspec.msgpack.decode(answer[2:], type=wire.Trouble)))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            slot.outcome, leaves = Failed(f"its worker answered what cannot be read: {error}"), True
        told.count("read" if kind == wire.GOOD else "memory" if kind == wire.MEMORY else "refused")
        slot.through, slot.order = True, b""
        slot.size += len(answer)
        if leaves:
            nursery.bury(worker)
        else:
            self._free.append((nursery, worker))

    def _gone(self, worker: Worker, *, late: bool = False, again: bool = True) -> None:
        """A worker ended, or has to: its document is tried once more, or has failed."""
        nursery, slot = self._release(worker)
        status = nursery.bury(worker)
        told.count("late" if late else "killed")
        reason, once_more = death(status, slot.processor, slot.wall, self._lender.megabytes)
        if late:
            reason = f"it took more than {slot.wall:.0f} s and was stopped"
        if not once_more or slot.tries >= TRIES:
            twice = " (tried twice)" if slot.tries > 1 else ""
            slot.outcome, slot.through, slot.order = Failed(f"{reason}{twice}"), True, b""
        elif again:
            self.start(slot)

    def _release(self, worker: Worker) -> tuple[Nursery, Slot]:
        self._selector.unregister(worker)
        return self._busy.pop(worker)
