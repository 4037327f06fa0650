"""The publishers' servers: one port, one host name each, over loopback HTTP.

They do what real servers do: validators and 304, gzip, a feed that has moved for good and one that moves you on for
the moment, one that is now and then too busy (503), one that is slow, one that has ended (410), pages that are gone.
`start` runs them in a thread (tests), `serve` in this process (the demo).
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from masthead.demo import press
from masthead.demo.hosts import Newsroom
from masthead.demo.timeline import Timeline

HOST = "127.0.0.1"


class PortInUse(OSError):
    """Another program listens on the port; the message says what to do."""


@dataclass(slots=True)
class Handle:
    """A newsroom that runs in a thread of this process."""

    newsroom: Newsroom
    port: int
    _loop: asyncio.AbstractEventLoop
    _thread: threading.Thread

    @property
    def timeline(self) -> Timeline:
        return self.newsroom.timeline

    def base(self, publisher: str) -> str:
        """The address of a publisher (`record`), of the weather service (`weather`) or the link shortener (`sht`)."""
        return self.newsroom.base(publisher)

    def feed(self, publisher: str) -> str:
        """The feed address that subscribers of a publisher were given."""
        return self.base(publisher) + self.newsroom.press.publishers[publisher].subscribed_path

    def release(self) -> None:
        """Let the next report come out now."""
        self.newsroom.timeline.release(datetime.now(UTC))

    def stop(self) -> None:
        """Close the port and end the thread. Does nothing the second time."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()


def start(
    port: int = 0, *, opened: datetime | None = None, pictures: Path | None = None, picture_width: int = 1600
) -> Handle:
    """Start the newsroom in a thread and return when it answers. Nothing new comes out until `release` is called.

    `port` 0 takes a free one. `opened`: the instant that ages count back from (default: now). `pictures`: folder for
    drawn pictures, served in `picture_width` pixels. Raises `PortInUse`.
    """
    loop = asyncio.new_event_loop()
    folder = pictures or Path(tempfile.gettempdir()) / "masthead-demo-pictures"
    newsroom = Newsroom(Timeline(press.load(), opened or datetime.now(UTC)), folder, picture_width)
    runner = loop.run_until_complete(listen(newsroom, port))
    thread = threading.Thread(target=_run, args=(loop, runner), name="newsroom", daemon=True)
    thread.start()
    return Handle(newsroom, newsroom.port, loop, thread)


def _run(loop: asyncio.AbstractEventLoop, runner: web.AppRunner) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(runner.cleanup())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def listen(newsroom: Newsroom, port: int) -> web.AppRunner:
    """Open the port and tell the newsroom which it is. Raises `PortInUse`."""
    runner = web.AppRunner(newsroom.application(), access_log=None, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise PortInUse(
            f"port {port} of {HOST} cannot be had for the sample newsroom ({error.strerror}); "
            "end the program that uses it, or start with another --newsroom-port"
        ) from error
    newsroom.port = runner.addresses[0][1]
    return runner
