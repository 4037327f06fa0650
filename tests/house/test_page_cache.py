"""The page cache against a small application that counts how often it is asked."""

from __future__ import annotations

import gzip
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

import brotli
import pytest

from masthead.pages import cache as page_cache
from masthead.pages.cache import PageCache, canonical
from masthead.pages.shelf import Key, Page, Shelf, coding_for

HTML = [("Content-Type", "text/html; charset=utf-8")]


class Site:
    """An application whose answer, headers and slowness the test sets; it remembers each request."""

    def __init__(self) -> None:
        self.body = b"<p>one</p>" * 200
        self.status = "200 OK"
        self.headers: list[tuple[str, str]] = list(HTML)
        self.asked: list[dict[str, Any]] = []
        self.pause = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        time.sleep(self.pause)
        start_response(self.status, list(self.headers))
        return [self.body]


class Observer:
    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []

    def observe(self, path: str, environ: dict[str, Any], status: str = "200 OK") -> None:
        self.told.append((path, environ["REQUEST_METHOD"], status[:3]))


class House:
    """A cache before a site, a counter that the test moves, and a clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self.observer = Site(), Observer()
        self.cache = PageCache(self.site, limit=10_000_000, observer=self.observer)
        self.generation, self.now = (0, 0), 1000.0
        monkeypatch.setattr(page_cache.generation, "current", lambda: self.generation)
        monkeypatch.setattr(page_cache, "clock", lambda: self.now)

    def get(
        self, path: str = "/", query: str = "", method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            **headers,
        }
        told: list[Any] = []
        body = b"".join(self.cache(environ, lambda status, headers, *rest: told.append((status, headers))))
        status, given = told[-1]
        return int(status.split()[0]), {name.lower(): value for name, value in given}, body


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    return House(monkeypatch)


def test_a_page_is_made_once_and_sent_in_each_coding_with_its_own_validator(house: House) -> None:
    _, plain, body = house.get()
    _, zipped, gz = house.get(HTTP_ACCEPT_ENCODING="gzip")
    _, brotlied, br = house.get(HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    assert len(house.site.asked) == 1
    assert body == house.site.body == gzip.decompress(gz) == brotli.decompress(br)
    assert zipped["content-encoding"] == "gzip" and brotlied["content-encoding"] == "br"
    assert len({plain["etag"], zipped["etag"], brotlied["etag"]}) == 3
    assert all(not headers["etag"].startswith("W/") for headers in (plain, zipped, brotlied))
    for headers, sent in ((plain, body), (zipped, gz), (brotlied, br)):
        assert headers["vary"] == "Accept-Encoding" and headers["content-length"] == str(len(sent))


def test_head_and_conditional_requests(house: House) -> None:
    house.site.headers.append(("Last-Modified", "Tue, 24 Nov 2026 00:00:00 GMT"))
    _, full, _ = house.get()
    status, head, body = house.get(method="HEAD")
    assert (status, body, head) == (200, b"", full)
    status, headers, body = house.get(HTTP_IF_NONE_MATCH=f'"x", W/{full["etag"]}')
    assert (status, body) == (304, b"") and headers["etag"] == full["etag"] and "content-length" not in headers
    assert house.get(HTTP_IF_NONE_MATCH='"other"', HTTP_IF_MODIFIED_SINCE="Wed, 25 Nov 2026 00:00:00 GMT")[0] == 200
    assert house.get(HTTP_IF_MODIFIED_SINCE="Tue, 24 Nov 2026 00:00:00 GMT")[0] == 304
    assert house.get(HTTP_IF_MODIFIED_SINCE="Mon, 23 Nov 2026 00:00:00 GMT")[0] == 200
    assert house.get(HTTP_IF_MODIFIED_SINCE="rubbish")[0] == 200
    assert len(house.site.asked) == 1


def test_while_making_pages_takes_much_of_the_time_pages_are_kept_longer(house: House) -> None:
    """Sixty pages of 0.2 s each, all out of date all the time: four threads' work for three seconds of freshness."""
    paths = [f"/article/{number}/" for number in range(60)]

    class Slow(Site):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            house.now += 0.2
            return super().__call__(environ, start_response)

    house.cache._application = house.site = Slow()
    ages: list[float] = []
    for second in range(240):
        house.now += 0.05
        house.generation = (second, 0)
        before = len(house.site.asked)
        house.get(paths[second % 60])
        ages.append(len(house.site.asked) > before)
    assert sum(ages[-60:]) < 40, "some are kept"
    assert 3.0 < house.cache.pressure.soft_life(house.now) <= 60.0
    # What must not be seen again is made anew at once, however busy.
    house.generation = (999, 1)
    before = len(house.site.asked)
    house.get(paths[0])
    assert len(house.site.asked) == before + 1
    # And when it is quiet again, three seconds are three seconds.
    house.now += 60
    assert house.cache.pressure.soft_life(house.now) == 3.0


