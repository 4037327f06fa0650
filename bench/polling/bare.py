"""The bare client: what the server gives when nobody reads, parses or stores. The ceiling of the bench.

python -m polling.bare PORT
"""

from __future__ import annotations

import asyncio
import sys
import time

from polling import documents

_AT_ONCE = 32


async def _host(host: str, port: int, numbers: list[int]) -> int:
    """All feeds of one host over one connection, asked conditionally. Returns the bytes that came."""
    reader, writer = await asyncio.open_connection(host, port)
    came = 0
    for number in numbers:
        path = documents.path_of(number)
        writer.write(f'GET {path} HTTP/1.1\r\nHost: {host}\r\nIf-None-Match: "{number}-1"\r\n\r\n'.encode())
        came += len(await reader.readuntil(b"\r\n\r\n"))
    writer.close()
    return came


async def _run(port: int) -> None:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(numbers: list[int]) -> int:
        async with places:
            return await _host(documents.host_of(numbers[0]), port, numbers)

    rows = [list(range(host, documents.FEEDS, documents.HOSTS)) for host in range(documents.HOSTS)]
    await asyncio.gather(*(one(row) for row in rows))


if __name__ == "__main__":
    began = time.monotonic()
    asyncio.run(_run(int(sys.argv[1])))
    print(documents.FEEDS / (time.monotonic() - began))
