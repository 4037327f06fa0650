"""The process that workers are forked from: it imports everything once, never reads a document, and has no threads.

So a worker that was killed is replaced within milliseconds, and the libraries' memory is shared. Its socket is its
lifeline: when the pipeline is gone, however it went, this process kills its workers and ends. Signals that stop the
pipeline are not for it: what is under way is finished first.

    python -m masthead.store.workers.nursery DESCRIPTOR MEGABYTES MODULE...
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import os
import select
import signal
import socket
import sys
from struct import Struct

from masthead.store.workers import cell

MESSAGE = Struct("!cq")
"""To here: `FORK` (with the worker's end of its socket) or `WAIT` and a process number. Back: the same letter and the
new process's number, or the wait status; a number below zero when that failed."""
FORK, WAIT, READY = b"F", b"W", b"R"


def main() -> None:
    """Serve until the pipeline's end of the socket is closed."""
    descriptor, megabytes, *modules = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=int(descriptor))
    _end_with(control)
    for name in modules:
        module = importlib.import_module(name)
        if (warm := getattr(module, "warm", None)) is not None:
            warm()
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    control.sendall(MESSAGE.pack(READY, os.getpid()))
    living: set[int] = set()
    try:
        _serve(control, int(megabytes), living)
    finally:
        for pid in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in living:
            # Waited for, so that the processor time that they took is counted as ours.
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        os._exit(0)


def _end_with(control: socket.socket) -> None:
    """Have the kernel end this process when the other end is closed, until SIGIO is ignored.

    Importing takes seconds, in which nobody looks at the socket, and a thread that would must not be there at a fork.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([control], [], [], 0)[0]:
        os._exit(0)


def _serve(control: socket.socket, megabytes: int, living: set[int]) -> None:
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE.size, 1)
        if len(message) < MESSAGE.size:
            return
        letter, number = MESSAGE.unpack(message)
        try:
            number = _fork(control, descriptors[0], megabytes) if letter == FORK else os.waitpid(number, 0)[1]
        except (OSError, IndexError):
            number = -1
        if letter == FORK and number > 0:
            living.add(number)
        elif letter == WAIT:
            living.discard(MESSAGE.unpack(message)[1])
        control.sendall(MESSAGE.pack(letter, number))


def _fork(control: socket.socket, descriptor: int, megabytes: int) -> int:
    try:
        pid = os.fork()
        if pid == 0:
            control.close()
            cell.begin(socket.socket(fileno=descriptor), megabytes)
        return pid
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    main()
