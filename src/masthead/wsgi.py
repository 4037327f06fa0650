"""What the web server calls: proxies judged, ready pages served, then static files, then Django."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Iterable
from functools import partial
from multiprocessing import util
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.urls import get_resolver
from whitenoise import WhiteNoise

_django = get_wsgi_application()
# All views, before any thread asks for one: two that import modules which import each other could meet halfway.
_ = get_resolver().url_patterns

from masthead.audience.count import FLUSH_SECONDS, Counter
from masthead.audience.keep import Keeper
from masthead.audience.peers import CLAIMS, client_address, networks
from masthead.audience.relay import SEND_SECONDS, SOCKET_FILE, SocketRelay
from masthead.pages.cache import Environ, PageCache
from masthead.store import bodies, generation, headers, metrics, numbers
from masthead.store.lifeline import die_with_parent

log = logging.getLogger(__name__)

# Where several web processes serve one site, one process settles the readings of all.
_shared = os.environ.get("MASTHEAD_PROCESS") == "web" and settings.MASTHEAD.web_workers > 1
counter = Counter(SocketRelay(settings.MASTHEAD.home / SOCKET_FILE) if _shared else None)
_keeper = Keeper(counter, speaks=not _shared)
_statics = WhiteNoise(
    _django,
    root=str(settings.STATIC_ROOT),
    prefix="static/",
    max_age=3600,
    immutable_file_test=r"\.[0-9a-f]{12}\.",
    allow_all_origins=False,
    add_headers_function=headers.add_to_static,
)
cache = PageCache(
    _statics,
    limit=settings.MASTHEAD.cache_megabytes * 1_000_000,
    observer=counter,
    lend=settings.MASTHEAD.proxy_cache_seconds,
)
_trusted = networks(tuple(settings.MASTHEAD.trusted_proxies))


def application(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """The WSGI application."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        bodies.watched(environ)
    if not environ.keys().isdisjoint(CLAIMS):
        judge_forwarded(environ)
    return cache(environ, start_response)


def judge_forwarded(environ: Environ) -> None:
    """Believe what a trusted proxy says of its client; forget what anybody else says, but for that it was said.

    Afterwards none of it is left. `masthead.forged` marks what came from a peer that is not trusted.
    """
    peer = environ.get("REMOTE_ADDR", "")
    forwarded, scheme, host, *_ = [environ.pop(name, "") for name in CLAIMS]
    if client_address(peer, "probe", _trusted) == peer:
        environ["masthead.forged"] = True
        return
    environ["REMOTE_ADDR"] = client_address(peer, forwarded, _trusted)
    if scheme in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    if host:
        environ["HTTP_HOST"] = host


def _keep_house() -> None:
    """Write the readings every few seconds; notice what other machines changed, where there may be others."""
    flushed = published = time.monotonic()
    counter.hand_over()  # none yet: makes this process known to the one that settles
    while True:
        time.sleep(SEND_SECONDS)
        try:
            if connection.vendor != "sqlite":
                generation.refresh()
            counter.hand_over()
            if time.monotonic() - flushed >= FLUSH_SECONDS:
                flushed = time.monotonic()
                _keeper.flush()
            if time.monotonic() - published >= numbers.PUBLISH_SECONDS:
                published = time.monotonic()
                numbers.publish(settings.MASTHEAD.home, "web")
        except Exception:
            log.exception("the web process could not look after itself; trying again")
        close_old_connections()


def _register() -> None:
    read = cache.metrics
    for name, help in (
        ("hits", "Pages answered from memory."),
        ("misses", "Pages that were not in memory, or out of date."),
        ("stale", "Pages answered from memory although out of date, while or because a new one could not be had."),
        ("not_modified", "Answers 304."),
        ("passed", "Requests that are never kept."),
    ):
        metrics.register(f"masthead_page_cache_{name}_total", "counter", help, partial(getattr, read, name))
    metrics.register(
        "masthead_requests_total", "counter", "Requests by the status of their answer.",
        lambda: dict(read.statuses), label="status",
    )  # fmt: skip
    metrics.register("masthead_page_cache_bytes", "gauge", "Memory of the ready pages.", lambda: cache.shelf.size)
    metrics.register(
        "masthead_page_cache_making_share", "gauge", "Share of the time spent making pages; 1: one thread.",
        lambda: cache.pressure.share(time.monotonic()),
    )  # fmt: skip
    metrics.register("masthead_page_cache_pages", "gauge", "Ready pages.", lambda: len(cache.shelf))


_register()
if os.environ.get("MASTHEAD_PROCESS") == "web":
    die_with_parent()
    numbers.watch_process("web")
    threading.Thread(target=_keep_house, name="keep-house", daemon=True).start()
    # The server's worker leaves by way of multiprocessing, which knows no atexit.
    util.Finalize(None, partial(_keeper.flush, last=True), exitpriority=10)
    atexit.register(_keeper.flush, last=True)
