"""Request bodies that never end: a connection that takes too long over one is shut for reading, and its thread freed.

The server reads a body while the application does and sets no limit to it, so that a client which stops in the middle
would hold a thread for ever. Nor may another thread read in its stead: an answer before the body's end stops the
server. So the kernel is asked which connection it is. Where it does not tell (other systems than Linux, HTTP/2), no
limit holds but those of a proxy in front.
"""

from __future__ import annotations

import logging
import os
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds in which the first bytes of a body have to come, ..."""
SLOWEST = 10_000
"""... and bytes a second at which it has to go on."""
_LOOK = 0.5
# Seconds by which the kernel's times and ours may differ, and in which an invitation to send a body (100) leaves.
_SLACK = 0.25
_ESTABLISHED = 1
# Where `struct tcp_info` of Linux (4.6) says how many milliseconds ago data was last sent and received, and how many
# segments with data were sent.
_LAST_SENT, _LAST_RECEIVED, _SEGMENTS_SENT = slice(44, 48), slice(52, 56), slice(156, 160)
_TCP_INFO_SIZE = 160


class Body:
    """A request's body as the application reads it; `length`: bytes that were announced, None when none were.

    Raises TimeoutError when it was cut off for its slowness, ConnectionResetError when it ends before its end.
    """

    def __init__(self, stream: Any, environ: Mapping[str, Any]) -> None:
        self._stream = stream
        self.peer, self.port = environ.get("REMOTE_ADDR", ""), environ.get("SERVER_PORT", "")
        self.invited = "HTTP_EXPECT" in environ
        length = environ.get("CONTENT_LENGTH", "")
        self.length = int(length) if length.isdecimal() else None
        self.begun = 0.0
        self.got = 0
        self.cut = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def read(self, size: int = -1) -> bytes:
        data = self._watched(self._stream.read, *(() if size < 0 else (size,)))
        if size < 0 or len(data) < size:
            self._ended()
        return data

    def readline(self, size: int = -1) -> bytes:
        data = self._watched(self._stream.readline, *(() if size < 0 else (size,)))
        if not data and size != 0:
            self._ended()
        return data

    def readlines(self, hint: int = -1) -> list[bytes]:
        return list(self)

    def _watched(self, read: Callable[..., bytes], *size: int) -> bytes:
        self.begun = self.begun or time.monotonic()
        _watch.add(self)
        try:
            data = read(*size)
        finally:
            _watch.remove(self)
        self.got += len(data)
        return data

    def _ended(self) -> None:
        """Nothing more will come: is it whole?"""
        if self.length is not None and self.got >= self.length:
            return
        if self.cut:
            raise TimeoutError("the request's body came too slowly")
        if self.length is not None:
            raise ConnectionResetError("the request's body ended before its end")

    def overdue(self, now: float) -> bool:
        """Whether it took longer than what came of it allows."""
        return now - self.begun > PATIENCE + self.got / SLOWEST


class _Watch:
    """A thread that looks after the bodies that are being read just now; it sleeps while there are none."""

    def __init__(self) -> None:
        self._bodies: set[Body] = set()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, body: Body) -> None:
        with self._change:
            self._bodies.add(body)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="bodies", daemon=True)
                self._thread.start()
            if len(self._bodies) == 1:
                self._change.notify()

    def remove(self, body: Body) -> None:
        with self._change:
            self._bodies.discard(body)

    def _run(self) -> None:
        while True:
            with self._change:
                while not self._bodies:
                    self._change.wait()
            time.sleep(_LOOK)
            with self._change:
                reading = list(self._bodies)
            try:
                _look(reading, time.monotonic())
            except Exception:
                log.exception("slow connections could not be shut")


_watch = _Watch()


def watched(environ: MutableMapping[str, Any]) -> None:
    """Put a limit on the time that the body of this request may take. Call it before proxies are judged."""
    if environ.get("CONTENT_LENGTH", "0") in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
        return
    environ["wsgi.input"] = Body(environ["wsgi.input"], environ)


def _look(reading: Sequence[Body], now: float) -> None:
    """Shut the connections over which overdue bodies may be coming, of those that are being read."""
    overdue = {body for body in reading if body.overdue(now) and not body.cut}
    if not overdue or not hasattr(socket, "TCP_INFO"):
        return
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with suppress(OSError, ValueError):
            number = int(name)
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            with socket.socket(fileno=os.dup(number)) as link:
                over = [body for body in reading if _is_of(link, body, now)]
                if overdue.isdisjoint(over):
                    continue
                # Whichever of them it is ends now.
                for body in over:
                    body.cut = True
                link.shutdown(socket.SHUT_RD)
                log.info("a request's body from %s came too slowly; its connection was shut", over[0].peer)


def _is_of(link: socket.socket, body: Body, now: float) -> bool:
    """Whether a body may be coming over this connection.

    An answer is owed there, and nothing was sent since the body's reading began. Any other connection of the same peer
    of which that is true has waited as long.
    """
    if link.family not in (socket.AF_INET, socket.AF_INET6) or link.type != socket.SOCK_STREAM:
        return False
    if str(link.getsockname()[1]) != body.port or _plain(link.getpeername()[0]) != _plain(body.peer):
        return False
    info = link.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_SIZE)
    fields = (info[part] for part in (_LAST_SENT, _LAST_RECEIVED, _SEGMENTS_SENT))
    sent, received, segments = (int.from_bytes(field, sys.byteorder) for field in fields)
    owed = not segments or received < sent or body.invited
    return info[0] == _ESTABLISHED and owed and sent / 1000 >= now - body.begun - _SLACK


def _plain(address: str) -> str:
    """An address without its zone, an IPv4 one as such."""
    found = ip_address(address.partition("%")[0])
    return str(getattr(found, "ipv4_mapped", None) or found)
