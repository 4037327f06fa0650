"""From the web processes of one machine to the one that settles: notes over a socket in the home, each lot confirmed.

A lot is four bytes of length (big-endian), then MessagePack: a list of notes. One byte comes back once it was taken.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec

from masthead.audience.count import Note

SOCKET_FILE = "count.sock"
TAKEN = b"\x01"
NAMED = 100
"""So many bytes of a path every system takes as the name of a socket (Linux 107, others 103)."""
LOT = 20_000
TIMEOUT = 2.0
SEND_SECONDS = 1.0
"""How often a web process hands over what it noted."""
_LENGTH = struct.Struct(">I")
_LARGEST = 64_000_000
_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(list[Note])


@contextlib.contextmanager
def reachable(path: Path) -> Iterator[str]:
    """A name by which a socket at `path` can be bound or reached now, however deep the home lies.

    The kernel takes some 100 bytes (unix(7)); a longer path is named by way of its folder's descriptor. Raises
    `OSError` for a longer one where there is no /proc.
    """
    if len(os.fsencode(path)) <= NAMED:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not Path(f"/proc/self/fd/{folder}").is_dir():
            raise OSError(f"{path} is too long for a socket here: choose a home (MASTHEAD_HOME) with a shorter path")
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class SocketRelay:
    """The side of a web process. One thread uses it at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket: socket.socket | None = None

    def send(self, notes: list[Note]) -> bool:
        """Hand these over; those that were taken are removed from `notes`. False when some were not.

        Also without any, the connection is made: by it the other side knows for whom to wait at the end.
        """
        try:
            self._connected()
            while notes:
                self._send(notes[:LOT])
                del notes[:LOT]
        except OSError:
            self.close()
            return False
        return True

    def _connected(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.settimeout(TIMEOUT)
            with reachable(self._path) as name:
                self._socket.connect(name)
        return self._socket

    def _send(self, lot: list[Note]) -> None:
        connection = self._connected()
        body = _encode(lot)
        connection.sendall(_LENGTH.pack(len(body)) + body)
        if connection.recv(1) != TAKEN:
            raise ConnectionError("the notes were not taken")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def receive(connection: socket.socket) -> list[Note] | None:
    """The next lot of a connection; None at its end, also when it broke off within one. Raises `OSError`."""
    head = _exactly(connection, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    body = _exactly(connection, length) if length <= _LARGEST else None
    return None if body is None else _decoder.decode(body)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(length - len(parts), 1 << 18))
        if not part:
            return None
        parts += part
    return bytes(parts)
