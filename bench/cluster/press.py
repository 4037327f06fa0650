"""The publishers: one process that is every host, each on a loopback address of its own, and watches for impoliteness.

    python -m cluster.press PORT FEEDS HOSTS ITEMS

`/control/EDITION` on 127.0.0.1 sets the edition (feeds have EDITION times ITEMS items) and answers, as JSON, what was
counted since the start: the most requests that were under way at one host at once, and the shortest time from an answer
to the next request there, in seconds.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

CONTROL = "127.0.0.1"
_FIRST = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
# An answer takes its time, so that two requests at once would meet.
_SLOWNESS = 0.02
_SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve wi zo kra stel mon dar fen lis".split()  # noqa: SIM905


def host_of(number: int, hosts: int) -> str:
    """The host of a feed."""
    host = number % hosts
    return f"127.9.{host // 200}.{host % 200 + 1}"


def address(number: int, hosts: int, port: int) -> str:
    """The address of a feed."""
    return f"http://{host_of(number, hosts)}:{port}/{number}/feed"


def _words(source: random.Random, count: int) -> str:
    return " ".join("".join(source.choices(_SYLLABLES, k=source.randint(2, 4))) for _ in range(count))


def item(number: int, place: int) -> str:
    """One item, of which no other shares a word but by chance."""
    source = random.Random(number * 10_007 + place)
    title = f"{_words(source, 7).capitalize()} {number} {place}"
    body = "".join(f"<p>{_words(source, 40).capitalize()}.</p>" for _ in range(4))
    date = format_datetime(_FIRST + timedelta(minutes=place * 7, seconds=number))
    link = f"http://paper{number}.example/{place}"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
    )


def document(number: int, items: int) -> bytes:
    """The feed of a publisher, the newest first."""
    inside = "".join(item(number, place) for place in range(items, 0, -1))
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Paper {number}</title><link>http://paper{number}.example/</link><language>en</language>"
        f"<description>News of town {number}</description>{inside}</channel></rss>"
    ).encode()


class Press:
    """All hosts, and what was seen of their visitors."""

    def __init__(self, items: int) -> None:
        self.items, self.edition = items, 1
        self.requests = self.most = 0
        self.shortest = 1e9
        self._under_way: dict[str, int] = {}
        self._answered: dict[str, float] = {}
        self._made: dict[tuple[int, int], bytes] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = str(writer.get_extra_info("sockname")[0])
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(await self._answer(host, head))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, host: str, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        if host == CONTROL:
            self.edition = int(path.rsplit("/", 1)[1])
            told = {"requests": self.requests, "most": self.most, "shortest": self.shortest}
            return _http(200, json.dumps(told).encode(), "")
        now = time.monotonic()
        self.requests += 1
        self._under_way[host] = self._under_way.get(host, 0) + 1
        self.most = max(self.most, self._under_way[host])
        if host in self._answered:
            self.shortest = min(self.shortest, now - self._answered[host])
        try:
            await asyncio.sleep(_SLOWNESS)
            return self._feed(int(path.split("/")[1]), head)
        finally:
            self._under_way[host] -= 1
            self._answered[host] = time.monotonic()

    def _feed(self, number: int, head: bytes) -> bytes:
        etag = f'"{number}-{self.edition}"'
        if etag.encode() in head:
            return _http(304, b"", etag)
        key = number, self.edition
        if key not in self._made:
            self._made[key] = document(number, self.items * self.edition)
        return _http(200, self._made[key], etag)


def _http(status: int, body: bytes, etag: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Told", "Content-Type: application/rss+xml; charset=utf-8"]
    lines += [f"ETag: {etag}"] if etag else []
    lines += [f"Content-Length: {len(body)}"] if status != 304 else []
    return "\r\n".join([*lines, "", ""]).encode() + body


async def main(port: int, feeds: int, hosts: int, items: int) -> None:
    press = Press(items)
    names = [CONTROL, *sorted({host_of(number, hosts) for number in range(min(feeds, hosts))})]
    server = await asyncio.start_server(press.serve, names, port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:5])))
