"""A worker: takes one document after the other from its socket, and ends when that is closed or it has done enough."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
import traceback

import msgspec

from masthead.store.workers import wire
from masthead.store.workers.confine import confine
from masthead.store.workers.task import resolve

_MOST_TASKS = 1_000
# What libraries keep for themselves is given back by a new worker; beyond so much growth it is time for one.
_GROWTH = 300 * 1024 * 1024
_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def run(connection: socket.socket, megabytes: int) -> None:
    """Serve until there is nothing more to serve. Returns; the caller ends the process."""
    confine(megabytes)
    limit = _resident() + _GROWTH
    for count in range(1, _MOST_TASKS + 1):
        frame = wire.receive(connection)
        if frame is None:
            return
        try:
            kind, answer = _work(frame)
        finally:
            _alarm(0, 0)
        leaves = kind == wire.MEMORY or count == _MOST_TASKS or _resident() > limit
        wire.send(connection, kind, wire.LEAVES if leaves else wire.STAYS, answer)
        if leaves:
            return


def _work(frame: bytes) -> tuple[bytes, bytes]:
    try:
        order = msgspec.msgpack.decode(frame, type=wire.Order)
        _alarm(order.processor, order.wall)
        function, asked = resolve(order.function)
        return wire.GOOD, msgspec.msgpack.encode(function(msgspec.msgpack.decode(order.argument, type=asked)))
    except MemoryError:
        return wire.MEMORY, b""
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".encode("utf-8", "replace").decode()
        report = "".join(traceback.format_exception(error, limit=-12)).encode("utf-8", "replace").decode()
        return wire.BAD, msgspec.msgpack.encode(wire.Trouble(reason[:2000], report[-8000:]))


def _alarm(processor: float, wall: float) -> None:
    """Let the kernel end this process then, whatever it is doing; 0: never. A handler in Python would come too late."""
    signal.setitimer(signal.ITIMER_PROF, processor)
    signal.setitimer(signal.ITIMER_REAL, wall)


def _resident() -> int:
    """The most memory that this process ever held at once, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


def begin(connection: socket.socket, megabytes: int) -> None:
    """The whole life of a forked worker; never returns."""
    status = 1
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(quiet, standard)
        os.close(quiet)
        run(connection, megabytes)
        status = 0
    except OSError:
        status = 0  # the pool is gone, or does not want the answer
    finally:
        os._exit(status)
