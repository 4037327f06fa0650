"""The pool's side of the processes: a worker that is at something, and the nursery that makes workers."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from masthead.core.characters import words
from masthead.store.workers import nursery, wire
from masthead.store.workers.task import Unavailable

_PATIENCE = 120.0
"""Seconds that the nursery may take to import everything, and that a worker may take to be given a document."""
_GRACE = 2.0
"""Seconds after its own alarm until a worker is killed from here."""
_HANDING_OVER = 60.0
"""Seconds that an answer may take to arrive once it has begun to."""
_CLOSING = 10.0
_KEPT_NAMES = words(
    "PATH LANG LANGUAGE LD_LIBRARY_PATH DYLD_LIBRARY_PATH VIRTUAL_ENV TZ PYTHONPATH PYTHONHOME PYTHONHASHSEED"
    " PYTHONNOUSERSITE PYTHONSAFEPATH PYTHONUTF8 PYTHONDONTWRITEBYTECODE HOME TMPDIR"
)


class Worker:
    """A worker process, seen from the pool. Not for two threads at once."""

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid = pid
        self.connection = connection
        self._until = 0.0
        self._received = bytearray()

    def fileno(self) -> int:
        return self.connection.fileno()

    def give(self, order: bytes, wall: float) -> None:
        """Hand over a document; the answer is due `wall` seconds from now. Raises OSError when the worker is gone."""
        self.connection.settimeout(_PATIENCE)
        wire.send(self.connection, order)
        self.connection.setblocking(False)
        self._received.clear()
        self._until = time.monotonic() + wall + _GRACE

    def left(self) -> float:
        """Seconds until the worker is killed, whatever it does; not below 0."""
        return max(0.0, self._until - time.monotonic())

    def take(self) -> bytes | None:
        """The answer when all of it is there, else None. Raises EOFError when the worker ended or answers nonsense."""
        with contextlib.suppress(BlockingIOError):
            while piece := self._receive():
                if not self._received:
                    self._until = time.monotonic() + _HANDING_OVER
                self._received += piece
                size = self._size()
                if size is not None and len(self._received) >= wire.HEAD.size + size:
                    return bytes(self._received[wire.HEAD.size :])
            raise EOFError
        return None

    def _receive(self) -> bytes:
        try:
            return self.connection.recv(1 << 20)
        except ConnectionError as error:
            raise EOFError from error

    def _size(self) -> int | None:
        if len(self._received) < wire.HEAD.size:
            return None
        size: int = wire.HEAD.unpack_from(self._received)[0]
        if not 2 <= size <= wire.LONGEST:
            raise EOFError
        return size


class Nursery:
    """The process that workers are forked from. For all threads."""

    def __init__(self, megabytes: int, modules: Sequence[str], environment: dict[str, str]) -> None:
        """Start it, without waiting for it."""
        self.megabytes = megabytes
        self._lock = threading.Lock()
        self._ready = False
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_PATIENCE)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", nursery.__name__, str(theirs.fileno()), str(megabytes), *modules],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment() | environment,
            )

    def fork(self) -> Worker:
        """A new worker. Raises `Unavailable`."""
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            pid = self._ask(nursery.FORK, 0, theirs.fileno())
        if pid <= 0:
            ours.close()
            raise Unavailable("no worker could be started: this machine has no room for another process")
        return Worker(pid, ours)

    def bury(self, worker: Worker) -> int:
        """End a worker if it has not ended; its wait status, or -1 when nobody knows it."""
        worker.connection.close()
        with self._lock:
            if self._process.poll() is not None:
                # Its number may be somebody else's by now. It ends by itself: its socket is closed, its alarm is set.
                return -1
            try:
                # It is the nursery's child, so that its number is nobody else's before the nursery was asked.
                os.kill(worker.pid, signal.SIGKILL)
                return self._ask(nursery.WAIT, worker.pid)
            except (ProcessLookupError, Unavailable):
                return -1

    def close(self) -> None:
        """End it, and all its workers with it."""
        self._control.close()
        try:
            self._process.wait(_CLOSING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, letter: bytes, number: int, descriptor: int | None = None) -> int:
        try:
            if not self._ready:
                self._answer()
                self._ready = True
            message = nursery.MESSAGE.pack(letter, number)
            socket.send_fds(self._control, [message], [] if descriptor is None else [descriptor])
            return self._answer()
        except OSError as error:
            raise Unavailable(f"the process that workers come from does not answer: {error}") from error

    def _answer(self) -> int:
        found = bytearray()
        while len(found) < nursery.MESSAGE.size:
            piece = self._control.recv(nursery.MESSAGE.size - len(found))
            if not piece:
                raise OSError("it has ended")
            found += piece
        number: int = nursery.MESSAGE.unpack(found)[1]
        return number


def _environment() -> dict[str, str]:
    """What workers see of the environment: nothing that is secret, and no threads for arithmetic."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT_NAMES or name.startswith("LC_")}
    return kept | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
