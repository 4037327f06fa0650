"""Counting readers without keeping anything about them.

Requests are noted in memory as they are answered and settled a few seconds later: excluded with a reason, or counted.
What is written are numbers by the hour. Addresses stay in memory until they are settled; what stays after that, for
half a minute, is a hash under a salt that is thrown away every day.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import threading
import time
from collections import Counter as Tally
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings

from masthead.articles.models import ShortLink
from masthead.audience.agents import agent_reason, header_reason
from masthead.audience.write import Counts, write

REPEAT_SECONDS = 30
PENDING = 5_000
"""So many requests are noted before they are settled between two flushes."""
REMEMBERED = 500_000
"""So many readings of the last half minute are remembered at most; beyond, the oldest are forgotten."""

_ARTICLE = re.compile(r"/article/(\d{1,18})(?:-[^/]*)?/")
_SHORT = re.compile(r"/s/([^/]{1,12})/?")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=8)
def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks as written in the settings. Raises ValueError for one that is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def _inside(address: str, trusted: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed.version == network.version and parsed in network for network in trusted)


@lru_cache(maxsize=64)
def _hour(number: int) -> datetime:
    """The beginning of the hour that is `number` hours after the epoch."""
    return datetime.fromtimestamp(number * 3600, UTC)


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Who asked: the peer, or where the peer is a proxy of ours the last forwarded address that is not.

    What stands further left in `X-Forwarded-For` was written by strangers and is not believed.
    """
    if not forwarded or not trusted:
        return peer
    address = peer
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    while hops and _inside(address, trusted):
        address = hops.pop()
    return address


class Counter:
    """Notes readings and writes their numbers. One a process; safe for threads."""

    def __init__(self) -> None:
        self._noted: deque[tuple[float, str, str, str, str, str, str, bool]] = deque()
        self._settling = threading.Lock()
        self._writing = threading.Lock()
        self._counts = Counts()
        self._seen: dict[bytes, float] = {}
        self._cookie = f"{settings.SESSION_COOKIE_NAME}="
        self._salt = os.urandom(32)
        self._salt_day = 0

    def observe(self, path: str, environ: Mapping[str, Any]) -> None:
        """Note one answered request of an article page or short link; other paths are ignored. Cheap; never raises."""
        if not path.startswith(("/article/", "/s/")):
            return
        get = environ.get
        self._noted.append(
            (
                time.time(),
                path,
                get("REQUEST_METHOD", "GET"),
                get("HTTP_USER_AGENT", ""),
                get("REMOTE_ADDR") or "",
                get("HTTP_X_FORWARDED_FOR", ""),
                # Where browsers say that they fetch ahead.
                get("HTTP_SEC_PURPOSE", "")
                + get("HTTP_PURPOSE", "")
                + get("HTTP_X_PURPOSE", "")
                + get("HTTP_X_MOZ", ""),
                self._cookie in get("HTTP_COOKIE", ""),
            )
        )
        if len(self._noted) >= PENDING and self._settling.acquire(blocking=False):
            try:
                self._settle()
            finally:
                self._settling.release()

    def flush(self) -> int:
        """Write what was counted since the last time; how many rows. What cannot be written waits for the next."""
        with self._writing:
            with self._settling:
                self._settle()
                counts, self._counts = self._counts, Counts()
            try:
                counts = self._resolve(counts)
                return write(counts)
            except BaseException:
                with self._settling:
                    self._counts.add(counts)
                raise

    def _settle(self) -> None:
        """Judge what was noted, in its order. The lock is held."""
        trusted = networks(tuple(settings.MASTHEAD.trusted_proxies))
        while self._noted:
            at, path, method, agent, peer, forwarded, ahead, logged_in = self._noted.popleft()
            article, code = _ARTICLE.fullmatch(path), _SHORT.fullmatch(path)
            if article is None and code is None:
                continue
            hour = _hour(int(at // 3600))
            reason = header_reason(method, ahead, logged_in) or agent_reason(agent)
            if not reason and self._repeated(
                at, path if article is None else article[1], agent, peer, forwarded, trusted
            ):
                reason = "repeat"
            if reason:
                self._counts.exclusions[hour, reason] += 1
            elif article is not None:
                self._counts.views[int(article[1]), hour] += 1
            elif code is not None:
                self._counts.codes[code[1], hour] += 1
        self._forget()

    def _repeated(
        self, at: float, what: str, agent: str, peer: str, forwarded: str, trusted: Sequence[Network]
    ) -> bool:
        """Whether the same reader read the same within the last half minute; each repeat begins it anew."""
        day = int(at // 86400)
        if day != self._salt_day:
            self._salt, self._salt_day = os.urandom(32), day
            self._seen.clear()
        address = client_address(peer, forwarded, trusted)
        text = f"{address}\n{agent}\n{what}".encode("utf-8", "surrogateescape")
        key = hashlib.blake2b(text, key=self._salt, digest_size=16).digest()
        before = self._seen.pop(key, None)
        self._seen[key] = at
        return before is not None and abs(at - before) <= REPEAT_SECONDS

    def _forget(self) -> None:
        """Drop what is older than half a minute; the oldest stand first."""
        limit = time.time() - REPEAT_SECONDS
        for key in list(self._seen):
            if self._seen[key] >= limit and len(self._seen) <= REMEMBERED:
                break
            del self._seen[key]

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
