"""The door of this process to other servers: every lane goes through one client, so that politeness holds for all.

The client lives in a thread of its own with an event loop. Callers stay synchronous and get their results in their
own thread, where the ORM may be used.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils import timezone

import masthead
from masthead.core.fetch import Client, ClientOptions, FetchRequest
from masthead.core.fetch.waiting import pause_after
from masthead.core.types import FetchResult
from masthead.core.urls import host_of
from masthead.feeds.models import HostPause

OnResult = Callable[[FetchRequest, FetchResult], None]
NextRequest = Callable[[], FetchRequest | None]
OnResults = Callable[[Sequence[tuple[FetchRequest, FetchResult]]], None]
NextRequests = Callable[[int], Sequence[FetchRequest]]

_WINDOW = 8
_PATIENCE = 0.5
# So many results are taken in at once, so large together, and so long is waited for them once there is one.
_BATCH, _BATCH_BYTES, _LINGER = 200, 8_000_000, 0.02


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


def fetch_batches(next_requests: NextRequests, on_results: OnResults) -> None:
    """Make exchanges for as long as there are any, handing out and taking in as many at a time as there are.

    `next_requests` is told how many there is room for, and asked whenever there is some, at least every half second
    while something is under way; none means that there is nothing at the moment. `on_results` gets what has arrived.
    The stream ends when there is none and nothing is under way. Both functions are called in the caller's thread, one
    at a time. What they raise ends the stream, requests under way being given up.
    """
    door = _open_door()
    for pause in HostPause.objects.filter(until__gt=timezone.now()):
        door.pause(pause.host, pause.until)
    window = door.options.concurrency * _WINDOW
    flight = _Flight(door)
    count = 0
    try:
        while True:
            if count < window:
                requests = next_requests(window - count)
                count += len(requests)
                flight.start(requests)
            if not count:
                return
            results = flight.land()
            for _, result in results:
                _note_pressure(door, result)
            if results:
                on_results(results)
                count -= len(results)
    finally:
        flight.end()


class _Flight:
    """Requests under way in a door's thread, and those that have landed."""

    def __init__(self, door: _Door) -> None:
        self._door = door
        self._under_way: set[asyncio.Task[FetchResult]] = set()  # touched in the door's thread alone
        self._landed: queue.SimpleQueue[tuple[FetchRequest, asyncio.Task[FetchResult]]] = queue.SimpleQueue()

    def start(self, requests: Sequence[FetchRequest]) -> None:
        def begin() -> None:
            for request in requests:
                task = self._door.loop.create_task(self._door.client.fetch(request))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
                task.add_done_callback(partial(self._arrive, request))

        if requests:
            self._door.loop.call_soon_threadsafe(begin)

    def _arrive(self, request: FetchRequest, task: asyncio.Task[FetchResult]) -> None:
        self._landed.put((request, task))

    def land(self) -> list[tuple[FetchRequest, FetchResult]]:
        """What has landed, after half a second at most; a little is waited for more, as one write for many is cheap."""
        results: list[tuple[FetchRequest, FetchResult]] = []
        size, wait, end = 0, _PATIENCE, 0.0
        with contextlib.suppress(queue.Empty):
            while len(results) < _BATCH and size < _BATCH_BYTES:
                request, task = self._landed.get(timeout=wait) if wait > 0 else self._landed.get_nowait()
                results.append((request, task.result()))
                size += len(results[-1][1].body)
                end = end or time.monotonic() + _LINGER
                wait = end - time.monotonic()
        return results

    def end(self) -> None:
        def cancel() -> None:
            for task in self._under_way:
                task.cancel()

        with contextlib.suppress(RuntimeError):  # the door was closed meanwhile
            self._door.loop.call_soon_threadsafe(cancel)


def fetch_stream(next_request: NextRequest, on_result: OnResult) -> None:
    """`fetch_batches`, one at a time: `next_request` gives one or None, `on_result` gets one."""

    def next_requests(room: int) -> list[FetchRequest]:
        requests: list[FetchRequest] = []
        while len(requests) < room and (request := next_request()) is not None:
            requests.append(request)
        return requests

    def on_results(results: Sequence[tuple[FetchRequest, FetchResult]]) -> None:
        for request, result in results:
            on_result(request, result)

    fetch_batches(next_requests, on_results)


def fetch_many(requests: Iterable[FetchRequest], on_result: OnResult) -> None:
    """Make all exchanges and hand each result to `on_result` as it arrives, in this thread, one at a time.

    Synchronous; no event loop runs in this thread, so the ORM may be used. `requests` is read lazily. Obeys host
    pauses, one connection a host and the gap, across all threads of the process. An exchange never raises: see
    `core.types.FetchResult.error`.
    """
    waiting: Iterator[FetchRequest] = iter(requests)
    fetch_stream(lambda: next(waiting, None), on_result)
