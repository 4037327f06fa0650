"""A publisher whose hosts break in the 28 ways in which the network breaks, and behave again when they are told to.

Real sockets on loopback; names are answered by `FaultServer.look_up`, which stands in for the system's resolver.
Each `Fault` breaks one `Site`; the tests take them one by one, the crowd all at once.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .publisher import Answer, Asked, Publisher, Reply

CERTIFICATES = Path(__file__).parent / "certificates"
DOMAIN = "faults.example"
CLOSE = ("Connection", "close")
TEN_YEARS = 10 * 365 * 86_400
Names = Callable[[], list[str]]
Break = Callable[["Site"], None]


def context(name: str) -> ssl.SSLContext:
    """A server's side of TLS with one of our certificates."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(CERTIFICATES / f"{name}.pem", CERTIFICATES / "key.pem")
    return made


def trusting() -> ssl.SSLContext:
    """A client's side that trusts our authority and is as strict as ever."""
    return ssl.create_default_context(cafile=str(CERTIFICATES / "authority.pem"))


def document(*numbers: int, title: str = "The Scripted Gazette") -> bytes:
    """An RSS document with these items."""
    items = "".join(
        f"<item><title>Report {n} of the day</title><link>http://gazette.example/{n}</link><guid>g{n}</guid></item>"
        for n in numbers
    )
    head = f"<title>{title}</title><link>http://gazette.example/</link><description>News</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


class FaultServer:
    """Hosts under `faults.example`. `delay` in seconds before every good answer, as distance would make it."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.publisher = Publisher()
        self.names: dict[str, Names] = {}
        self.certificates: dict[str, ssl.SSLContext] = {}
        self.kinds = {name: context(name) for name in ("good", "expired", "self-signed", "wrong-name")}
        self.tls_port = self.publisher.listen(tls=self._door())
        self.stopped = threading.Event()
        self._held: list[socket.socket] = []

    def _door(self) -> ssl.SSLContext:
        door = context("good")

        def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            connection.context = self.certificates.get(name or "", self.kinds["good"])

        door.sni_callback = choose  # type: ignore[assignment]
        return door

    def look_up(self, host: str, port: int, family: int) -> list[tuple[int, str]]:
        """The resolver of this world: every host is here, unless its name was broken."""
        if not host.endswith(DOMAIN):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(int(socket.AF_INET), address) for address in self.names.get(host, lambda: ["127.0.0.1"])()]

    def site(self, name: str, fault: Fault | None = None) -> Site:
        """A new host with a feed of its own."""
        own = self.publisher.listen() if fault is not None and fault.own_port else 0
        secure = fault is not None and fault.secure
        site = Site(self, f"{name}.{DOMAIN}", own or (self.tls_port if secure else self.publisher.port), secure)
        site.serve(1)
        return site

    def hold(self, held: socket.socket) -> None:
        """Keep a socket until the end."""
        self._held.append(held)

    def release(self, port: int) -> None:
        """Close the sockets that fill a port."""
        mine = [held for held in self._held if port in _ports(held)]
        self._held = [held for held in self._held if held not in mine]
        for held in mine:
            held.close()

    def close(self) -> None:
        self.stopped.set()
        for held in self._held:
            held.close()
        self.publisher.close()


def _ports(held: socket.socket) -> tuple[int, ...]:
    try:
        return (held.getsockname()[1], held.getpeername()[1])
    except OSError:
        return (held.getsockname()[1],)


@dataclass(eq=False)
class Site:
    """One host with one feed. `etag` is what it gave last while it behaved."""

    server: FaultServer
    host: str
    port: int
    secure: bool = False
    etag: str = ""
    closed: bool = field(default=False)

    @property
    def path(self) -> str:
        return f"/{self.host}"

    @property
    def url(self) -> str:
        return f"http{'s' if self.secure else ''}://{self.host}:{self.port}{self.path}"

    @property
    def asked(self) -> list[Asked]:
        return self.server.publisher.asked_for(self.path)

    def serve(self, *numbers: int) -> None:
        """Behave: a document with these items and their ETag, 304 to who has it."""
        self.etag = f'"{"-".join(map(str, numbers))}"'
        body, etag, delay = document(*numbers), self.etag, self.server.delay

        def answer(asked: Asked) -> Answer:
            known = asked.headers.get("if-none-match") == etag
            good = Reply(304 if known else 200, b"" if known else body, [("ETag", etag), CLOSE])
            if not delay:
                return good

            async def later(writer: asyncio.StreamWriter) -> None:
                await asyncio.sleep(delay)
                writer.write(good.wire())

            return later

        self.answer(answer)

    def answer(self, script: Any) -> None:
        """Answer by script, or with this reply or these bytes."""
        self.server.publisher.on(self.path, script)

    def mend(self, *numbers: int) -> None:
        """Undo whatever was broken, and serve these items."""
        if self.closed:
            self.server.release(self.port)
            self.server.publisher.listen(self.port)
            self.closed = False
        self.server.names.pop(self.host, None)
        self.server.certificates.pop(self.host, None)
        self.serve(*numbers)


# ---------------------------------------------------------------- ways to answer


def chunked(head: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + head + b"Transfer-Encoding: chunked\r\n\r\n"


def drip(head: bytes, pause: float = 0.05) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    """`head` at once, then a byte now and then, without end."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(pause)

    return script


