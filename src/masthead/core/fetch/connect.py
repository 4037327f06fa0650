"""Names to addresses, and addresses to sockets: the two places where the guard stands.

The resolver leaves out what may not be reached, so that the error has words. The socket factory checks again what is
really connected to, whatever came between (a literal, a cache, a second answer of a rebinding name server).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from masthead.core.fetch.guard import AddressRefused, Network, check, refusal

_KEEP_ALIVE = 20.0
# For so many seconds an address that was looked up to know when its turn is serves the connection too.
_READY = 60.0


def look_up(host: str, port: int, family: int) -> list[tuple[int, str]]:
    """What the system's resolver says: (family, address). Blocks. Raises `socket.gaierror`."""
    answers = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return list(dict.fromkeys((int(answer[0]), str(answer[4][0])) for answer in answers))


def is_local_name(host: str) -> bool:
    """Whether RFC 6761 section 6.3 keeps the name on this machine."""
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


class GuardedResolver(AbstractResolver):
    """The system's resolver with own threads, behind the guard. `known` tells what a host resolved to last.

    A look-up cannot be stopped and holds its thread for as long as the name servers like. So `threads` should be as
    many as requests may be under way: names that hang then hold up no others. They are started as they are needed.
    """

    def __init__(self, allowed: Sequence[Network], threads: int) -> None:
        self._allowed = tuple(allowed)
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="masthead-dns")
        self.known: dict[str, str] = {}
        self._ready: dict[str, tuple[float, list[tuple[int, str]]]] = {}

    async def address_of(self, host: str, port: int) -> str:
        """The address that a request to `host` will go to, as far as can be told. Raises as `resolve` does.

        What had to be looked up for it is not looked up again for the connection that follows.
        """
        with contextlib.suppress(ValueError):
            return str(ip_address(host))
        if host not in self.known:
            found = await self._ask(host, port, socket.AF_UNSPEC)
            self._good(host, found)
            self._ready[host] = (time.monotonic() + _READY, found)
        return self.known[host]

    async def _ask(self, host: str, port: int, family: int) -> list[tuple[int, str]]:
        until, ready = self._ready.pop(host, (0.0, []))
        if time.monotonic() < until:
            return ready
        if is_local_name(host):
            return [(socket.AF_INET, "127.0.0.1")]
        return await asyncio.get_running_loop().run_in_executor(self._threads, look_up, host, port, family)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of `host` that may be reached. Raises `AddressRefused` when there are only others."""
        good = self._good(host, await self._ask(host, port, family))
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=flags)
            for kind, address in good
        ]

    def _good(self, host: str, found: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Those that may be reached; the first of them is what the host is known by."""
        reasons = [(kind, address, refusal(ip_address(address), self._allowed)) for kind, address in found]
        good = [(kind, address) for kind, address, reason in reasons if reason is None]
        if not good:
            first = next((reason for _, _, reason in reasons if reason), "no address")
            raise AddressRefused(f"{host} has {first}; only public addresses are fetched")
        if len(self.known) > 10_000:
            self.known.clear()
        self.known[host] = good[0][1]
        return good

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def make_connector(resolver: GuardedResolver, allowed: Sequence[Network]) -> aiohttp.TCPConnector:
    """A connector that opens sockets to allowed addresses only and keeps one connection a host."""
    networks = tuple(allowed)

    def guarded_socket(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        check(str(address[0]), networks)
        return socket.socket(family=family, type=kind, proto=protocol)

    return aiohttp.TCPConnector(
        resolver=resolver,
        use_dns_cache=False,
        limit=0,
        limit_per_host=1,
        keepalive_timeout=_KEEP_ALIVE,
        socket_factory=guarded_socket,
    )
