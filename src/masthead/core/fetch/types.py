"""What a fetch is asked for with. What comes back is `core.types.FetchResult`.

Codes of `FetchResult.error` besides those that its docstring lists: "paused" (the host asked for silence and nothing
was sent) and "coding" (the body does not follow its content coding).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["feed", "page", "image", "weather", "delivery"]
MAX_BYTES = 15_000_000

ACCEPT: Mapping[str, str] = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.3, */*;q=0.1",
    "page": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    "image": "image/avif, image/webp, image/png, image/jpeg, image/gif;q=0.8, image/*;q=0.5",
    "weather": "application/json",
    "delivery": "*/*",
}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask conditionally with (RFC 9110 section 8.8), byte for byte."""

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One wanted exchange.

    `etag` and `last_modified` are sent to `url` alone, as `If-None-Match` and `If-Modified-Since`; `elsewhere` holds
    those of addresses that `url` may redirect to. `headers` go to the host of `url` only. `max_bytes` caps the body,
    as sent and as decoded. `tag` is for the caller and is not looked at.
    """

    url: str
    kind: Kind = "feed"
    etag: str = ""
    last_modified: str = ""
    accept: str = ""
    max_bytes: int = MAX_BYTES
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    tag: object = None
    elsewhere: Mapping[str, Validators] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How all exchanges are made. The gaps, `deadline` and `silence` in seconds; `allowed` networks as text.

    `gap` is between two requests to one host, `address_gap` between two to one IP address, whatever their hosts.
    `silence` is how long a host is left alone after a 429 that names no time.
    """

    user_agent: str
    allowed: tuple[str, ...] = ()
    gap: float = 2.0
    address_gap: float = 0.25
    concurrency: int = 32
    deadline: float = 30.0
    max_redirects: int = 5
    silence: int = 900
