"""A small server for the browser tests: pages from `examples`, static files, pictures drawn on demand."""

from __future__ import annotations

import io
import mimetypes
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image, ImageDraw

import masthead.site
from masthead.pages import drawn
from masthead.site.render import POLICY, html
from masthead.site.views.archive import weeks_of
from masthead.site.views.errors import server_error_page
from masthead.site.views.front import WINDOWS as NAMES

from . import examples

WINDOWS = [(words, f"/popular/{name}/") for name, words in NAMES.items()]
STATIC = Path(masthead.site.__file__).parent / "static"


def _front(language: str) -> str:
    return html("front.html", examples.frame(language), page=examples.front(language), on_front=True, path="/")


def _archive(precision: str) -> str:
    page = examples.archive(precision)
    weekdays, weeks = weeks_of(page, "en")
    depth = "year" if precision == "month" else "month"
    return html(
        "archive.html",
        examples.frame(),
        page=page,
        title="November 2026",
        weekdays=weekdays,
        weeks=weeks,
        trail_depth=depth,
    )


def _in(language: str, template: str, **context: object) -> str:
    return html(template, examples.frame(language), **context)


PAGES: dict[str, Callable[[], str]] = {
    "/": lambda: _front("en"),
    "/ar/": lambda: _front("ar"),
    "/ru/": lambda: _front("ru"),
    "/empty": lambda: _in("en", "front.html", page=examples.types.FrontPage("en", None), on_front=True),
    "/article": lambda: _in("en", "article.html", page=examples.article()),
    "/article-old": lambda: _in("en", "article.html", page=examples.old_article()),
    "/article-ar": lambda: _in("ar", "article.html", page=examples.article("ar")),
    "/article-ru": lambda: _in("ru", "article.html", page=examples.article("ru")),
    "/section": lambda: _in(
        "en", "list.html", page=examples.listing(), popular=examples.front().popular, title="World"
    ),
    "/source": lambda: _in(
        "en", "source.html", page=examples.listing(source=examples.source("en", 0)), title="The Harbour Herald"
    ),
    "/story": lambda: _in("en", "story.html", page=examples.story()),
    "/story-ar": lambda: _in("ar", "story.html", page=examples.story("ar")),
    "/story-long": lambda: _in("en", "story.html", page=examples.long_story()),
    "/story-short": lambda: _in("en", "story.html", page=examples.short_story()),
    "/search": lambda: _in("en", "search.html", page=examples.search(), query_prefix="q=flood&"),
    "/search-none": lambda: _in("en", "search.html", page=examples.search(cards=(), suggestions=("flooding",))),
    "/search-ar": lambda: _in("ar", "search.html", page=examples.search(query="", cards=())),
    "/popular": lambda: _in("en", "popular.html", page=examples.popular(), windows=WINDOWS),
    "/popular-ar": lambda: _in("ar", "popular.html", page=examples.popular("week", 168), windows=WINDOWS),
    "/about": lambda: _in(
        "en", "about.html", contact="desk@courier.example", contact_url="mailto:desk@courier.example"
    ),
    "/about-front": lambda: _in("en", "about_front.html", parts=examples.standing()),
    "/about-front-ar": lambda: _in("ar", "about_front.html", parts=examples.standing("ar")),
    "/front-one": lambda: _in("en", "front.html", page=examples.first_report(), on_front=True),
    "/counting": lambda: _in("en", "counting.html", account=examples.counting()),
    "/counting-de": lambda: _in("de", "counting.html", account=examples.counting()),
    "/sources": lambda: _in("en", "sources.html", lines=examples.sources(), total=3),
    "/changes": lambda: _in("en", "changes.html", page=examples.changes()),
    "/changes-ar": lambda: _in("ar", "changes.html", page=examples.changes("ar")),
    "/archive": lambda: _archive("year"),
    "/archive-year": lambda: _archive("month"),
    "/archive-month": lambda: _archive("day"),
    "/day": lambda: _in("en", "day.html", page=examples.listing(), title="November 24, 2026", day=examples.NOW.date()),
    "/404": lambda: _in("en", "not_found.html", cards=examples.front().latest),
    "/410": lambda: _in("en", "gone.html", page=examples.tombstone()),
    "/500": lambda: server_error_page(),
}


@lru_cache
def drawing(index: int, width: int, kind: str) -> bytes:
    """A picture of hills that differ by index, in a coding of Pillow."""
    height = width * 9 // 16
    picture = Image.new("RGB", (width, height), (196 - index * 3, 205, 212 + index))
    pen = ImageDraw.Draw(picture)
    for layer in range(4):
        base = height * (0.42 + 0.16 * layer)
        points = [
            (x, base + height * 0.07 * ((x * 7 / width + index * 1.7 + layer * 2.3) % 2 - 1) ** 2) for x in range(width)
        ]
        shade = 150 - layer * 32
        pen.polygon([(0, height), *points, (width, height)], fill=(shade, shade + 8 - index, shade + 14))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def answer(path: str) -> tuple[int, str, bytes]:
    """Status, type and body for a path."""
    if path in PAGES:
        return 200, "text/html; charset=utf-8", PAGES[path]().encode()
    if path.startswith("/static/"):
        file = STATIC / path.removeprefix("/static/")
        if file.is_file() and file.resolve().is_relative_to(STATIC):
            return 200, mimetypes.guess_type(file.name)[0] or "application/octet-stream", file.read_bytes()
    if found := re.fullmatch(r"/media/(\d+)-(\d+)\.(avif|webp|jpeg)", path):
        index, width, kind = int(found[1]), int(found[2]), found[3]
        return 200, f"image/{kind}", drawing(index, width, kind)
    if found := re.fullmatch(r"/media/drawn/(\d+)\.svg", path):
        return 200, "image/svg+xml", drawn.svg(f"1-{found[1]}").encode()
    return 404, "text/plain", b"no such page"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, kind, body = answer(self.path.partition("?")[0])
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if kind.startswith("text/html"):
            self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: a failing test says what it asked for."""


@contextmanager
def running(port: int = 0) -> Iterator[str]:
    """The server in a thread; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
