"""A scripted publisher for all tests of polling, and its documents."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from wsgiref.simple_server import make_server

import pytest
import time_machine

from masthead.feeds import client

from .hub import Hub, Quiet, Server
from .publisher import Publisher, Reply

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """The system's clock, standing still until it is moved."""
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def quick(settings: Any) -> Iterator[None]:
    """No gap between two requests to a host; the door to other servers is closed afterwards."""
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, host_gap=0.0, concurrency=8)
    yield
    client.close()


@pytest.fixture
def site(settings: Any, transactional_db: None) -> Iterator[None]:
    """The whole site behind a socket of its own: what answers hubs is what answers readers."""
    from masthead import wsgi
    from masthead.site.outlets import websub

    server = make_server("127.0.0.1", 0, wsgi.application, server_class=Server, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.MASTHEAD = dataclasses.replace(
        settings.MASTHEAD, host_gap=0.0, concurrency=8, base_url=f"http://127.0.0.1:{server.server_port}"
    )
    websub._taken.clear()
    yield
    client.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def hub(publisher: Publisher, reply: type[Reply]) -> Hub:
    return Hub(publisher, reply)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher()
    yield server
    server.close()


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def rss() -> Callable[..., bytes]:
    """An RSS 2.0 document: `rss({"title": ..., "link": ..., "guid": ...}, ..., channel="<ttl>60</ttl>")`."""

    def make(*items: dict[str, str], channel: str = "", title: str = "The Scripted Gazette") -> bytes:
        parts = ["<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in item.items()) + "</item>" for item in items]
        head = f"<title>{title}</title><link>http://gazette.example/</link><description>News</description>"
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{channel}{"".join(parts)}</channel></rss>'.encode()
        )

    return make


@pytest.fixture
def page(publisher: Publisher, reply: type[Reply], rss: Callable[..., bytes]) -> Callable[..., bytes]:
    """Put items into the feed at /feed, which names its hub and itself; returns the document."""

    def make(
        *items: dict[str, str], hub: str = "/hub", itself: str = "/feed", title: str = "The Gazette", **headers: str
    ) -> bytes:
        links = "".join(
            f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{rel}" href="{publisher.url(path)}"/>'
            for rel, paths in (("hub", hub), ("self", itself))
            for path in paths.split()
        )
        body = rss(*items, channel=links, title=title)
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        given: list[tuple[str, str | bytes]] = [("ETag", etag)]
        given += [(name.replace("_", "-"), value) for name, value in headers.items()]
        publisher.on(
            "/feed", lambda asked: reply(304 if asked.headers.get("if-none-match") == etag else 200, body, given)
        )
        return body

    return make