def test_what_the_pipeline_brings_shows_within_three_seconds(house: House) -> None:
    house.get()
    house.site.body = b"two"
    house.generation = (1, 0)
    house.now += 2.9
    assert house.get()[2] != b"two"
    house.now += 0.2
    assert house.get()[2] == b"two"


def test_a_page_older_than_that_changes_at_once(house: House) -> None:
    house.get()
    house.now += 30
    house.site.body, house.generation = b"two", (1, 0)
    assert house.get()[2] == b"two"


def test_a_takedown_shows_at_once_even_while_the_site_fails(house: House) -> None:
    house.get()
    house.generation = (0, 1)
    house.site.status, house.site.body = "500 Internal Server Error", b"fault"
    assert house.get()[0] == 500
    house.site.status, house.site.body = "410 Gone", b"gone"
    assert house.get()[0] == 410


def test_the_last_good_page_stands_in_while_the_site_fails(house: House) -> None:
    good = house.get()[2]
    house.now += 30
    house.generation = (5, 0)
    house.site.status, house.site.body = "500 Internal Server Error", b"fault"
    assert house.get()[::2] == (200, good)
    asked = len(house.site.asked)
    assert house.get()[2] == good and len(house.site.asked) == asked  # not asked again within the second
    house.now += 1.1
    house.get()
    assert len(house.site.asked) == asked + 1
    assert house.cache.metrics.stale == 2


def test_no_page_lives_longer_than_a_minute(house: House) -> None:
    house.get()
    house.now += 61
    house.get()
    assert len(house.site.asked) == 2


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Set-Cookie", "a=b"),
        ("Cache-Control", "private"),
        ("Cache-Control", "no-store"),
        ("Vary", "Cookie"),
        ("Vary", "*"),
    ],
)
def test_what_belongs_to_one_reader_is_never_kept(house: House, header: str, value: str) -> None:
    house.site.headers.append((header, value))
    house.get()
    house.get()
    assert len(house.site.asked) == 2 and len(house.cache.shelf) == 0


@pytest.mark.parametrize("status", ["302 Found", "404 Not Found", "410 Gone", "503 Service Unavailable"])
def test_only_success_is_kept(house: House, status: str) -> None:
    house.site.status = status
    house.get()
    assert house.get()[0] == int(status[:3]) and len(house.site.asked) == 2


def test_cookies_and_credentials_do_not_reach_a_public_page(house: House) -> None:
    house.get(
        HTTP_COOKIE="masthead=secret", HTTP_AUTHORIZATION="Bearer x", HTTP_RANGE="bytes=0-1", HTTP_ACCEPT_LANGUAGE="ar"
    )
    assert not {"HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_ACCEPT_LANGUAGE"} & set(house.site.asked[0])
    house.get("/desk/", HTTP_COOKIE="masthead=secret")
    assert house.site.asked[1]["HTTP_COOKIE"] == "masthead=secret"


@pytest.mark.parametrize("path", ["/desk/", "/admin/", "/api/v1/", "/s/abc", "/healthz", "/metrics", "/media/x.webp"])
def test_private_paths_pass(house: House, path: str) -> None:
    house.get(path)
    house.get(path)
    assert len(house.site.asked) == 2


def test_the_key_keeps_pages_apart(house: House) -> None:
    requests: list[dict[str, str]] = [
        {"path": "/"},
        {"path": "/ar/"},
        {"path": "/", "query": "page=2"},
        {"path": "/", "HTTP_HOST": "localhost"},
        {"path": "/", "wsgi.url_scheme": "https"},
    ]
    for number, request in enumerate(requests):
        house.site.body = f"{number}".encode()
        house.get(**request)
    assert [house.get(**request)[2] for request in requests] == [b"0", b"1", b"2", b"3", b"4"]
    assert len(house.site.asked) == len(requests)


def test_unknown_parameters_neither_split_nor_poison_the_cache(house: House) -> None:
    house.get(query="utm_source=x&page=2")
    house.get(query="page=2&fbclid=1")
    assert [asked["QUERY_STRING"] for asked in house.site.asked] == ["page=2"]
    assert canonical("until=b&q=%C3%A4+x&q=last&z=1&page=") == "q=last&until=b"


