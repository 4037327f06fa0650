"""A hub that is scripted, and the whole site on a socket of its own, where it calls back."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import http.client
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.db import connections


@dataclasses.dataclass
class Said:
    """What our callback answered."""

    status: int
    body: bytes
    headers: dict[str, str]


class Hub:
    """A hub: takes requests as `answers` says, calls back when told to."""

    def __init__(self, publisher: Any, reply: Any, path: str = "/hub") -> None:
        self.publisher, self.reply, self.path = publisher, reply, path
        self.answer: Any = reply(202)
        publisher.on(path, lambda asked: self.answer(asked) if callable(self.answer) else self.answer)

    @property
    def forms(self) -> list[dict[str, str]]:
        posts = [asked for asked in self.publisher.asked_for(self.path) if asked.method == "POST"]
        return [{name: values[0] for name, values in parse_qs(post.body.decode()).items()} for post in posts]

    @property
    def form(self) -> dict[str, str]:
        return self.forms[-1]

    def call(self, method: str, query: str = "", body: Any = None, **headers: str) -> Said:
        parts = urlsplit(self.form["hub.callback"])
        link = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=20)
        link.request(method, f"{parts.path}{query}", body, {name.replace("_", "-"): v for name, v in headers.items()})
        response = link.getresponse()
        said = Said(response.status, response.read(), {name.lower(): value for name, value in response.getheaders()})
        link.close()
        return said

    def verify(self, lease: str | None = "864000", **changed: str) -> Said:
        """Ask whether the subscription (or its end) is wanted."""
        form = self.form
        asked = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "kürbis & <b>17</b>"}
        if lease is not None:
            asked["hub.lease_seconds"] = lease
        return self.call("GET", "?" + urlencode(asked | {f"hub.{name}": value for name, value in changed.items()}))

    def push(self, body: bytes, method: str = "sha256", signature: str | None = None, **headers: str) -> Said:
        """Deliver, signed with the secret that we gave."""
        if signature is None:
            made = hmac.new(self.form["hub.secret"].encode(), body, getattr(hashlib, method))
            signature = f"{method}={made.hexdigest()}"
        headers = {"Content_Type": "application/rss+xml", **headers}
        return self.call("POST", "", body, **({"X_Hub_Signature": signature} if signature else {}), **headers)


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()
