"""An open-loop client: requests leave at their times, whether those before were answered or not.

So a server that stands still for a second is seen by all the readers of that second, not by one (no co-ordinated
omission). How long a request took is counted from the moment at which it should have left.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
FIXED = ("/", "/", "/", "/latest/", "/latest/", "/popular/", "/about/sources/")
NEWEST = 400
"""So many articles are read, the newest that the site named."""
PATIENCE = 30.0


@dataclass
class Told:
    """`took`: seconds of each answered request, in the order of their ends; `late`: how late the client itself was."""

    took: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)
    slowest: list[tuple[float, str, str]] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Milliseconds below which this share of the requests was answered."""
        ordered = sorted(self.took)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Readers:
    """`rate` requests a second to `port` for `seconds`: front page, lists and articles, as the site names them."""

    def __init__(self, port: int, rate: float, seconds: float, paths: tuple[str, ...] = FIXED) -> None:
        self._port, self._rate, self._seconds, self._paths = port, rate, seconds, paths
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._articles: list[str] = []
        self._chance = random.Random(1)
        self.told = Told()

    def run(self) -> Told:
        asyncio.run(self._run())
        return self.told

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        await self._look()
        begin, tasks = loop.time(), set()
        for number in range(int(self._rate * self._seconds)):
            at = begin + number / self._rate
            if (wait := at - loop.time()) > 0:
                await asyncio.sleep(wait)
            self.told.late.append(max(0.0, loop.time() - at))
            if number % int(10 * self._rate) == 0:
                tasks.add(loop.create_task(self._look()))
            task = loop.create_task(self._ask(self._path(), at))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)

    def _path(self) -> str:
        if self._articles and self._chance.random() < 0.6:
            # The newest are read most.
            place = int(len(self._articles) * self._chance.random() ** 2)
            return self._articles[place]
        return self._chance.choice(self._paths)

    async def _look(self) -> None:
        """The articles that the site names now."""
        try:
            _, body = await self._exchange("/latest/")
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            return
        found = dict.fromkeys(re.findall(rb'href="(/article/[^"#?]+)"', body))
        self._articles = list(dict.fromkeys([*(path.decode() for path in found), *self._articles]))[:NEWEST]

    async def _ask(self, path: str, at: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            status, _ = await asyncio.wait_for(self._exchange(path), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            status = type(error).__name__
        took = loop.time() - at
        self.told.took.append(took)
        self.told.statuses[status] += 1
        self.told.slowest = sorted([*self.told.slowest, (took, time.strftime("%H:%M:%S"), path)], reverse=True)[:10]

    async def _exchange(self, path: str) -> tuple[str, bytes]:
        """One request. Raises what connections raise.

        A connection that was kept may be closed by the server in the very moment in which it is used again: then, as
        browsers do, a new one is used, and the time goes on counting.
        """
        while self._idle:
            try:
                return await self._over(*self._idle.pop(), path)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                if getattr(error, "partial", b""):
                    raise
        return await self._over(*await asyncio.open_connection("127.0.0.1", self._port), path)

    async def _over(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> tuple[str, bytes]:
        try:
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\n"
                "Accept-Encoding: identity\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
        except BaseException:
            writer.close()
            raise
        if length is None:
            writer.close()
        else:
            self._idle.append((reader, writer))
        return head[9:12].decode(), body
