"""Counting readers without keeping anything about them.

Requests are noted in memory as they are answered and settled a few seconds later: excluded with a reason, or counted.
What is written are numbers by the hour. Addresses stay in memory until they are settled; what stays after that, for
half a minute, is a hash under a salt that is thrown away twice a day (`audience.repeats`).

Where several web processes serve one site, each hands its notes to one process that settles them all
(`audience.settle`), so that a reader whose requests reach different processes is counted once.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter as Tally
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from time import monotonic
from typing import Any, Protocol

from django.conf import settings

from masthead.articles.models import ShortLink
from masthead.audience.agents import TELLING, agent_reason, header_reason
from masthead.audience.repeats import Readings
from masthead.audience.write import Counts, write

FLUSH_SECONDS = 5.0
WINDOW_SECONDS = 10
"""What a kill loses at most: the noting, the handing over, the settling and the wait for the next flush together."""
PENDING = 1000
"""So many requests are noted before they are settled between two flushes."""
MOST = 200_000
"""So many notes wait for the settling process at most; then, or after PATIENCE seconds, they are settled here."""
PATIENCE = 5.0

_PATH = re.compile(r"/article/(\d{1,18})(?:-[^/]*)?/?|/s/([^/]{1,12})/?")


Note = tuple[float, str, str, str, str]
"""A request: when by the steady clock, its path, its User-Agent, its peer, and why it does not count ("": it may)."""


class Relay(Protocol):
    """Takes notes to the process that settles; False when that cannot be reached now.

    Sending none makes this process known there, so that the other waits for its last notes before it ends.
    """

    def send(self, notes: list[Note]) -> bool: ...


@lru_cache(maxsize=65_536)
def _what(path: str) -> int | str | None:
    """What a path names: an article's number, a short link's code, or neither."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    return int(found[1]) if found[1] else found[2]


@lru_cache(maxsize=64)
def _hour(number: float) -> datetime:
    """The beginning of the hour that is `number` hours after the epoch."""
    return datetime.fromtimestamp(number * 3600, UTC)


class Counter:
    """Notes readings and writes their numbers. One a process; safe for threads."""

    def __init__(self, relay: Relay | None = None) -> None:
        self._relay = relay
        self._noted: deque[Note] = deque()
        self._settling = threading.Lock()
        self._writing = threading.Lock()
        self._counts = Counts()
        self._readings = Readings()
        self._handed = monotonic()
        self._cookie = f"{settings.SESSION_COOKIE_NAME}="
        self._most = MOST if relay else PENDING

    def observe(self, path: str, environ: Mapping[str, Any], status: str = "200 OK") -> None:
        """Note one answered request of an article page or short link. Cheap; never raises.

        Other paths are ignored when they are settled: the page cache tells of none.
        """
        get, reason = environ.get, ""
        if status[0] in "345" or environ["REQUEST_METHOD"] != "GET" or not environ.keys().isdisjoint(TELLING):
            reason = header_reason(environ, status, self._cookie)
        self._noted.append((monotonic(), path, get("HTTP_USER_AGENT", ""), get("REMOTE_ADDR") or "", reason))
        if len(self._noted) >= self._most and self._settling.acquire(blocking=False):
            try:
                self._settle(self._taken())
            finally:
                self._settling.release()

    def hand_over(self) -> None:
        """Give what was noted to the process that settles. What it does not take in time is settled here."""
        if self._relay is None:
            return
        with self._settling:
            notes = self._taken()
            if self._relay.send(notes) or not notes:
                self._handed = monotonic()
            elif monotonic() - self._handed > PATIENCE:
                self._settle(notes)
            else:
                self._noted.extendleft(reversed(notes))

    def settle(self, notes: Iterable[Note]) -> None:
        """Judge notes of other processes, given in the order of their time."""
        with self._settling:
            self._settle(notes)

    def flush(self, last: bool = False) -> int:
        """Write what was counted since the last time; how many rows. What cannot be written waits for the next.

        `last`: the process ends, so that what could not be handed over is settled here.
        """
        self.hand_over()
        with self._writing:
            with self._settling:
                if self._relay is None or last:
                    self._settle(self._taken())
                self._readings.forget(monotonic())
                counts, self._counts = self._counts, Counts()
            try:
                counts = self._resolve(counts)
                return write(counts)
            except BaseException:
                with self._settling:
                    self._counts.add(counts)
                raise

    def _taken(self) -> list[Note]:
        """What was noted until now. The lock is held."""
        take = self._noted.popleft
        return [take() for _ in range(len(self._noted))]

    def _settle(self, notes: Iterable[Note]) -> None:
        """Judge what was noted, in its order. The lock is held."""
        views, codes, exclusions = self._counts.views, self._counts.codes, self._counts.exclusions
        repeated = self._readings.repeated
        # The hour is told by the clock as it is set now; how long ago something was, by the steady one.
        ahead = time.time() - monotonic()
        for at, path, agent, peer, reason in notes:
            what = _what(path)
            if what is None:
                continue
            hour = _hour((at + ahead) // 3600)
            reason = reason or agent_reason(agent)
            if reason or repeated(at, (peer, agent), what):
                exclusions[hour, reason or "repeat"] += 1
            elif isinstance(what, int):
                views[what, hour] += 1
            else:
                codes[what, hour] += 1

    @staticmethod
    def _resolve(counts: Counts) -> Counts:
        """Short links by the article they lead to."""
        codes = {code for code, _ in counts.codes}
        if not codes:
            return counts
        articles = dict(ShortLink.objects.filter(code__in=codes).values_list("code", "article"))
        uses: Tally[tuple[int, datetime]] = Tally(counts.uses)
        exclusions: Tally[tuple[datetime, str]] = Tally(counts.exclusions)
        for (code, hour), number in counts.codes.items():
            if code in articles:
                uses[articles[code], hour] += number
            else:
                exclusions[hour, "unknown"] += number
        return Counts(views=counts.views, uses=uses, exclusions=exclusions)
