"""A scripted publisher for all tests of polling, and its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .publisher import Publisher, Reply


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
