"""The client against a scripted server: what goes over the wire, and what is made of what comes back."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from masthead.core.fetch import Client, ClientOptions, FetchRequest, Validators
from masthead.core.fetch.addresses import machine_of
from masthead.core.types import FetchResult

from .faultserver import drip, endless

OPTIONS = ClientOptions("Masthead/test (+https://news.example/about)", ("127.0.0.0/8",), gap=0.0, deadline=5.0)


def get(*requests: FetchRequest | str, options: ClientOptions = OPTIONS) -> list[FetchResult]:
    """All results, in the order of the requests."""

    async def run() -> list[FetchResult]:
        async with Client(options) as client:
            wanted = [FetchRequest(r) if isinstance(r, str) else r for r in requests]
            return list(await asyncio.gather(*(client.fetch(request) for request in wanted)))

    return asyncio.run(run())


def test_1_and_11_and_12_and_13_a_plain_request(publisher: Any, reply: Any) -> None:
    publisher.on("/feed", reply(body=b"<rss/>", headers=[("Set-Cookie", "spy=1"), ("Content-Type", "text/xml")]))
    first, second = get(publisher.url()), get(publisher.url())
    assert first[0].ok and first[0].body == b"<rss/>" and first[0].address == "127.0.0.1"
    assert second[0].headers["content-type"] == "text/xml"
    assert len(publisher.asked) == 2
    for asked in publisher.asked:
        assert asked.method == "GET"
        assert asked.headers["user-agent"] == "Masthead/test (+https://news.example/about)"
        assert asked.headers["accept-encoding"] == "gzip, deflate, br, zstd"
        unwanted = {"cookie", "referer", "cache-control", "pragma", "if-none-match", "if-modified-since", "a-im"}
        assert not unwanted & set(asked.headers)


@pytest.mark.parametrize("etag", ['"abc"', 'W/"a,b;c"', "bare", '"quo\\"ted"', 'W/"' + "x" * 900 + '"', '"naïve"'])
def test_3_an_etag_goes_back_byte_for_byte(publisher: Any, reply: Any, etag: str) -> None:
    publisher.on("/feed", reply(body=b"<rss/>", headers=[("ETag", etag.encode())]))
    [first] = get(publisher.url())
    publisher.on("/feed", reply(304))
    [second] = get(FetchRequest(publisher.url(), etag=first.headers["etag"]))
    assert second.not_modified and second.status == 304 and not second.ok
    sent = dict(publisher.asked[-1].raw_headers)
    assert sent[b"If-None-Match"] == etag.encode()


@pytest.mark.parametrize("date", ["Mon, 23 Nov 2026 10:00:00 GMT", "yesterday, about noon", "0", "2026-11-23"])
def test_2_and_4_last_modified_goes_back_byte_for_byte(publisher: Any, reply: Any, date: str) -> None:
    publisher.on("/feed", reply(304))
    [result] = get(FetchRequest(publisher.url(), etag='"e"', last_modified=date))
    assert result.not_modified
    assert publisher.asked[-1].headers["if-modified-since"] == date
    assert publisher.asked[-1].headers["if-none-match"] == '"e"'


def test_a_validator_that_is_no_text_is_dropped(publisher: Any, reply: Any) -> None:
    publisher.on("/feed", reply(body=b"x", headers=[("ETag", b'"\xff\xfe"')]))
    assert "etag" not in get(publisher.url())[0].headers


def test_10_validators_are_for_one_address(publisher: Any, reply: Any) -> None:
    publisher.on("/old", reply(301, headers=[("Location", "/new")]))
    publisher.on("/new", lambda asked: reply(304) if "if-none-match" in asked.headers else reply(body=b"x"))
    [result] = get(FetchRequest(publisher.url("/old"), etag='"old"', last_modified="then"))
    assert result.body == b"x" and result.final_url == publisher.url("/new")
    assert "if-none-match" not in publisher.asked_for("/new")[0].headers
    assert "if-modified-since" not in publisher.asked_for("/new")[0].headers
    elsewhere = {publisher.url("/new"): Validators('"new"')}
    [result] = get(FetchRequest(publisher.url("/old"), etag='"old"', elsewhere=elsewhere))
    assert result.not_modified
    assert publisher.asked_for("/new")[1].headers["if-none-match"] == '"new"'


def test_11_credentials_stay_with_their_host(publisher: Any, reply: Any) -> None:
    target = publisher.url("/there", host="other.localhost")
    publisher.on("/here", reply(302, headers=[("Location", target)]))
    publisher.on("/there", reply(302, headers=[("Location", publisher.url("/end"))]))
    publisher.on("/end", reply(body=b"x"))
    address = f"http://user:pass@127.0.0.1:{publisher.port}/here"
    [result] = get(FetchRequest(address, headers={"X-Token": "secret"}))
    assert result.ok
    here, there, end = publisher.asked
    assert here.headers["authorization"].startswith("Basic ") and here.headers["x-token"] == "secret"
    assert "authorization" not in there.headers and "x-token" not in there.headers
    assert "authorization" in end.headers
    assert "user" not in result.final_url


def test_a_304_that_nobody_asked_for_is_an_error(publisher: Any, reply: Any) -> None:
    publisher.on("/feed", reply(304))
    [result] = get(publisher.url())
    assert (result.status, result.error) == (0, "protocol")


def test_redirects_are_told_hop_by_hop_and_end_somewhere(publisher: Any, reply: Any) -> None:
    for n in range(8):
        publisher.on(f"/{n}", reply(308 if n % 2 else 302, headers=[("Location", f"/{n + 1}")], body=b"moved"))
    publisher.on("/8", reply(body=b"end"))
    [near, far] = get(publisher.url("/3"), publisher.url("/0"))
    assert near.body == b"end"
    assert [(hop.status, hop.target.rsplit("/", 1)[1]) for hop in near.redirects] == [
        (308, "4"), (302, "5"), (308, "6"), (302, "7"), (308, "8"),
    ]  # fmt: skip
    assert far.error == "redirects" and "more than 5" in far.error_detail
    publisher.on("/loop", reply(302, headers=[("Location", "/pool")]))
    publisher.on("/pool", reply(302, headers=[("Location", "/loop")]))
    [loop] = get(publisher.url("/loop"))
    assert loop.error == "redirects" and "circle" in loop.error_detail


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://10.0.0.1/", "address"),
        ("http://169.254.169.254/latest/meta-data/", "address"),
        ("http://[::1]/", "address"),
        ("http://[64:ff9b::a9fe:a9fe]/", "address"),
        ("http://2130706433/", "address"),
        ("//10.1.1.1/x", "address"),
        ("file:///etc/passwd", "scheme"),
        ("ftp://news.example/", "scheme"),
        ("data:text/xml,<rss/>", "scheme"),
        # No addresses at all: refused in words, and no fault of ours in the log.
        ("http://[::1.2.3.]/", "address"),
        ("http://[paper.example", "address"),
        ("http://paper.example:port/", "address"),
    ],
)
def test_37_a_redirect_leads_nowhere_private(publisher: Any, reply: Any, location: str, code: str) -> None:
    publisher.on("/feed", reply(302, headers=[("Location", location)]))
    [result] = get(publisher.url())
    assert (result.status, result.error) == (0, code), result.error_detail
    assert len(publisher.asked) == 1


def test_without_permission_loopback_is_never_connected_to(publisher: Any, reply: Any) -> None:
    publisher.on("/feed", reply(body=b"secret"))
    closed = replace(OPTIONS, allowed=())
    hosts = ("127.0.0.1", "localhost", "gazette.localhost", "[::ffff:127.0.0.1]")
    results = get(*(publisher.url(host=host) for host in hosts), options=closed)
    assert [result.error for result in results] == ["address"] * 4
    assert publisher.asked == []


def test_the_address_that_is_connected_to_is_checked(publisher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that says one thing to the check and another to the connection finds the guard at the socket."""
    from masthead.core.fetch import connect

    async def rebound(self: Any, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr(connect.GuardedResolver, "resolve", rebound)
    [result] = get(publisher.url(host="rebind.example"), options=replace(OPTIONS, allowed=()))
    assert result.error == "address" and "127.0.0.1" in result.error_detail
    assert publisher.asked == []


def test_13_codings_and_bombs(publisher: Any, reply: Any) -> None:
    bomb = gzip.compress(bytes(2_000_000))
    publisher.on("/good", reply(body=gzip.compress(b"<rss/>"), headers=[("Content-Encoding", "gzip")]))
    publisher.on("/bomb", reply(body=bomb, headers=[("Content-Encoding", "gzip")]))
    publisher.on("/cut", reply(body=bomb[:-20], headers=[("Content-Encoding", "gzip")]))
    publisher.on("/moved", reply(302, headers=[("Location", "/bomb"), ("Content-Encoding", "gzip")], body=bomb))
    good, bombed, cut, moved = get(
        *(FetchRequest(publisher.url(path), max_bytes=1_000_000) for path in ("/good", "/bomb", "/cut", "/moved"))
    )
    assert good.body == b"<rss/>"
    assert (bombed.error, bombed.body) == ("too-large", b"")
    assert cut.error in ("coding", "too-large")
    assert moved.error == "too-large"


def test_33_size_is_limited(publisher: Any, reply: Any) -> None:
    publisher.on("/announced", reply(body=b"x" * 2000))
    publisher.on("/endless", endless)
    announced, chunks = get(
        FetchRequest(publisher.url("/announced"), max_bytes=1000),
        FetchRequest(publisher.url("/endless"), max_bytes=1_000_000),
    )
    assert announced.error == "too-large" and chunks.error == "too-large"


def test_33_one_deadline_for_all_of_it(publisher: Any, reply: Any) -> None:
    async def silence(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async def late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.7)
        writer.write(reply(302, headers=[("Location", "/body")]).wire())

    publisher.on("/head", drip(b"HTTP/1.1 200 OK\r\nX-Slow: "))
    publisher.on("/body", drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"))
    publisher.on("/silence", silence)
    publisher.on("/hops", late)
    started = time.monotonic()
    names = ("head", "body", "silence", "hops")
    urls = [publisher.url(f"/{name}", host=f"{name}.localhost") for name in names]
    results = get(*urls, options=replace(OPTIONS, deadline=1.0))
    assert [result.error for result in results] == ["timeout"] * 4
    assert time.monotonic() - started < 15.0, "the servers are silent for thirty"


def test_33_the_deadline_holds_for_the_look_up_of_a_name_and_hanging_ones_hold_up_nobody(
    publisher: Any, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty names whose servers never answer, more than there are places; the good host is asked at once."""
    release = threading.Event()

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        if host.endswith("hang.example"):
            release.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    publisher.on("/feed", reply(body=b"x"))
    good = publisher.url(host="good.example")

    async def run() -> tuple[FetchResult, list[FetchResult]]:
        async with Client(replace(OPTIONS, concurrency=16, deadline=6.0)) as client:
            urls = [publisher.url(host=f"n{n}.hang.example") for n in range(40)]
            hanging = [asyncio.create_task(client.fetch(FetchRequest(url))) for url in urls]
            await asyncio.sleep(0.1)
            first = await client.fetch(FetchRequest(good))
            assert not any(task.done() for task in hanging), "it was not asked after them"
            return first, list(await asyncio.gather(*hanging))

    try:
        first, hanging = asyncio.run(run())
    finally:
        release.set()
    assert first.ok
    assert {result.error for result in hanging} == {"timeout"}
    assert all(5.5 < result.elapsed < 30 for result in hanging)


@pytest.mark.parametrize(("address_gap", "spaced"), [(0.2, True), (0.0, False)])
def test_29_many_hosts_at_one_address_are_asked_one_after_the_other(
    publisher: Any, reply: Any, monkeypatch: pytest.MonkeyPatch, address_gap: float, spaced: bool
) -> None:
    """Also at their first sight, when nobody knows yet where they stand; a name is looked up once for it."""
    looked_up: list[str] = []

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    publisher.on("/feed", reply(body=b"x"))
    hosts = [f"paper{n}.example" for n in range(5)]
    options = replace(OPTIONS, gap=0.6, address_gap=address_gap)
    assert all(result.ok for result in get(*(publisher.url(host=host) for host in hosts), options=options))
    moments = sorted(asked.at for asked in publisher.asked)
    gaps = [later - sooner for sooner, later in itertools.pairwise(moments)]
    assert all(gap > 0.17 for gap in gaps) if spaced else sum(gaps) < 0.17 * len(gaps)
    assert sorted(looked_up) == hosts


def test_29_waiting_for_an_address_is_no_part_of_the_deadline(publisher: Any, reply: Any) -> None:
    publisher.on("/feed", reply(body=b"x"))
    options = replace(OPTIONS, gap=0.4, address_gap=0.4, deadline=0.5)
    urls = [publisher.url(host=f"paper{n}.localhost") for n in range(4)]
    assert [result.error for result in get(*urls, options=options)] == [None] * 4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_29_one_machine_has_one_ipv4_address_or_a_network_of_ipv6(one: str, other: str, same: bool) -> None:
    assert (machine_of(one) == machine_of(other)) is same


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        (b"", "protocol"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbroken", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "protocol"),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1_000_000 + b"\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n", "protocol"),
    ],
)
def test_servers_that_do_not_speak_http(publisher: Any, wire: bytes, code: str) -> None:
    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(wire)

    publisher.on("/feed", speak)
    [result] = get(publisher.url())
    assert (result.status, result.error) == (0, code)
    assert result.error_detail


def test_names_ports_and_certificates_that_fail(publisher: Any) -> None:
    unknown, closed, plain = get(
        "http://no-such-name.invalid/feed", "http://a.localhost:1023/feed", f"https://127.0.0.1:{publisher.port}/feed"
    )
    assert [result.error for result in (unknown, closed, plain)] == ["dns", "refused", "tls"]


def test_29_one_connection_a_host_a_gap_and_keep_alive(publisher: Any, reply: Any) -> None:
    for n in range(4):
        publisher.on(f"/{n}", reply(body=b"x"))
    results = get(*(publisher.url(f"/{n}") for n in range(4)), options=replace(OPTIONS, gap=0.2))
    assert all(result.ok for result in results)
    assert publisher.most_under_way == 1
    starts = sorted(asked.at for asked in publisher.asked)
    assert all(later - sooner >= 0.195 for sooner, later in itertools.pairwise(starts))
    assert len({asked.connection for asked in publisher.asked}) == 1


def test_hosts_do_not_wait_for_each_other(publisher: Any, reply: Any) -> None:
    """30 % of the servers say nothing; the others are read at once, although there are more silent ones than places."""

    async def silence(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    publisher.on("/silent", silence)
    publisher.on("/good", reply(body=b"x"))
    silent = [publisher.url("/silent", host=f"s{n}.localhost") for n in range(12)]
    good = [publisher.url("/good", host=f"g{n}.localhost") for n in range(28)]
    options = replace(OPTIONS, concurrency=4, deadline=6.0)
    done: dict[str, float] = {}
    ended: dict[str, float] = {}

    async def run() -> None:
        async with Client(options) as client:

            async def one(url: str) -> None:
                result = await client.fetch(FetchRequest(url))
                (done if result.ok else ended)[url] = time.monotonic()

            await asyncio.gather(*(one(url) for url in silent + good))

    asyncio.run(run())
    assert len(done) == 28
    assert max(done.values()) < min(ended.values()), "a place is held up for a second, not for the deadline"


def test_16_a_feed_goes_before_pages_and_pictures_of_its_host(publisher: Any, reply: Any) -> None:
    for n in range(6):
        publisher.on(f"/picture{n}", reply(body=b"x"))
    publisher.on("/feed", reply(body=b"x"))
    pictures = [FetchRequest(publisher.url(f"/picture{n}"), kind="image") for n in range(6)]
    get(*pictures, FetchRequest(publisher.url("/feed")), options=replace(OPTIONS, gap=0.05))
    assert [asked.path for asked in publisher.asked].index("/feed") <= 1


def test_a_pause_holds_for_those_who_wait_already(publisher: Any, reply: Any) -> None:
    from datetime import UTC, datetime, timedelta

    publisher.on("/feed", reply(body=b"x"))

    async def run() -> list[FetchResult]:
        async with Client(replace(OPTIONS, gap=0.3)) as client:
            tasks = [asyncio.create_task(client.fetch(FetchRequest(publisher.url()))) for _ in range(3)]
            await asyncio.sleep(0.1)
            client.hosts.pause("127.0.0.1", datetime.now(UTC) + timedelta(hours=1))
            return list(await asyncio.gather(*tasks))

    results = asyncio.run(run())
    assert sorted(result.error or "" for result in results) == ["", "paused", "paused"]
    assert len(publisher.asked) == 1


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again(publisher: Any, reply: Any) -> None:
    async def closes_behind_our_back(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx")

    publisher.on("/feed", closes_behind_our_back)

    async def run() -> list[FetchResult]:
        async with Client(OPTIONS) as client:
            return [await client.fetch(FetchRequest(publisher.url())) for _ in range(5)]

    assert [result.body for result in asyncio.run(run())] == [b"x"] * 5


def test_15_a_server_that_hangs_up_is_not_asked_again(publisher: Any) -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        return

    publisher.on("/feed", hang_up)
    [result] = get(publisher.url())
    assert result.error == "protocol"
    assert len(publisher.asked) == 1


@pytest.mark.parametrize(("method", "error", "asked"), [("POST", "redirects", 0), ("GET", None, 1)])
def test_what_is_sent_under_tls_does_not_go_on_in_the_clear(
    publisher: Any, reply: Any, method: str, error: str | None, asked: int
) -> None:
    class Redirected(Client):
        """Its https addresses answer with a redirect to the publisher, which speaks plain http."""

        async def _exchange(self, journey: Any) -> Any:
            if journey.target.scheme == "https":
                return SimpleNamespace(status=307, headers={}, body=b"", location=publisher.url("/hub"))
            return await super()._exchange(journey)

    async def run() -> FetchResult:
        async with Redirected(OPTIONS) as client:
            return await client.fetch(FetchRequest("https://hub.example/", method=method, body=b"hub.secret=s"))

    publisher.on("/hub", reply(202))
    assert asyncio.run(run()).error == error
    assert len(publisher.asked) == asked