async def endless(writer: asyncio.StreamWriter) -> None:
    """Chunk after chunk, as fast as they are taken."""
    writer.write(chunked())
    while True:
        writer.write(b"10000\r\n" + bytes(65536) + b"\r\n")
        await writer.drain()


def reset(sent: bytes) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    """`sent`, and then the connection is torn down (RST) instead of ended."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return script


def _length(body: bytes, length: int) -> bytes:
    return b'HTTP/1.1 200 OK\r\nETag: "bad"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n' % length + body


async def _short(writer: asyncio.StreamWriter) -> None:
    """Fewer bytes announced than are sent; the rest comes when nobody waits for it any more."""
    body = document(1, 2)
    writer.write(_length(body[:-200], len(body) - 200).replace(b"close", b"keep-alive"))
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.write(body[-200:])
    await asyncio.sleep(0.1)


def _scripted(script: Any) -> Break:
    return lambda site: site.answer(script)


def _moved(location: str) -> Break:
    return lambda site: site.answer(Reply(302, b"", [("Location", location.format(site=site)), CLOSE]))


def _circle(site: Site) -> None:
    other = f"{site.path}/round"
    site.answer(Reply(301, b"", [("Location", other), CLOSE]))
    site.server.publisher.on(other, Reply(301, b"", [("Location", site.path), CLOSE]))


def _hops(site: Site) -> None:
    site.answer(Reply(302, b"", [("Location", f"{site.path}/1"), CLOSE]))
    for n in range(1, 21):
        site.server.publisher.on(f"{site.path}/{n}", Reply(302, b"", [("Location", f"{site.path}/{n + 1}"), CLOSE]))
    site.server.publisher.on(f"{site.path}/21", Reply(200, document(1, 2), [CLOSE]))


def _refuse(site: Site) -> None:
    site.server.publisher.unlisten(site.port)
    site.closed = True


def _swallow(site: Site) -> None:
    """A port whose queue is full: the first packet of a connection is never answered."""
    _refuse(site)
    full = socket.socket()
    full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    full.bind(("127.0.0.1", site.port))
    full.listen(0)
    site.server.hold(full)
    for _ in range(4):
        waiting = socket.socket()
        waiting.setblocking(False)
        waiting.connect_ex(("127.0.0.1", site.port))
        site.server.hold(waiting)


def _certificate(name: str) -> Break:
    def change(site: Site) -> None:
        site.server.certificates[site.host] = site.server.kinds[name]

    return change


def _unnamed(code: int, words: str) -> Break:
    def answer() -> list[str]:
        raise socket.gaierror(code, words)

    return lambda site: site.server.names.update({site.host: answer})


def _slow_name(site: Site) -> None:
    def answer() -> list[str]:
        site.server.stopped.wait(300)
        return ["127.0.0.1"]

    site.server.names[site.host] = answer


def _rebind(site: Site) -> None:
    """Allowed and private addresses in turn: the first answer after the break is the private one."""
    turn = iter(range(10**6))
    site.server.names[site.host] = lambda: ["127.0.0.1"] if next(turn) % 2 else ["10.0.0.1"]


def _bad_letters() -> bytes:
    text = document(1).decode().replace('"1.0"', '"1.0" encoding="utf-8"').replace("of the day", "из порта")
    return text.encode("koi8-r")


# ---------------------------------------------------------------- the faults


@dataclass(frozen=True)
class Fault:
    """One way to break a site. `code` and `words`: what the exchange must say (`words` is a pattern); `status`: where
    an answer was had. `hangs`: only the deadline ends it. `own_port`, `secure`: what kind of site it needs."""

    number: int
    name: str
    do: Break
    code: str
    words: str
    status: int = 0
    hangs: bool = False
    own_port: bool = False
    secure: bool = False


_GOOD = document(1, 2)
_ZIPPED = gzip.compress(_GOOD * 50)
_MANY = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n"
_LONG_LINE = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1_000_000 + b"\r\n\r\n"
_HEAD = b"HTTP/1.1 200 OK\r\nX-Slow: "

# fmt: off
FAULTS: dict[str, Fault] = {fault.name: fault for fault in (
    Fault(1, "refuse", _refuse, "refused", "no connection to {host}", own_port=True),
    Fault(2, "reset-before", _scripted(reset(b"")), "protocol", "{host} closed the connection without an answer"),
    Fault(3, "reset-body", _scripted(reset(_length(_GOOD[:100], 5000))), "protocol", "{host}.* broke off"),
    Fault(4, "black-hole", _swallow, "timeout", "{host} did not finish within", hangs=True, own_port=True),
    Fault(5, "slow-head", _scripted(drip(_HEAD)), "timeout", "{host} did not finish", hangs=True),
    Fault(6, "slow-body", _scripted(drip(_length(b"", 100_000))), "timeout", "{host} did not finish", hangs=True),
    Fault(7, "endless-chunks", _scripted(endless), "too-large", "{host}.* more than 15000000 bytes"),
    Fault(8, "long-length", _scripted(_length(_GOOD, len(_GOOD) + 500)), "protocol", "{host}.* broke off"),
    Fault(9, "short-length", _scripted(_short), "", "ends before its end", 200),
    Fault(10, "bad-chunk", _scripted(chunked() + b"zz\r\nbroken"), "protocol", "{host} did not speak HTTP.*chunk size"),
    Fault(11, "redirect-loop", _circle, "redirects", "{host}.* circle"),
    Fault(12, "21-hops", _hops, "redirects", "{host}.* more than 5 redirects"),
    Fault(13, "to-loopback", _moved("http://127.0.0.2:{site.port}/"), "address", r"127\.0\.0\.2.*loopback"),
    Fault(14, "to-file", _moved("file:///etc/passwd"), "scheme", "file:///etc/passwd.*only http"),
    Fault(15, "tls-expired", _certificate("expired"), "tls", "{host}.*certificate has expired", secure=True),
    Fault(16, "tls-self-signed", _certificate("self-signed"), "tls", "{host}.*self-signed certificate", secure=True),
    Fault(17, "tls-wrong-name", _certificate("wrong-name"), "tls", "{host}.*not valid for", secure=True),
    Fault(18, "nxdomain", _unnamed(socket.EAI_NONAME, "Name or service not known"), "dns", "{host} was not found"),
    Fault(19, "servfail", _unnamed(socket.EAI_AGAIN, "Temporary failure in name resolution"), "dns",
          "name servers of {host} gave no answer"),
    Fault(20, "slow-dns", _slow_name, "timeout", "{host} did not finish within", hangs=True),
    Fault(21, "rebinding", _rebind, "address", r"{host} has 10\.0\.0\.1.*private"),
    Fault(22, "1-mb-header", _scripted(_LONG_LINE), "protocol", "{host} did not speak HTTP"),
    Fault(23, "10000-headers", _scripted(_MANY), "protocol", "{host} did not speak HTTP"),
    Fault(24, "false-304", _scripted(Reply(304, b"", [CLOSE])), "protocol", "{host} answered 304 although nothing"),
    Fault(25, "429-ten-years", _scripted(Reply(429, b"", [("Retry-After", str(TEN_YEARS)), CLOSE])), "",
          "answered 429", 429),
    Fault(26, "503-storm", _scripted(Reply(503, b"busy", [CLOSE])), "", "answered 503", 503),
    Fault(27, "truncated-gzip", _scripted(Reply(200, _ZIPPED[:-30], [("Content-Encoding", "gzip"), CLOSE])), "coding",
          "{host}.*gzip.*ends in the middle"),
    Fault(28, "wrong-charset", _scripted(Reply(200, _bad_letters(), [("Content-Type", "text/xml"), CLOSE])), "", "",
          200),
)}
# fmt: on


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether something became true in time."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()
