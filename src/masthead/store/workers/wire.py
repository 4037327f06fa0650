"""How the pool and a worker talk: frames over a socket pair, each with its length before it."""

from __future__ import annotations

import socket
from struct import Struct

import msgspec

HEAD = Struct("!Q")
LONGEST = 256 * 1024 * 1024
"""Bytes of the longest frame that is taken. A feed of the largest size, read, is a quarter of that."""

GOOD, BAD, MEMORY = b"\x01", b"\x02", b"\x03"
"""First byte of an answer: the result follows, or a `Trouble`, or nothing."""
STAYS, LEAVES = b"\x01", b"\x02"
"""Second byte: whether the worker takes another document. One that has served, or grown, enough does not."""


class Order(msgspec.Struct, array_like=True):
    """What the pool sends: the function, its limits in seconds, and its argument as msgpack."""

    function: str
    processor: float
    wall: float
    argument: msgspec.Raw


class Trouble(msgspec.Struct, array_like=True):
    """An exception, as a worker tells it."""

    reason: str
    report: str


def send(connection: socket.socket, *parts: bytes) -> None:
    """Write one frame made of `parts`. Raises OSError when nobody is there to read it."""
    connection.sendall(HEAD.pack(sum(map(len, parts))))
    for part in parts:
        connection.sendall(part)


def receive(connection: socket.socket) -> bytes | None:
    """Read one frame; None when the other end is closed."""
    head = _exactly(connection, HEAD.size)
    return None if head is None else _exactly(connection, HEAD.unpack(head)[0])


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        piece = connection.recv(min(size - len(found), 1 << 20))
        if not piece:
            return None
        found += piece
    return bytes(found)
