"""The page cache: the outermost WSGI callable. It answers with ready bytes before Django wakes.

What it may keep is decided narrowly: GET and HEAD, public paths, parameters that pages know, hosts that are ours,
answers that are 200, whole, without cookie and not declared private. Such a request reaches Django without cookies,
credentials, conditions and unknown parameters, so that the answer depends on nothing but the key.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from masthead.pages.pressure import Pressure
from masthead.pages.shelf import SOFT_LIFE, Headers, Key, Page, Shelf, clock, coding_for
from masthead.store import generation
from masthead.store.metrics import Timing

PARAMETERS = ("page", "q", "source", "section", "language", "since", "until")
PRIVATE = ("/desk", "/admin", "/api", "/static", "/media", "/healthz", "/readyz", "/metrics", "/s/", "/websub/")
STRIPPED = (
    "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING",
)  # fmt: skip
# Addresses of blog programs that stand at the root: "/?p=12" is a post, "/?feed=rss2" a feed.
OLD_AT_ROOT = re.compile(r"(?:^|&)(?:p|page_id|attachment_id|feed|m|tag|category_name)=")
COUNTED = ("/article/", "/s/")
PATIENCE = 10.0
"""Seconds that a request waits for another one that is making the same page."""
RETRY = 1.0
"""Seconds that the last good page is served without asking again, after Django failed."""

_made = Timing(
    "masthead_made_seconds", "Answers that did not come out of the page cache: how long Django took for them."
)

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class Observer(Protocol):
    def observe(self, path: str, environ: Environ, status: str = ...) -> None: ...


class Metrics:
    """Numbers since the start of the process. Threads may lose a count between them; a ratio does not mind."""

    def __init__(self) -> None:
        self.hits = self.misses = self.stale = self.not_modified = self.passed = 0
        self.statuses: Counter[str] = Counter()
        """Answers by status."""

    @property
    def ratio(self) -> float:
        """Hits among the answers that could have been hits, 0 to 1."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else 0.0


