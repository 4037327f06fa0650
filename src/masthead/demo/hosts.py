"""What each host of the sample newsroom answers."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from aiohttp import web

from masthead.demo import damage, feeds, sites, weather
from masthead.demo.markup import Desk, short_code
from masthead.demo.pictures import cached, icons
from masthead.demo.press import Press
from masthead.demo.timeline import Issued, Timeline

BUSY = "ledger"  # every fourth answer of its feed is 503
BUSY_SECONDS = 15
SLOW = "relay"  # its feed takes a while
SLOW_SECONDS = 1.2
ENDED = ("record", "/rss/classifieds.xml")
SHORTENER = "sht"
WEATHER = "weather"
_PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Newsroom:
    """The publishers behind one port. `port` is known once it listens."""

    def __init__(self, timeline: Timeline, pictures: Path, picture_width: int = 1600) -> None:
        self.timeline = timeline
        self.press: Press = timeline.press
        self.pictures = pictures
        self.picture_width = picture_width
        self.port = 0
        self._asked: dict[str, int] = {}
        self._short = {short_code(key): key for key in self.press.reports}

    def base(self, host: str) -> str:
        """The address of a host, without a final slash."""
        return f"http://{host}.localhost:{self.port}"

    def application(self) -> web.Application:
        """The web application that answers for all hosts."""
        application = web.Application(middlewares=[_headers])
        application.router.add_route("GET", "/{path:.*}", self._answer)
        return application

    def desk(self, publisher: str) -> Desk:
        return Desk(
            self.press,
            self.press.publishers[publisher],
            self.base(publisher),
            f"http://{SHORTENER}.localhost",  # without the port: real short links have none
            self.picture_width,
        )

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        host = (request.host or "").partition(":")[0].lower()
        name = host.removesuffix(".localhost")
        if name == WEATHER:
            return self._weather(request)
        if name == SHORTENER:
            return self._shortened(request)
        if name not in self.press.publishers or not host.endswith(".localhost"):
            raise web.HTTPMisdirectedRequest(text=f"no such host here: {host}")
        return await self._publisher(request, self.desk(name))

    async def _publisher(self, request: web.Request, desk: Desk) -> web.StreamResponse:
        publisher, path = desk.publisher, request.path
        if path == publisher.feed_path:
            return await self._feed(request, desk)
        if publisher.moved_from and path == publisher.moved_from:
            location = desk.base + publisher.feed_path
            return web.Response(status=publisher.moved_status, headers={"Location": location})
        if (publisher.key, path) == ENDED:
            return web.Response(status=410, text="The classifieds feed has ended.")
        if path == "/site.css":
            return _fresh(request, sites.style(), "text/css; charset=utf-8", self.timeline.opened)
        if publisher.mark and path in ("/favicon.ico", "/icon.png"):
            drawn, kind = (icons.ico, "image/x-icon") if path == "/favicon.ico" else (icons.png, "image/png")
            body = drawn(publisher.mark, publisher.accent, publisher.serif)
            return _fresh(request, body, kind, self.timeline.opened)
        if path == "/pixel.gif":
            return web.Response(body=_PIXEL, content_type="image/gif", headers={"Cache-Control": "no-store"})
        if path.startswith(("/media/", "/card/")):
            return await self._picture(request, desk)
        return self._page(request, desk)

    async def _feed(self, request: web.Request, desk: Desk) -> web.StreamResponse:
        key = desk.publisher.key
        asked = self._asked[key] = self._asked.get(key, 0) + 1
        if key == BUSY and asked % 4 == 0:
            return web.Response(
                status=503, headers={"Retry-After": str(BUSY_SECONDS)}, text="Too busy, come back later."
            )
        if key == SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        changed = self.timeline.changed_at(key)
        body = feeds.write(desk, self.timeline.of(key), changed)
        response = _fresh(request, body, feeds.TYPES[desk.publisher.format], changed)
        response.headers["Cache-Control"] = "max-age=5"
        return response

    def _page(self, request: web.Request, desk: Desk) -> web.StreamResponse:
        items = self.timeline.of(desk.publisher.key)
        if request.path == "/":
            changed = self.timeline.changed_at(desk.publisher.key)
            return _fresh(request, sites.home_page(desk, items), "text/html; charset=utf-8", changed)
        section, _, slug = request.path.strip("/").partition("/")
        item = self.timeline.find(desk.publisher.key, slug)
        if item is None or item.report.section != section or "page-gone" in self._kinds(item):
            return web.Response(status=404, body=sites.error_page(desk, 404), content_type="text/html", charset="utf-8")
        body = sites.article_page(desk, item, items)
        return _fresh(request, body, "text/html; charset=utf-8", item.updated or item.order)

    async def _picture(self, request: web.Request, desk: Desk) -> web.StreamResponse:
        parts = request.path.strip("/").removesuffix(".jpg").split("/")
        item = self.timeline.find(desk.publisher.key, parts[-1])
        width = int(parts[1]) if len(parts) == 3 and parts[1].isdigit() and 0 < int(parts[1]) <= 1600 else 800
        if item is None or not item.report.scene or "picture-gone" in self._kinds(item):
            return web.Response(status=404, text="no such picture")
        scene, seed = item.report.scene, item.report.event or item.report.slug
        body = await asyncio.to_thread(cached, self.pictures, scene, f"{desk.publisher.key}/{seed}", width)
        response = _fresh(request, body, "image/jpeg", self.timeline.opened)
        response.headers["Cache-Control"] = "max-age=86400"
        return response

    def _kinds(self, item: Issued) -> frozenset[str]:
        return damage.kinds_of(item.report, self.press)

    def _shortened(self, request: web.Request) -> web.StreamResponse:
        key = self._short.get(request.path.strip("/"))
        if key is None:
            return web.Response(status=404, text="This short link leads nowhere.")
        report = self.press.reports[key]
        return web.Response(status=302, headers={"Location": self.desk(report.publisher).page(report)})

    def _weather(self, request: web.Request) -> web.StreamResponse:
        if request.path != "/v1/forecast":
            return web.json_response({"error": True, "reason": "Not Found"}, status=404)
        try:
            answer = weather.forecast(request.query, datetime.now(UTC))
        except weather.BadQuestion as error:
            return web.json_response({"error": True, "reason": str(error)}, status=400)
        return web.json_response(answer)


@web.middleware
async def _headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What every answer carries: gzip for text when asked for, and the name of the server."""
    response = await handler(request)
    response.headers["Server"] = "newsroom"
    if (
        response.content_type.startswith(("text/", "application/"))
        and isinstance(response, web.Response)
        and response.body
    ):
        response.enable_compression()
        response.headers["Vary"] = "Accept-Encoding"
    return response


def _fresh(request: web.Request, body: bytes, content_type: str, changed: datetime) -> web.Response:
    """A 200 with validators, or 304 when the client has it already (RFC 9110, 13.2.2: If-None-Match goes first)."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    changed = changed.astimezone(UTC).replace(microsecond=0)
    headers = {"ETag": etag, "Last-Modified": format_datetime(changed, usegmt=True), "Cache-Control": "max-age=60"}
    wanted = request.headers.get("If-None-Match")
    if wanted is not None:
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        if etag in tags or "*" in tags:
            return web.Response(status=304, headers=headers)
    elif _not_since(request.headers.get("If-Modified-Since", ""), changed):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers={**headers, "Content-Type": content_type})


def _not_since(header: str, changed: datetime) -> bool:
    """Whether nothing changed since the instant of an If-Modified-Since header; a date that cannot be read says no."""
    try:
        since = parsedate_to_datetime(header)
    except ValueError:
        return False
    return since.tzinfo is not None and changed <= since
