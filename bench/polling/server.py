"""The publishers of the bench: one process that is every host, each on a loopback address of its own.

    python -m polling.server PORT

Documents are made and packed before the first request. `/control/ROUND` on 127.0.0.1 sets the round (1 or 2: as first
made; 3: some changed), answers what was counted since, as JSON, and begins to count anew.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from dataclasses import dataclass, field
from email.utils import format_datetime

from polling import documents

CONTROL = "127.0.0.1"


@dataclass
class Counts:
    """Since the last change of round. `received` and `sent` are bytes on the wire, heads included."""

    requests: int = 0
    full: int = 0
    unchanged: int = 0
    missing: int = 0
    received: int = 0
    sent: int = 0
    connections: int = 0
    most_at_a_host: int = 0


@dataclass
class State:
    """All answers, ready to be sent, by path: (etag, 304, 200 plain, 200 packed)."""

    answers: dict[bytes, tuple[bytes, bytes, bytes, bytes]] = field(default_factory=dict)
    changed: dict[bytes, tuple[bytes, bytes, bytes, bytes]] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    round: int = 1
    open: dict[str, int] = field(default_factory=dict)


def _answer(number: int, *, changed: bool) -> tuple[bytes, bytes, bytes, bytes]:
    etag = f'"{number}-{2 if changed else 1}"'
    modified = format_datetime(documents.FIRST.replace(day=3 if changed else 2), usegmt=True)
    names = f"ETag: {etag}\r\nLast-Modified: {modified}\r\nCache-Control: max-age=300\r\nVary: Accept-Encoding\r\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\n{names}"
    body = documents.document(number, changed=changed)
    packed = gzip.compress(body, 6)
    return (
        etag.encode(),
        f"HTTP/1.1 304 Not Modified\r\n{names}\r\n".encode(),
        f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body,
        f"{head}Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed,
    )


def prepare() -> State:
    """All documents of all rounds."""
    state = State()
    for number in range(documents.FEEDS):
        path = documents.path_of(number).encode()
        state.answers[path] = _answer(number, changed=False)
        if number % documents.CHANGED_EVERY == 0:
            state.changed[path] = _answer(number, changed=True)
    return state


class Publisher(asyncio.Protocol):
    """One connection; requests follow each other, kept alive unless the client says otherwise."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.waiting = b""
        self.host = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.host = str(transport.get_extra_info("sockname")[0])
        counts, here = self.state.counts, self.state.open
        here[self.host] = here.get(self.host, 0) + 1
        if self.host != CONTROL:
            counts.connections += 1
            counts.most_at_a_host = max(counts.most_at_a_host, here[self.host])

    def connection_lost(self, error: Exception | None) -> None:
        self.state.open[self.host] -= 1

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head, self.waiting = self.waiting[: end + 4], self.waiting[end + 4 :]
            self._respond(head)

    def _respond(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/control/"):
            self._control(int(path.rsplit(b"/", 1)[1]))
            return
        state, counts = self.state, self.state.counts
        counts.requests += 1
        counts.received += len(head)
        found = (state.changed.get(path) if state.round >= 3 else None) or state.answers.get(path)
        lower = head.lower()
        if found is None:
            counts.missing += 1
            reply = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        elif found[0] in head:
            counts.unchanged += 1
            reply = found[1]
        else:
            counts.full += 1
            line = (
                lower[lower.find(b"accept-encoding:") :].split(b"\r\n", 1)[0] if b"accept-encoding:" in lower else b""
            )
            reply = found[3] if b"gzip" in line else found[2]
        counts.sent += len(reply)
        self.transport.write(reply)
        if b"connection: close" in lower or b" HTTP/1.0" in head:
            self.transport.close()

    def _control(self, round_number: int) -> None:
        body = json.dumps(vars(self.state.counts)).encode()
        self.state.round, self.state.counts = round_number, Counts()
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


async def serve(port: int) -> None:
    state = prepare()
    hosts = [CONTROL, *sorted({documents.host_of(number) for number in range(documents.HOSTS)})]
    server = await asyncio.get_running_loop().create_server(lambda: Publisher(state), hosts, port)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