class PageCache:
    """Wraps a WSGI application. `observer` is told of every answer for an article or short link.

    `lend`: seconds for which a proxy in front may keep the other pages (0: not at all), told in the header by which
    nginx goes and which it takes off (ngx_http_proxy_module, `X-Accel-Expires`).
    """

    def __init__(
        self, application: Application, *, limit: int, observer: Observer | None = None, lend: int = 0
    ) -> None:
        self._application = application
        self._observer = observer
        self._lent = [("X-Accel-Expires", str(lend))] if lend else []
        self.shelf = Shelf(limit)
        self.metrics = Metrics()
        self.pressure = Pressure()
        self._making: dict[Key, threading.Lock] = {}
        self._making_lock = threading.Lock()
        self._hosts: dict[str, bool] = {}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        key = self._key(path, environ)
        if key is None:
            self.metrics.passed += 1
            return self._pass(path, environ, start_response)
        page = self.shelf.get(key)
        if page is not None and self._usable(page):
            self.metrics.hits += 1
            return self._answer(page, path, environ, start_response)
        self.metrics.misses += 1
        return self._miss(key, page, path, environ, start_response)

    def _usable(self, page: Page) -> bool:
        current = generation.current()
        if page.generation == current:
            return page.usable(current, clock())
        now = clock()
        return page.usable(current, now, self.pressure.soft_life(now))

    def _key(self, path: str, environ: Environ) -> Key | None:
        """Scheme, host, path and known parameters; None for what is not to be kept."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(PRIVATE):
            return None
        query = environ.get("QUERY_STRING", "")
        if query and path in ("/", "/index.php") and OLD_AT_ROOT.search(query):
            return None
        host = environ.get("HTTP_HOST", "")
        known = self._hosts.get(host)
        if known is None:
            known = validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
            if len(self._hosts) < 1_000:
                self._hosts[host] = known
        if not known:
            return None
        return environ.get("wsgi.url_scheme", "http"), host.lower(), path, canonical(query) if query else ""

    def _pass(self, path: str, environ: Environ, start_response: Any) -> Iterable[bytes]:
        began = time.monotonic()
        try:
            return self._application(environ, partial(self._told, path, environ, start_response))
        finally:
            _made.took(time.monotonic() - began)

    def _told(self, path: str, environ: Environ, start_response: Any, status: str, headers: Headers, *rest: Any) -> Any:
        """Count an answer that did not come out of the cache, and tell the observer."""
        self.metrics.statuses[status[:3]] += 1
        if self._observer is not None and path.startswith(COUNTED):
            self._observer.observe(path, environ, status)
        return start_response(status, headers, *rest)

    def _miss(self, key: Key, old: Page | None, path: str, environ: Environ, start_response: Any) -> Iterable[bytes]:
        with self._making_lock:
            lock = self._making.setdefault(key, threading.Lock())
        # One request makes the page. The others take the one before, where that is allowed, or wait for the new one.
        hard = generation.current()[1]
        allowed = old is not None and old.generation[1] == hard
        if not lock.acquire(blocking=not allowed, timeout=-1 if allowed else PATIENCE):
            if old is not None and allowed:
                self.metrics.stale += 1
                return self._answer(old, path, environ, start_response)
            return self._pass(path, environ, start_response)
        try:
            page = self.shelf.get(key)
            if page is None or not self._usable(page):
                page, answer = self._make(key, environ)
                if page is None:
                    return self._failed(key, answer, path, environ, start_response)
        finally:
            lock.release()
            with self._making_lock:
                self._making.pop(key, None)
        return self._answer(page, path, environ, start_response)

    def _make(self, key: Key, environ: Environ) -> tuple[Page | None, tuple[str, Headers, list[bytes]]]:
        """Ask Django. The page when it may be kept, and the answer as it came."""
        before = generation.current()
        asked = {name: value for name, value in environ.items() if name not in STRIPPED}
        asked["REQUEST_METHOD"] = "GET"
        asked["QUERY_STRING"] = key[3]
        # For what is never kept: a page that is not there may have stood elsewhere under all its parameters.
        asked["masthead.query"] = environ.get("QUERY_STRING", "")
        told: list[tuple[str, Headers]] = []
        began = clock()
        answer = self._application(asked, lambda status, headers, *rest: told.append((status, headers)))
        try:
            body = list(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
            took = clock() - began
            _made.took(took)
            self.pressure.made(took, clock())
        status, headers = told[-1]
        if not status.startswith("200") or not may_keep(headers):
            return None, (status, headers, body)
        lent = [] if key[2].startswith(COUNTED) else self._lent
        page = Page(before, clock(), b"".join(body), [*headers, *lent])
        page.variant(coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")))
        self.shelf.put(key, page)
        return page, (status, headers, body)

    def _failed(
        self, key: Key, answer: tuple[str, Headers, list[bytes]], path: str, environ: Environ, start_response: Any
    ) -> Iterable[bytes]:
        """Not a page to keep. After a fault of ours the last good one stands in, unless it must not be seen again."""
        status, headers, body = answer
        last = self.shelf.get(key)
        if status.startswith("5"):
            if last is not None and last.generation[1] == generation.current()[1]:
                self.metrics.stale += 1
                last.made = clock() - SOFT_LIFE + RETRY
                return self._answer(last, path, environ, start_response)
        else:
            self.shelf.drop(key)
        self._told(path, environ, start_response, status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body

    def _answer(self, page: Page, path: str, environ: Environ, start_response: Any) -> Iterable[bytes]:
        coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        variant = page.variants.get(coding)
        if variant is None:
            variant = page.variant(coding)
            self.shelf.trim()
        unchanged = not_modified(environ, variant.etag, page.last_modified)
        if self._observer is not None and path.startswith("/article/"):
            self._observer.observe(path, environ, "304 Not Modified" if unchanged else "200 OK")
        if unchanged:
            self.metrics.not_modified += 1
            self.metrics.statuses["304"] += 1
            start_response("304 Not Modified", variant.head)
            return []
        self.metrics.statuses["200"] += 1
        start_response("200 OK", variant.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else variant.body


def canonical(query: str) -> str:
    """The parameters that pages know, in a fixed order, the last of each name, empty ones left out."""
    given = dict(parse_qsl(query, keep_blank_values=False))
    return urlencode([(name, given[name]) for name in PARAMETERS if name in given])


def may_keep(headers: Headers) -> bool:
    """Whether an answer is the same for every reader, whole, and not declared otherwise."""
    for name, value in headers:
        lowered = name.lower()
        if lowered in ("set-cookie", "content-encoding", "content-range"):
            return False
        if lowered == "cache-control" and any(word in value.lower() for word in ("private", "no-store")):
            return False
        if lowered == "vary" and not {part.strip().lower() for part in value.split(",")} <= {"accept-encoding"}:
            return False
    return True


def not_modified(environ: Environ, etag: str, last_modified: str) -> bool:
    """RFC 9110 13.1: `If-None-Match` (weak comparison) decides; `If-Modified-Since` only without it."""
    match = environ.get("HTTP_IF_NONE_MATCH")
    if match is not None:
        return match.strip() == "*" or etag in [part.strip().removeprefix("W/") for part in match.split(",")]
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or not last_modified:
        return False
    try:
        return parsedate_to_datetime(last_modified) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
