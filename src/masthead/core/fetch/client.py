"""The one door to other people's servers: guarded, bounded, polite.

Redirects are followed by hand, each hop being a request of its own that is checked, waits its turn at its host, and
carries neither the credentials nor the validators of the hop before (RFC 9110 section 15.4).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace, TracebackType

import aiohttp
from yarl import URL

from masthead.core import codings
from masthead.core.fetch.addresses import Addresses
from masthead.core.fetch.connect import GuardedResolver, make_connector
from masthead.core.fetch.errors import Failed, explain
from masthead.core.fetch.guard import parse_networks
from masthead.core.fetch.hosts import Hosts, Paused, Slots
from masthead.core.fetch.room import NoRoom, Room, Share
from masthead.core.fetch.target import Target, TargetRefused, join, parse_target
from masthead.core.fetch.types import ACCEPT, ClientOptions, FetchRequest, Validators
from masthead.core.fetch.waiting import pause_after
from masthead.core.types import FetchResult, Redirect

log = logging.getLogger(__name__)

# A body that unpacks to more than this waits for room before it is unpacked.
_LARGE_BYTES = 1_000_000
# From this size on a body is unpacked beside the event loop.
_THREAD_BYTES = 65_536
# A look-up cannot be taken back, only not waited for: so many may hang at once, for each place, before others wait.
_LOOK_UPS, _LEAST_LOOK_UPS = 8, 64
_HEADER_BYTES = 32_768
_HEADER_COUNT = 200
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_NO_VALIDATORS = Validators()

Beyond = Callable[[str], contextlib.AbstractAsyncContextManager[None]]


@dataclass(slots=True)
class _Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    location: str = ""
    address: str | None = None


@dataclass(slots=True)
class _Journey:
    """One request on its way through its redirects. `left` is what remains of the deadline, in seconds."""

    request: FetchRequest
    share: Share
    left: float
    method: str
    target: Target
    first: Target
    redirects: list[Redirect] = field(default_factory=list)
    conditional: bool = False
    reused: bool = False

    @property
    def sends_body(self) -> bool:
        """Whether the next hop carries the request's body."""
        return self.method not in ("GET", "HEAD") and bool(self.request.body)


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Names in lower case, values as sent; repeated fields joined (RFC 9110 section 5.2)."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in response.raw_headers:
        name = raw_name.decode("latin-1").lower()
        try:
            value = raw_value.decode("utf-8")
        except UnicodeDecodeError:
            if name in ("etag", "last-modified"):
                # It could not be sent back byte for byte; without it the next request is merely unconditional.
                continue
            value = raw_value.decode("latin-1")
        value = value.replace("\x00", "")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _watch_reuse() -> aiohttp.TraceConfig:
    """Marks the journey whose request went over a kept connection."""

    async def mark(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
        context.trace_request_ctx.reused = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_reuseconn.append(mark)
    return trace


class Client:
    """Use as `async with Client(options) as client: result = await client.fetch(request)`."""

    def __init__(
        self, options: ClientOptions, *, tls: ssl.SSLContext | None = None, beyond: Beyond | None = None
    ) -> None:
        """`beyond`: takes a host's turn from other processes too, which fetch beside this one."""
        self.options = options
        self._beyond = beyond
        self.hosts = Hosts(options.gap)
        # Never farther apart than the requests to one host.
        self._addresses = Addresses(min(options.address_gap, options.gap))
        self._slots = Slots(options.concurrency)
        self.room = Room()
        self._tls = tls
        self._networks = parse_networks(options.allowed)

    async def __aenter__(self) -> Client:
        threads = max(_LEAST_LOOK_UPS, self._slots.most * _LOOK_UPS)
        self._resolver = GuardedResolver(self._networks, threads)
        self._session = aiohttp.ClientSession(
            connector=make_connector(self._resolver, self._networks),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
            max_headers=_HEADER_COUNT,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            trace_configs=[_watch_reuse()],
        )
        # The library would ask again after any connection that ends without an answer: a second request to a server
        # that is in trouble. `_once_more` does so only where the kept connection, not the server, may be at fault.
        self._session._retry_connection = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Make one exchange, redirects included. Never raises: what went wrong stands in the result."""
        async with self.exchange(request) as result:
            return result

    @contextlib.asynccontextmanager
    async def exchange(self, request: FetchRequest) -> AsyncIterator[FetchResult]:
        """The same as `fetch`; the body counts as held until the end of the block, and others wait for its room."""
        async with self.room.share() as share:
            yield await self._fetch(request, share)

    async def _fetch(self, request: FetchRequest, share: Share) -> FetchResult:
        started_at, started = datetime.now(UTC), time.monotonic()
        journey: _Journey | None = None
        try:
            target = parse_target(request.url)
            journey = _Journey(request, share, self.options.deadline, request.method, target, target)
            answer = await self._travel(journey)
        except TargetRefused as error:
            return self._failed(request, journey, started_at, started, Failed(error.code, str(error)))
        except Failed as error:
            return self._failed(request, journey, started_at, started, error)
        except Exception as error:
            log.exception("fetching %s failed in an unforeseen way", request.url)
            failure = Failed("protocol", f"{type(error).__name__}: {error}")
            return self._failed(request, journey, started_at, started, failure)
        return FetchResult(
            url=request.url,
            final_url=journey.target.url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            started_at=started_at,
            elapsed=time.monotonic() - started,
            redirects=tuple(journey.redirects),
            address=answer.address,
            not_modified=answer.status == 304,
        )

    def _failed(
        self,
        request: FetchRequest,
        journey: _Journey | None,
        started_at: datetime,
        started: float,
        failure: Failed,
    ) -> FetchResult:
        return FetchResult(
            url=request.url,
            final_url=journey.target.url if journey else request.url,
            status=0,
            headers=failure.headers,
            body=b"",
            started_at=started_at,
            elapsed=time.monotonic() - started,
            redirects=tuple(journey.redirects) if journey else (),
            error=failure.code,
            error_detail=str(failure),
        )

    async def _travel(self, journey: _Journey) -> _Answer:
        while True:
            answer = await self._hop(journey)
            if answer.status == 304 and not journey.conditional:
                raise Failed("protocol", f"{journey.target.host} answered 304 although nothing was asked conditionally")
            if answer.status not in _REDIRECTS or not answer.location:
                return answer
            here = journey.target.url
            target = parse_target(join(here, answer.location))
            journey.redirects.append(Redirect(answer.status, here, target.url))
            if len(journey.redirects) > self.options.max_redirects:
                raise Failed("redirects", f"{journey.first.host}: more than {self.options.max_redirects} redirects")
            if target.url == here or any(hop.url == target.url for hop in journey.redirects):
                raise Failed(
                    "redirects", f"{journey.first.host}: the redirects go round in a circle at {target.url[:200]}"
                )
            if answer.status == 303 or (answer.status in (301, 302) and journey.method == "POST"):
                journey.method = "GET"
            if journey.sends_body and journey.target.scheme == "https" and target.scheme != "https":
                raise Failed("redirects", f"what is sent under TLS does not go on in the clear, to {target.url[:200]}")
            journey.target = target

    async def _hop(self, journey: _Journey) -> _Answer:
        host = journey.target.host
        try:
            async with self.hosts.turn(host, journey.request.kind), self._turn_beyond(host):
                if self._addresses.gap:
                    async with self._under_way(journey):
                        address = await self._resolver.address_of(host, journey.target.port)
                    await self._addresses.turn(address)
                    self.hosts.check(host)
                async with self._under_way(journey):
                    answer = await self._once_more(journey)
                # While the turn is still ours: those who wait for the host are told before they start.
                silenced = pause_after(answer.status, answer.headers, datetime.now(UTC), silence=self.options.silence)
                if silenced is not None:
                    self.hosts.pause(host, silenced[0])
                return answer
        except Paused as pause:
            raise Failed("paused", f"{host}: {pause}") from pause

    @contextlib.asynccontextmanager
    async def _turn_beyond(self, host: str) -> AsyncIterator[None]:
        """The host's turn among all processes, where there are others. Raises `Paused`."""
        if self._beyond is None:
            yield
            return
        async with self._beyond(host):
            self.hosts.check(host)
            yield

    @contextlib.asynccontextmanager
    async def _under_way(self, journey: _Journey) -> AsyncIterator[None]:
        """A place among the requests under way, and what is left of the deadline. Raises `Failed`."""
        await self.room.calm()
        async with self._slots.take():
            started = time.monotonic()
            journey.share.begin()
            try:
                async with asyncio.timeout(journey.left):
                    yield
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                raise explain(error, journey.target, self.options.deadline) from error
            finally:
                journey.left = max(0.001, journey.left - (time.monotonic() - started))

    async def _once_more(self, journey: _Journey) -> _Answer:
        """The exchange; again when a kept connection turned out to be closed already (RFC 9112 section 9.3.1).

        Or to hold what a server sent beyond the length that it had announced, which is no answer to this request.
        """
        journey.reused = False
        try:
            return await self._exchange(journey)
        except (
            aiohttp.ServerDisconnectedError,
            ConnectionResetError,
            aiohttp.ClientOSError,
            aiohttp.ClientResponseError,
        ):
            if not journey.reused or journey.method not in ("GET", "HEAD"):
                raise
        return await self._exchange(journey)

    def _request_headers(self, journey: _Journey) -> dict[str, str]:
        request, target = journey.request, journey.target
        headers = {
            "User-Agent": self.options.user_agent,
            "Accept": request.accept or ACCEPT[request.kind],
            "Accept-Encoding": codings.ACCEPT_ENCODING,
        }
        if journey.sends_body:
            # What a body is goes wherever the body goes (RFC 9110 section 15.4.8).
            headers |= {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
        if target.origin == journey.first.origin:
            headers.update(request.headers)
            if journey.first.authorization:
                headers["Authorization"] = journey.first.authorization
        if target.url == journey.first.url:
            validators = Validators(request.etag, request.last_modified)
        else:
            validators = request.elsewhere.get(target.url, _NO_VALIDATORS)
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        journey.conditional = bool(validators) or "If-None-Match" in request.headers
        return headers

    async def _exchange(self, journey: _Journey) -> _Answer:
        share = journey.share
        try:
            with share.at_risk():
                answer, raw = await self._transfer(journey)
                await self._decode(answer, raw, journey)
        except NoRoom as error:
            pace = f"only {share.came} bytes in {share.active():.0f} seconds"
            detail = f"{journey.target.host} sent {pace}, and others needed the room"
            raise Failed("timeout", detail) from error
        await share.hold(len(answer.body))
        return answer

    async def _transfer(self, journey: _Journey) -> tuple[_Answer, bytes]:
        """The answer and its body as sent; a redirect's body is not looked at."""
        target, request = journey.target, journey.request
        async with self._session.request(
            method=journey.method,
            url=URL(target.url, encoded=True),
            headers=self._request_headers(journey),
            data=request.body if journey.sends_body else None,
            allow_redirects=False,
            ssl=self._tls if self._tls is not None else True,
            trace_request_ctx=journey,
        ) as response:
            connection = response.connection
            peer = connection.transport.get_extra_info("peername") if connection and connection.transport else None
            answer = _Answer(response.status, _headers(response))
            answer.address = str(peer[0]) if peer else self._resolver.known.get(target.host, target.host)
            answer.location = answer.headers.get("location", "")
            if response.status in _REDIRECTS and answer.location:
                await self._skip(response, journey.share)
                return answer, b""
            return answer, await self._read(response, request.max_bytes, journey.share)

    async def _decode(self, answer: _Answer, raw: bytes, journey: _Journey) -> None:
        stated, limit = answer.headers.get("content-encoding", ""), journey.request.max_bytes
        if not stated:
            answer.body = raw
            return
        try:
            try:
                answer.body = await self._unpack(raw, stated, min(limit, _LARGE_BYTES))
            except codings.TooLarge:
                if limit <= _LARGE_BYTES:
                    raise
                await journey.share.hold(len(raw) + limit)
                answer.body = await self._unpack(raw, stated, limit)
        except codings.TooLarge as error:
            detail = f"{journey.target.host}: more than {limit} bytes when unpacked"
            raise Failed("too-large", detail, answer.headers) from error
        except codings.BadCoding as error:
            raise Failed("coding", f"{journey.target.host}: {error}", answer.headers) from error

    async def _unpack(self, raw: bytes, stated: str, limit: int) -> bytes:
        if len(raw) > _THREAD_BYTES:
            return await asyncio.to_thread(codings.decode, raw, stated, limit)
        return codings.decode(raw, stated, limit)

    async def _skip(self, response: aiohttp.ClientResponse, share: Share) -> None:
        """Read the few bytes of a redirect so that the connection can be kept; close it when there are many."""
        try:
            await self._read(response, 16_384, share)
        except Failed:
            response.close()

    async def _read(self, response: aiohttp.ClientResponse, limit: int, share: Share) -> bytes:
        if (response.content_length or 0) > limit:
            response.close()
            detail = f"{response.url.host} announced {response.content_length} bytes; {limit} are taken"
            raise Failed("too-large", detail)
        body = bytearray()
        async for piece in response.content.iter_any():
            body += piece
            share.came = len(body)
            if len(body) > limit:
                response.close()
                raise Failed("too-large", f"{response.url.host} sent more than {limit} bytes")
            await share.hold(len(body))
        return bytes(body)
