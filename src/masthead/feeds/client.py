"""The door of this process to other servers: every lane goes through one client, so that politeness holds for all.

The client lives in a thread of its own with an event loop. Callers stay synchronous and get their results in their
own thread, where the ORM may be used.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import contextlib
import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone

import masthead
from masthead.core.fetch import Client, ClientOptions, FetchRequest
from masthead.core.fetch.hosts import SLOW_ROOM
from masthead.core.fetch.waiting import pause_after
from masthead.core.types import FetchResult
from masthead.core.urls import host_of
from masthead.feeds.models import HostPause

OnResult = Callable[[FetchRequest, FetchResult], None]
NextRequest = Callable[[], FetchRequest | None]

_PATIENCE = 0.5


def user_agent() -> str:
    """Name, version and how publishers reach the operator; the same on every request."""
    options = settings.MASTHEAD
    contact = options.contact or options.base_url or "contact not set"
    return f"Masthead/{masthead.__version__} (+{contact})"


def client_options() -> ClientOptions:
    """The settings in force, as the fetcher wants them."""
    options = settings.MASTHEAD
    return ClientOptions(
        user_agent=user_agent(),
        allowed=tuple(options.allow_private_addresses),
        gap=options.host_gap,
        concurrency=options.concurrency,
        silence=options.poll_floor // 4,
    )


@dataclass(eq=False)
class _Exchange:
    """An exchange under way. Its body's room in memory is kept until the caller has done with the result."""

    request: FetchRequest
    task: concurrent.futures.Future[None] | None = None
    result: FetchResult | None = None
    error: BaseException | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


def most_under_way() -> int:
    """How many exchanges a stream has under way at most, those that hang included."""
    return int(settings.MASTHEAD.concurrency) * SLOW_ROOM


class _Door:
    """A running client and its thread."""

    def __init__(self, options: ClientOptions) -> None:
        self.options = options
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None
        self.client = Client(options)
        self._thread = threading.Thread(target=self._run, name="masthead-fetch", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            self.loop.run_until_complete(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()
            self.loop.close()

    async def _serve(self) -> None:
        async with self.client:
            self._ready.set()
            await self._stop.wait()

    def submit(self, request: FetchRequest, finished: queue.SimpleQueue[_Exchange]) -> _Exchange:
        """Begin an exchange; it comes into `finished` when it has a result or an error."""
        begun = _Exchange(request)

        async def make() -> None:
            try:
                async with self.client.exchange(request) as begun.result:
                    finished.put(begun)
                    await begun.over.wait()
            except BaseException as error:
                begun.error = error
                if begun.result is None:
                    finished.put(begun)
                raise

        begun.task = asyncio.run_coroutine_threadsafe(make(), self.loop)
        return begun

    def end(self, exchange: _Exchange) -> None:
        """The result was taken: its room is free."""
        self.loop.call_soon_threadsafe(exchange.over.set)

    def pause(self, host: str, until: datetime) -> None:
        self.loop.call_soon_threadsafe(self.client.hosts.pause, host, until)

    def close(self) -> None:
        if self._thread.is_alive() and self.pid == os.getpid():
            self.loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(timeout=5)


_lock = threading.Lock()
_door: _Door | None = None


def _open_door() -> _Door:
    """The process's client; a new one after a fork or when the settings changed."""
    global _door
    options = client_options()
    with _lock:
        if _door is None or _door.pid != os.getpid() or _door.options != options:
            if _door is not None:
                _door.close()
            _door = _Door(options)
        return _door


@atexit.register
def close() -> None:
    """End the process's client and its connections. The next fetch opens a new one."""
    global _door
    with _lock:
        if _door is not None:
            _door.close()
            _door = None


def _note_pressure(door: _Door, result: FetchResult) -> None:
    """Write down, for every process, that a host asked for silence. The client itself keeps it already."""
    now = timezone.now()
    verdict = pause_after(result.status, result.headers, now, silence=door.options.silence)
    if verdict is None:
        return
    until, reason = verdict
    host = host_of(result.final_url)[:255]
    known = HostPause.objects.filter(pk=host).first()
    if known is None or known.until < until:
        HostPause.objects.update_or_create(host=host, defaults={"until": until, "reason": reason[:300]})


def fetch_stream(next_request: NextRequest, on_result: OnResult) -> None:
    """Make exchanges for as long as there are any.

    `next_request` is asked whenever there is room, at least every half second while something is under way; None
    means that there is nothing at the moment. The stream ends when it says None and nothing is under way. Both
    functions are called in the caller's thread, one at a time. What they raise ends the stream, requests under way
    being given up.
    """
    door = _open_door()
    for pause in HostPause.objects.filter(until__gt=timezone.now()):
        door.pause(pause.host, pause.until)
    window = most_under_way()
    finished: queue.SimpleQueue[_Exchange] = queue.SimpleQueue()
    under_way: set[_Exchange] = set()
    try:
        while True:
            while len(under_way) < window and (request := next_request()) is not None:
                under_way.add(door.submit(request, finished))
            if not under_way:
                return
            with contextlib.suppress(queue.Empty):
                exchange = finished.get(timeout=_PATIENCE)
                if exchange.result is None:
                    raise exchange.error or RuntimeError("an exchange ended without a result")
                _note_pressure(door, exchange.result)
                on_result(exchange.request, exchange.result)
                under_way.discard(exchange)
                door.end(exchange)
    finally:
        for exchange in under_way:
            if exchange.task is not None:
                exchange.task.cancel()


def fetch_many(requests: Iterable[FetchRequest], on_result: OnResult) -> None:
    """Make all exchanges and hand each result to `on_result` as it arrives, in this thread, one at a time.

    Synchronous; no event loop runs in this thread, so the ORM may be used. `requests` is read lazily. Obeys host
    pauses, one connection a host and the gap, across all threads of the process. An exchange never raises: see
    `core.types.FetchResult.error`.
    """
    waiting: Iterator[FetchRequest] = iter(requests)
    fetch_stream(lambda: next(waiting, None), on_result)