def test_a_strange_host_is_never_kept(house: House) -> None:
    house.get(HTTP_HOST="evil.example")
    house.get(HTTP_HOST="evil.example")
    assert len(house.site.asked) == 2 and len(house.cache.shelf) == 0


def test_a_stampede_makes_the_page_once(house: House) -> None:
    house.site.pause = 0.2
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(house.get()[2])) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(house.site.asked) == 1 and answers == [house.site.body] * 12


def test_a_change_during_the_making_makes_it_out_of_date(house: House) -> None:
    real = house.site.__class__.__call__

    def change(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = real(house.site, environ, start_response)
        house.generation = (0, 1)
        return answer

    house.cache._application = change
    house.get()
    house.get()
    assert len(house.site.asked) == 2


def test_memory_is_bounded_and_the_least_used_goes_first(house: House) -> None:
    house.cache.shelf.limit = 20_000
    house.get("/kept")
    for number in range(20):
        house.get(f"/{number}")
        house.get("/kept")
    assert house.cache.shelf.size <= 20_000
    asked = len(house.site.asked)
    house.get("/kept")
    assert len(house.site.asked) == asked
    house.get("/0")
    assert len(house.site.asked) == asked + 1


def test_readings_are_told_cached_or_not(house: House) -> None:
    house.get("/article/1-x/")
    house.get("/article/1-x/")
    house.get("/article/1-x/", method="HEAD")
    house.get("/section/world/")
    house.site.status = "302 Found"
    house.get("/s/abc")
    house.site.status = "404 Not Found"
    house.get("/s/none")
    house.get("/article/2-none/")
    house.site.status = "301 Moved Permanently"
    house.get("/article/1-old/")
    house.get("/article/1-x/", method="POST")
    etag = house.get("/article/1-x/")[1]["etag"]
    house.get("/article/1-x/", HTTP_IF_NONE_MATCH=etag)
    assert house.observer.told == [
        ("/article/1-x/", "GET", "200"),
        ("/article/1-x/", "GET", "200"),
        ("/article/1-x/", "HEAD", "200"),
        ("/s/abc", "GET", "302"),
        ("/s/none", "GET", "404"),
        ("/article/2-none/", "GET", "404"),
        ("/article/1-old/", "GET", "301"),
        ("/article/1-x/", "POST", "301"),
        ("/article/1-x/", "GET", "200"),
        ("/article/1-x/", "GET", "304"),
    ]
    assert house.cache.metrics.hits == 4


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("", ""), ("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0, gzip", "gzip"), ("br;q=0.1, gzip;q=0.9", "gzip"),
     ("*", "br"), ("identity", ""), ("gzip;q=0.5, identity;q=1", ""), ("gzip;q=nonsense", ""), ("deflate", "")],
)  # fmt: skip
def test_the_coding_follows_what_the_reader_accepts(accepted: str, coding: str) -> None:
    assert coding_for(accepted) == coding


def test_pages_are_had_while_others_are_put_on_the_shelf_and_taken_off() -> None:
    """Reading takes no lock, and disturbs nobody who counts the bytes meanwhile."""
    shelf = Shelf(limit=200 * 2_100)
    keys: list[Key] = [("http", "testserver", f"/{number}/", "") for number in range(300)]
    stop = threading.Event()
    troubles: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                for key in keys:
                    shelf.get(key)
        except BaseException as error:
            troubles.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    readers = [threading.Thread(target=read) for _ in range(3)]
    try:
        for reader in readers:
            reader.start()
        for number in range(1_500):
            shelf.put(keys[number % 300], Page((0, 0), 0.0, b"x" * 50, list(HTML)))
    finally:
        stop.set()
        for reader in readers:
            reader.join()
        sys.setswitchinterval(before)
    assert not troubles and shelf.size <= shelf.limit


def test_pages_are_lent_to_a_proxy_but_for_those_whose_readers_are_counted(house: House) -> None:
    assert "x-accel-expires" not in house.get()[1], "not unless the site says so"
    house.cache = PageCache(house.site, limit=10_000_000, lend=3)
    assert house.get()[1]["x-accel-expires"] == "3"
    assert house.get(HTTP_ACCEPT_ENCODING="gzip")[1]["x-accel-expires"] == "3"
    assert "x-accel-expires" not in house.get("/article/12-a-report/")[1]
    house.site.status = "410 Gone"
    assert "x-accel-expires" not in house.get("/sections/gone/")[1]
    house.site.status, house.site.headers = "200 OK", [*HTML, ("Cache-Control", "private")]
    assert "x-accel-expires" not in house.get("/of-one-reader/")[1]
