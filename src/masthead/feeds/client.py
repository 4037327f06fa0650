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
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.utils import timezone

import masthead
from masthead.core.fetch import Client, ClientOptions, FetchRequest
from masthead.core.fetch.hosts import SLOW_ROOM
from masthead.core.fetch.waiting import pause_after
from masthead.core.types import FetchResult
from masthead.core.urls import host_of
from masthead.feeds.models import HostPause
from masthead.feeds.turns import Turns
from masthead.store.metrics import Tally, Timing

OnResult = Callable[[FetchRequest, FetchResult], None]
NextRequest = Callable[[], FetchRequest | None]
OnResults = Callable[[Sequence[tuple[FetchRequest, FetchResult]]], None]
NextRequests = Callable[[int], Sequence[FetchRequest]]

_PATIENCE = 0.5
# So many results are taken in at once, so large together, and so long is waited for them once there is one.
_BATCH, _BATCH_BYTES, _LINGER = 200, 8_000_000, 0.02

_outcomes = Tally("masthead_fetches_total", "Exchanges with other servers, by status or fault.", "outcome")
_received = Tally("masthead_fetched_bytes_total", "Bodies of other servers, unpacked.", "of")
_took = Timing("masthead_fetch_seconds", "How long exchanges with other servers took.")
_STATUSES = frozenset(status.value for status in HTTPStatus)


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
        address_gap=options.address_gap,
        concurrency=options.concurrency,
        silence=options.poll_floor // 4,
    )


@dataclass(eq=False)
class _Exchange:
    """An exchange under way. Its body's room in memory is kept until the caller has done with the result."""

    request: FetchRequest
    task: asyncio.Task[None] | None = None  # touched in the door's thread alone
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
        # With a broker there are, or may be, other processes that fetch.
        several = settings.MASTHEAD.broker and connection.vendor == "postgresql"
        self.turns = Turns(options.gap) if several else None
        self.client = Client(options, beyond=self.turns.turn if self.turns is not None else None)
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

    def submit(self, begun: Sequence[_Exchange], finished: queue.SimpleQueue[_Exchange]) -> None:
        """Begin exchanges; each comes into `finished` when it has a result or an error."""

        async def make(one: _Exchange) -> None:
            try:
                async with self.client.exchange(one.request) as one.result:
                    finished.put(one)
                    await one.over.wait()
            except BaseException as error:
                one.error = error
                if one.result is None:
                    finished.put(one)
                if not isinstance(error, Exception):
                    raise

        def begin() -> None:
            for one in begun:
                one.task = self.loop.create_task(make(one))

        if begun:
            self.loop.call_soon_threadsafe(begin)

    def end(self, exchanges: Sequence[_Exchange]) -> None:
        """The results were taken: their room is free."""

        def free() -> None:
            for one in exchanges:
                one.over.set()

        self.loop.call_soon_threadsafe(free)

    def give_up(self, exchanges: Sequence[_Exchange]) -> None:
        """Stop exchanges, whose results nobody wants any more."""

        def cancel() -> None:
            for one in exchanges:
                if one.task is not None:
                    one.task.cancel()

        with contextlib.suppress(RuntimeError):  # the door was closed meanwhile
            self.loop.call_soon_threadsafe(cancel)

    def pause(self, host: str, until: datetime) -> None:
        self.loop.call_soon_threadsafe(self.client.hosts.pause, host, until)

    def close(self) -> None:
        if self._thread.is_alive() and self.pid == os.getpid():
            self.loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(timeout=5)
            if self.turns is not None:
                self.turns.close()


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


def _tell(result: FetchResult) -> None:
    """Count an exchange. Statuses that no specification knows are one: servers may invent any number of them."""
    known = str(result.status) if result.status in _STATUSES else "other"
    _outcomes.count(result.error or known)
    _received.count("all", len(result.body))
    _took.took(result.elapsed)


def fetch_batches(next_requests: NextRequests, on_results: OnResults, *, most: int = _BATCH) -> None:
    """Make exchanges for as long as there are any, handing out and taking in as many at a time as there are.

    `next_requests` is told how many there is room for, and asked whenever there is some, at least every half second
    while something is under way; none means that there is nothing at the moment. `on_results` gets what has arrived,
    `most` of them at a time; their bodies keep their room in memory until it returns. The stream ends when there is
    none and nothing is under way. Both functions are called in the caller's thread, one at a time. What they raise
    ends the stream, requests under way being given up.
    """
    door = _open_door()
    for pause in HostPause.objects.filter(until__gt=timezone.now()):
        door.pause(pause.host, pause.until)
    window = most_under_way()
    finished: queue.SimpleQueue[_Exchange] = queue.SimpleQueue()
    under_way: set[_Exchange] = set()
    try:
        while True:
            if len(under_way) < window:
                begun = [_Exchange(request) for request in next_requests(window - len(under_way))]
                under_way.update(begun)
                door.submit(begun, finished)
            if not under_way:
                return
            landed = _land(finished, most)
            results = [(one.request, one.result) for one in landed if one.result is not None]
            for _, result in results:
                _tell(result)
                _note_pressure(door, result)
            if results:
                on_results(results)
            for one in landed:
                if one.result is None:
                    raise one.error or RuntimeError("an exchange ended without a result")
            under_way.difference_update(landed)
            if landed:
                door.end(landed)
    finally:
        door.give_up(list(under_way))


def _land(finished: queue.SimpleQueue[_Exchange], most: int) -> list[_Exchange]:
    """What has landed, after half a second at most; a little is waited for more, as one write for many is cheap."""
    landed: list[_Exchange] = []
    size, wait, end = 0, _PATIENCE, 0.0
    with contextlib.suppress(queue.Empty):
        while len(landed) < most and size < _BATCH_BYTES:
            one = finished.get(timeout=wait) if wait > 0 else finished.get_nowait()
            landed.append(one)
            size += len(one.result.body) if one.result is not None else 0
            end = end or time.monotonic() + _LINGER
            wait = end - time.monotonic()
    return landed


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

    fetch_batches(next_requests, on_results, most=1)


def fetch_many(requests: Iterable[FetchRequest], on_result: OnResult) -> None:
    """Make all exchanges and hand each result to `on_result` as it arrives, in this thread, one at a time.

    Synchronous; no event loop runs in this thread, so the ORM may be used. `requests` is read lazily. Obeys host
    pauses, one connection a host and the gap, across all threads of the process. An exchange never raises: see
    `core.types.FetchResult.error`.
    """
    waiting: Iterator[FetchRequest] = iter(requests)
    fetch_stream(lambda: next(waiting, None), on_result)
