"""A whole site as an operator runs it (`masthead serve`), readers who never stop asking, and an editor who writes."""

from __future__ import annotations

import http.client
import http.cookiejar
import itertools
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from chaos.house import House
from chaos.press import Press
from chaos.result import Result

PATIENCE = 120.0
"""Seconds after which something that should happen counts as never happening. A busy machine needs many."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    """Wait until it holds; how many seconds that took. Raises `TimeoutError` naming what did not come."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - started


class Site:
    """A running site. `with Site(house, press) as site:`"""

    def __init__(self, house: House, press: Press, **more: str) -> None:
        self.house, self.press, self.port = house, press, free_port()
        self._environment = {
            **house.environment,
            "MASTHEAD_WORKERS": "1",
            "MASTHEAD_BASE_URL": f"http://127.0.0.1:{self.port}",
            **more,
        }
        self.log = house.home.with_name(f"{house.home.name}-serve.log")
        self.readers = Readers(self)

    def __enter__(self) -> Site:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "masthead", "serve", "--bind", f"127.0.0.1:{self.port}"],
            env=self._environment, stdout=self.log.open("a"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_for(lambda: self.get("/readyz") == 200, "the first answer")
            wait_for(lambda: bool(self.number("SELECT count(*) FROM store_heartbeat")), "the pipeline")
            self.readers.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def stop(self) -> None:
        self.readers.stop()
        family = self.family()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for process in family:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()

    def family(self) -> list[psutil.Process]:
        """All processes of the site but the supervisor."""
        try:
            return psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def named(self, name: str) -> psutil.Process:
        """The supervised process of that name. Raises `TimeoutError`."""
        found: list[psutil.Process] = []

        def look() -> bool:
            for process in self.family():
                try:
                    line = process.cmdline()
                except psutil.Error:
                    continue
                if "masthead.serve.child" in line and name in line and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            return bool(found)

        wait_for(look, f"the process {name}")
        return found[0]

    def get(self, path: str) -> int:
        """The status of an answer that came whole; 0 when none did."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.house.home / "masthead.sqlite3", timeout=30)) as database:
            return database.execute(statement).fetchall()

    def number(self, statement: str) -> int:
        return int(self.rows(statement)[0][0])

    def news(self) -> float:
        """Wait until articles come out that were not there; how many seconds that took."""
        count = "SELECT count(*) FROM articles_article"
        before = self.number(count)
        return wait_for(lambda: self.number(count) >= before + 2, "news")


class Readers:
    """A reader who asks for pages, ten a second, and notes what did not come."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.asked = self.unanswered = 0
        self.silence = 0.0
        self.statuses: set[int] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self) -> None:
        newest = self._site.rows("SELECT id, slug FROM articles_article ORDER BY id DESC LIMIT 3")
        self._paths = ["/", "/latest/", "/feed.atom", *(f"/article/{pk}-{slug}/" for pk, slug in newest)]
        for path in self._paths:  # cached, where it may be
            wait_for(lambda path=path: self._site.get(path) == 200, path)  # type: ignore[misc]
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(15)

    def tell(self, result: Result) -> None:
        """Add what was seen to a result."""
        result.asked += self.asked
        result.unanswered += self.unanswered
        result.silence = max(result.silence, self.silence)

    def _read(self) -> None:
        last = time.monotonic()
        for path in itertools.cycle(self._paths):
            if self._stopping.is_set():
                return
            status = self._site.get(path)
            self.asked += 1
            now = time.monotonic()
            self.silence = max(self.silence, now - last)
            if status == 200:
                last = now
            else:
                self.unanswered += 1
                self.statuses.add(status)
            time.sleep(0.1)


class Desk:
    """An editor who makes one section after the other; those that were confirmed are in `confirmed`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.confirmed: list[str] = []
        self.refused = 0
        self._numbers = itertools.count(1)
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), _NoRedirect()
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def start(self) -> None:
        if not self._log_in():
            raise RuntimeError("nobody can log in")
        self._thread.start()

    def _log_in(self) -> bool:
        led = self._post("/desk/login/", {"username": "chief", "password": "chaos chaos chaos"})
        return led.startswith("/desk/") and not led.startswith("/desk/login/")

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(60)

    def check(self) -> None:
        """Every confirmed section is there exactly once. Raises `AssertionError`."""
        there = [name for (name,) in self._site.rows("SELECT name FROM pages_section WHERE name LIKE 'Chaos %'")]
        missing = [name for name in self.confirmed if there.count(name) != 1]
        if missing or len(set(there)) != len(there):
            raise AssertionError(f"of {len(self.confirmed)} confirmed desk writes {missing[:3]} are not there once")

    def _write(self) -> None:
        while not self._stopping.wait(0.3):
            name = f"Chaos {next(self._numbers)}"
            given = {"name": name, "slug": name.replace(" ", "-").lower(), "position": "50", "half_life_hours": "12"}
            led = self._post("/desk/sections/new/", given)
            if led == "/desk/sections/":
                self.confirmed.append(name)
                continue
            self.refused += 1
            if led.startswith("/desk/login/"):  # a clock that jumps ends sessions
                self._log_in()

    def _post(self, path: str, values: dict[str, str]) -> str:
        """Send a form as it was given; where its answer leads, "" when it leads nowhere."""
        address = f"http://127.0.0.1:{self._site.port}{path}"
        try:
            with self._opener.open(address, timeout=45) as form:
                token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.read().decode())
            if token is None:
                return ""
            body = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token[1]}).encode()
            with self._opener.open(address, body, timeout=45):
                return ""
        except urllib.error.HTTPError as error:
            return error.headers.get("Location") or ""
        except (OSError, http.client.HTTPException):
            return ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def running(folder: Path, name: str, seed: int, feeds: int = 2) -> tuple[House, Press]:
    """A founded home whose feeds are asked every second, and its press."""
    from chaos.kills import founded

    press, house = Press(feeds, seed), House(folder / name)
    founded(house, press)
    return house, press
