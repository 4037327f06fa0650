"""A publisher's server on loopback that answers by script and writes down what it was asked."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

CRLF = b"\r\n"


@dataclass
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    raw_headers: list[tuple[bytes, bytes]]
    body: bytes
    at: float
    connection: int

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode("latin-1") for name, value in self.raw_headers}


@dataclass
class Reply:
    """What is sent back; `raw` replaces everything."""

    status: int = 200
    body: bytes = b""
    headers: list[tuple[str, str | bytes]] = field(default_factory=list)
    length: bool = True

    def wire(self) -> bytes:
        lines = [b"HTTP/1.1 %d Scripted" % self.status]
        for name, value in self.headers:
            lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("latin-1")))
        if self.length and self.status != 304:
            lines.append(b"Content-Length: %d" % len(self.body))
        return CRLF.join(lines) + CRLF + CRLF + (b"" if self.status == 304 else self.body)


Raw = Callable[[asyncio.StreamWriter], Awaitable[None]]
Answer = Reply | Raw | bytes
Script = Callable[[Asked], Answer]


class Publisher:
    """`publisher.on(path, script)`; `publisher.url(path, host)`; `publisher.asked`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.port = 0
        self.under_way = 0
        self.most_under_way = 0
        self._scripts: dict[str, Script] = {}
        self._servers: dict[int, asyncio.Server] = {}
        self._connections = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def _run(self) -> None:
        async def serve() -> None:
            self.port = await self._listen(0, None)
            self._stop = asyncio.Event()
            self._ready.set()
            await self._stop.wait()
            for server in self._servers.values():
                server.close()

        self._loop.set_exception_handler(lambda loop, context: None)  # handshakes that clients refuse
        self._loop.run_until_complete(serve())
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    async def _listen(self, port: int, tls: ssl.SSLContext | None) -> int:
        server = await asyncio.start_server(self._talk, "127.0.0.1", port, ssl=tls, backlog=512)
        port = int(server.sockets[0].getsockname()[1])
        self._servers[port] = server
        return port

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def listen(self, port: int = 0, tls: ssl.SSLContext | None = None) -> int:
        """Open one more port, with the same scripts; tells which."""
        return int(self._do(self._listen(port, tls)))

    def unlisten(self, port: int) -> None:
        """Close a port: who comes is refused."""

        async def end() -> None:
            self._servers.pop(port).close()

        self._do(end())

    def on(self, path: str, script: Script | Answer) -> None:
        constant = isinstance(script, Reply | bytes) or asyncio.iscoroutinefunction(script)
        self._scripts[path] = (lambda asked: script) if constant else script  # type: ignore[assignment,return-value]

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = next(self._connections)
        try:
            while (asked := await self._read(reader, connection)) is not None:
                self.asked.append(asked)
                self.under_way += 1
                self.most_under_way = max(self.most_under_way, self.under_way)
                try:
                    if not await self._answer(asked, writer):
                        break
                finally:
                    self.under_way -= 1
        except ConnectionError:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, connection: int) -> Asked | None:
        try:
            first_byte = await reader.readexactly(1)
            if first_byte == b"\x16":
                raise ConnectionError("somebody speaks TLS to us")
            head = first_byte + await reader.readuntil(CRLF + CRLF)
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head[:-4].split(CRLF)
        method, path, _ = first.decode().split(" ")
        headers = [tuple(part.strip(b" ") for part in line.split(b":", 1)) for line in lines]
        length = next((int(value) for name, value in headers if name.lower() == b"content-length"), 0)
        body = await reader.readexactly(length) if length else b""
        return Asked(method, path, headers, body, time.monotonic(), connection)  # type: ignore[arg-type]

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        script = self._scripts.get(asked.path)
        answer: Any = Reply(404) if script is None else script(asked)
        if isinstance(answer, Reply):
            writer.write(answer.wire())
        elif isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
            return False
        else:
            await answer(writer)
            await writer.drain()
            return False
        await writer.drain()
        return True
