"""Invented publishers on loopback that know what the site has acknowledged.

Each feed shows one edition at a time. Only a request that names the edition's ETag says that the site has it: then its
items count as acknowledged, and the next edition takes its place, so that whatever is lost from then on is lost for
good and is missed.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = tuple(
    """
harbour council bridge market orchard lantern valley museum railway weather festival library bakery ferry mayor
quarry theatre garden school river tunnel castle windmill auction choir regatta vineyard glacier
""".split()  # noqa: SIM905
)
ITEMS = 2


def marker(feed: int, edition: int, place: int) -> str:
    """The word by which an item is known again wherever it turns up."""
    return f"zq{feed:02d}x{edition:04d}x{place}"


@dataclass
class _Shown:
    """What a feed shows, and what was acknowledged of it. `padding`: bytes by which its document is longer."""

    edition: int = 0
    asked: list[tuple[float, str]] = field(default_factory=list)
    padding: int = 0


class Press:
    """`press.url(n)`; `press.acknowledged()`; `press.sent()`. While `moving` is off, no new edition comes out."""

    def __init__(self, feeds: int, seed: int) -> None:
        self.feeds, self.seed, self.moving = feeds, seed, True
        self._shown = [_Shown() for _ in range(feeds)]
        self._acknowledged: set[str] = set()
        self._sent: set[str] = set()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("0.0.0.0", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()

    def url(self, number: int) -> str:
        """Every feed has a host of its own."""
        return f"http://127.0.0.{number + 2}:{self._server.server_port}/feed"

    def acknowledged(self) -> set[str]:
        with self._lock:
            return set(self._acknowledged)

    def sent(self) -> set[str]:
        """Markers of all items that went out at least once."""
        with self._lock:
            return set(self._sent)

    def requests(self, number: int) -> list[float]:
        """When (by the steady clock) a feed was asked."""
        with self._lock:
            return [at for at, _ in self._shown[number].asked]

    def publish(self, number: int) -> set[str]:
        """Bring out a new edition, whatever was acknowledged of the last; its markers."""
        with self._lock:
            shown = self._shown[number]
            shown.edition += 1
            return {marker(number, shown.edition, place) for place in range(ITEMS)}

    def swell(self, number: int, size: int) -> None:
        """Make a feed's document longer by so many bytes."""
        with self._lock:
            self._shown[number].padding = size

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, host: str, given: str) -> tuple[int, str, bytes]:
        """Status, ETag and document for a request that names `given` as what it has."""
        number = int(host.partition(":")[0].rpartition(".")[2]) - 2
        with self._lock:
            shown = self._shown[number]
            shown.asked.append((time.monotonic(), given))
            etag = f'"{number}-{shown.edition}"'
            if given == etag:
                self._acknowledged |= {marker(number, shown.edition, place) for place in range(ITEMS)}
                if not self.moving:
                    return 304, etag, b""
                shown.edition += 1
                etag = f'"{number}-{shown.edition}"'
            markers = [marker(number, shown.edition, place) for place in range(ITEMS)]
            self._sent.update(markers)
            return 200, etag, _document(number, markers, self.seed, shown.padding)

    def _handler(press) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, etag, body = press.answer(self.headers["Host"], self.headers.get("If-None-Match", ""))
                if self.path != "/feed":
                    status, body = 404, b""
                self.send_response(status)
                self.send_header("ETag", etag)
                if status == 200:
                    self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:
                    self.close_connection = True  # the one who asked was killed

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def _document(number: int, markers: list[str], seed: int, padding: int) -> bytes:
    items = []
    for word in markers:
        chance = random.Random(f"{seed} {word}")
        title = f"{' '.join(chance.sample(WORDS, 4)).capitalize()} {word}"
        text = "".join(
            f"<p>{word} {' '.join(chance.choices(WORDS, k=24)).capitalize()}.</p>" for _ in range(chance.randint(2, 5))
        )
        items.append(
            f"<item><title>{title}</title><link>http://paper{number}.example/{word}</link><guid>{word}</guid>"
            f"<description><![CDATA[{text}]]></description></item>"
        )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper {number}</title>'
        f"<link>http://paper{number}.example/</link><description>News</description>{''.join(items)}"
        f"<!-- {'.' * padding} --></channel></rss>"
    ).encode()
