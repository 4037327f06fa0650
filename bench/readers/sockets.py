"""Requests over real connections: several of them, pipelined, each answer read to its end and its status looked at."""

from __future__ import annotations

import random
import socket

from readers.script import Ask

BURST = 25
PROXY, STRANGER = "127.0.0.1", "127.0.0.2"
"""Readers come through a proxy that the site trusts; forgers come from next to it."""


class Connections:
    """Kept connections to one server, of which each burst takes another, so that all its workers are reached."""

    def __init__(self, port: int, number: int = 8) -> None:
        self._port, self._number = port, number
        self._proxied = [self._connect(PROXY) for _ in range(number)]
        self._strange = [self._connect(STRANGER) for _ in range(2)]
        self._chance = random.Random(1)

    def _connect(self, source: str) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self._port), timeout=60, source_address=(source, 0))

    def send(self, asks: list[Ask]) -> None:
        """Make these requests. Raises where an answer is not what it has to be."""
        ordinary = [ask for ask in asks if not _forged(ask)]
        for start in range(0, len(ordinary), BURST):
            self._burst(self._chance.choice(self._proxied), ordinary[start : start + BURST])
        forged = [ask for ask in asks if _forged(ask)]
        for start in range(0, len(forged), BURST):
            self._burst(self._chance.choice(self._strange), forged[start : start + BURST])

    def _burst(self, connection: socket.socket, asks: list[Ask]) -> None:
        connection.sendall(b"".join(map(_wire, asks)))
        rest = b""
        for ask in asks:
            rest = _answer(connection, rest, ask)

    def close(self) -> None:
        for connection in (*self._proxied, *self._strange):
            connection.close()


def _forged(ask: Ask) -> bool:
    return any(name == "X-Forwarded-For" for name, _ in ask.headers)


def _wire(ask: Ask) -> bytes:
    lines = [f"{ask.method} {ask.path} HTTP/1.1", "Host: localhost", "Accept-Encoding: br"]
    if ask.agent:
        lines.append(f"User-Agent: {ask.agent}")
    lines += [f"{name}: {value}" for name, value in ask.headers]
    if not _forged(ask):
        lines.append(f"X-Forwarded-For: {ask.address}")
    return "\r\n".join([*lines, "", ""]).encode()


def _answer(connection: socket.socket, rest: bytes, ask: Ask) -> bytes:
    while (end := rest.find(b"\r\n\r\n")) < 0:
        part = connection.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed a connection")
        rest += part
    head = rest[:end].lower()
    status = int(head[9:12])
    expected = 404 if "-gone" in ask.path else 302 if ask.path.startswith("/s/") else 200
    if status != expected:
        raise ValueError(f"{ask} was answered with {status}")
    at = head.find(b"content-length:")
    length = int(head[at + 15 : at + 30].split(b"\r\n")[0]) if at >= 0 and ask.method != "HEAD" else 0
    rest = rest[end + 4 :]
    while len(rest) < length:
        part = connection.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed a connection")
        rest += part
    return rest[length:]
