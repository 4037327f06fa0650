"""Ready pages in memory: each as bytes in every coding asked for, with the headers that go with them."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache

import brotli

Headers = list[tuple[str, str]]
Key = tuple[str, str, str, str]

SOFT_LIFE = 3.0
"""Seconds that a page may go on being served after it was made, though the pipeline has brought something new; longer
while the machine is busy making pages (`pages.pressure`)."""
LONGEST_LIFE = 60.0
"""Seconds after which a page is made again in any case: it carries the date, the weather and ages."""
SMALLEST = 500
"""Bytes below which compression is not worth it."""
_COMPRESSIBLE = ("text/", "application/json", "application/feed+json", "application/xml", "application/manifest+json")
_OWN = {"content-length", "etag", "content-encoding", "vary", "connection", "date", "server"}


@dataclass(slots=True)
class Variant:
    """The page in one coding. `head` goes with a 304, `headers` with a 200."""

    etag: str
    headers: Headers
    head: Headers
    body: list[bytes]


@dataclass(slots=True)
class Page:
    """A page as Django answered it, and the change counter when it began to."""

    generation: tuple[int, int]
    made: float
    body: bytes
    headers: Headers
    digest: str = ""
    last_modified: str = ""
    variants: dict[str, Variant] = field(default_factory=dict)
    compressible: bool = False

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256(self.body).hexdigest()[:24]
        given = {name.lower(): value for name, value in self.headers}
        self.last_modified = given.get("last-modified", "")
        kind = given.get("content-type", "")
        self.compressible = len(self.body) >= SMALLEST and (kind.startswith(_COMPRESSIBLE) or "+xml" in kind)
        self.headers = [(name, value) for name, value in self.headers if name.lower() not in _OWN]
        if "cache-control" not in given:
            self.headers.append(("Cache-Control", "no-cache"))

    @property
    def size(self) -> int:
        return len(self.body) + sum(len(variant.body[0]) for variant in self.variants.values()) + 2_000

    def usable(self, generation: tuple[int, int], now: float, soft_life: float = SOFT_LIFE) -> bool:
        """Whether readers may get it as it is; `soft_life` seconds although the pipeline has brought something."""
        age = now - self.made
        if self.generation == generation:
            return age < LONGEST_LIFE
        return self.generation[1] == generation[1] and age < soft_life

    def variant(self, coding: str) -> Variant:
        """The page in "br", "gzip" or "" (identity), made when first asked for; an ETag each (RFC 9110 8.8.3)."""
        if not self.compressible:
            coding = ""
        found = self.variants.get(coding)
        return found if found is not None else self._make(coding)

    def _make(self, coding: str) -> Variant:
        body = self.body
        if coding == "br":
            body = brotli.compress(body, quality=5)
        elif coding == "gzip":
            body = gzip.compress(body, 6, mtime=0)
        etag = f'"{self.digest}{"-" + coding if coding else ""}"'
        head = [*self.headers, ("ETag", etag), ("Vary", "Accept-Encoding")]
        headers = [*head, ("Content-Length", str(len(body)))]
        if coding:
            headers.append(("Content-Encoding", coding))
        made = Variant(etag, headers, [pair for pair in head if pair[0].lower() != "content-type"], [body])
        self.variants[coding] = made
        return made


class Shelf:
    """The most recently used pages, bounded by their bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Page | None:
        # Without the lock: each of the two is one step for other threads, and a page that was trimmed between them is
        # still the page.
        page = self._pages.get(key)
        if page is not None:
            try:  # noqa: SIM105  suppress() would cost a ready page as much as the move
                self._pages.move_to_end(key)
            except KeyError:
                pass
        return page

    def put(self, key: Key, page: Page) -> None:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            self._trim()

    def trim(self) -> None:
        """After a page grew by a variant."""
        with self._lock:
            self._trim()

    def _trim(self) -> None:
        total = self._total()
        while total > self.limit and self._pages:
            _, gone = self._pages.popitem(last=False)
            total -= gone.size

    def drop(self, key: Key) -> None:
        with self._lock:
            self._pages.pop(key, None)

    @property
    def size(self) -> int:
        with self._lock:
            return self._total()

    def _total(self) -> int:
        # A list first, made in one step: `get` moves pages about meanwhile.
        return sum(page.size for page in list(self._pages.values()))

    def __len__(self) -> int:
        return len(self._pages)


@lru_cache(maxsize=512)
def coding_for(accepted: str) -> str:
    """What to send for an `Accept-Encoding` (RFC 9110 12.5.3): "br" before "gzip" before "" when equally welcome."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        _, _, number = parameter.strip().partition("=")
        try:
            weights[name.strip()] = float(number) if number else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    best, weight = "", 0.0
    for coding in ("br", "gzip"):
        given = weights.get(coding, weights.get("*", 0.0))
        if given > weight:
            best, weight = coding, given
    return best if weight >= weights.get("identity", 0.0) else ""


def clock() -> float:
    """Seconds that no clock change moves."""
    return time.monotonic()
