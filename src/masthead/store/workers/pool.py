"""The pool: who asks gets workers of its own, so that no lane waits for another; idle ones are kept for the next."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from masthead.store.workers.stream import Stream
from masthead.store.workers.task import Failed, Task, Unavailable, resolve
from masthead.store.workers.worker import Nursery, Worker

Key = TypeVar("Key")
Asked = TypeVar("Asked")
Result = TypeVar("Result")

_MOST_IDLE = 4


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

        The workers go on while the caller does something with what it was given. Raises `Unavailable`, and what
        reading `asked` raises; what is under way is given up then.
        """
        return Stream(self, task, iter(asked)).run()

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
