"""Counting with real servers: several web processes, real connections, kills without warning."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from masthead.audience.count import WINDOW_SECONDS, Counter
from masthead.audience.relay import SocketRelay
from masthead.audience.settle import Settler

pytestmark = pytest.mark.slow

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FILL = """
from masthead.cli import ready
ready()
from django.utils import timezone
from masthead.articles.models import Article, Revision, ShortLink
from masthead.core.records import to_builtins
from masthead.core.types import CleanArticle
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source
now = timezone.now()
source = Source.objects.create(name="The Courier", slug="courier", policy="full")
feed = Feed.objects.create(source=source, url="http://courier.example/feed", state="paused")
entry = Entry.objects.create(
    feed=feed, source=source, key="1", first_seen_at=now, last_seen_at=now, cleaned_version=1)
article = Article.objects.create(
    entry=entry, source=source, slug="report", title="A report", language="en", first_seen_at=now, sort_at=now)
record = to_builtins(CleanArticle(title="A report", text="Words."))
article.revision = Revision.objects.create(article=article, number=1, made_at=now, document=record, digest="")
article.save()
ShortLink.objects.create(code="b1", article=article, created_at=now)
print(article.pk)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


class Site:
    """A site of one report that several web processes serve, in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("MASTHEAD", "DATABASE", "DJANGO"))}
        self._environment = {**kept, "MASTHEAD_HOME": str(home), "MASTHEAD_WEB_WORKERS": "2"}
        filled = subprocess.run(
            [sys.executable, "-c", FILL], env=self._environment, capture_output=True, text=True, timeout=120, check=True
        )
        self.path = f"/article/{filled.stdout.split()[-1]}-report/"
        self.log = home.with_suffix(".log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "masthead", "--bind", f"127.0.0.1:{self.port}"],
            env=self._environment, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def ask(self, agent: str, path: str = "", method: str = "GET") -> int:
        """One request on a connection of its own, so that any of the processes may answer; its status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path or self.path, headers={"User-Agent": agent})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.ask("probe", "/readyz") == 200
        except OSError:
            return False

    def numbers(self) -> tuple[int, int, dict[str, int]]:
        """Readings, uses of short links, and what was not counted, as written."""
        with sqlite3.connect(self.home / "masthead.sqlite3", timeout=20) as database:
            views, uses = database.execute(
                "SELECT COALESCE(SUM(views), 0), COALESCE(SUM(short_link_uses), 0) FROM audience_viewcount"
            ).fetchone()
            excluded = dict(database.execute("SELECT reason, SUM(requests) FROM audience_exclusion GROUP BY reason"))
        return views, uses, excluded

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def parts(self, name: str) -> list[psutil.Process]:
        """The supervised processes of this name that live; one that was just killed has no command line."""
        found = []
        for process in self.children():
            try:
                line = process.cmdline()
            except (psutil.ZombieProcess, psutil.NoSuchProcess):
                continue
            if "masthead.serve.child" in line and name in line:
                found.append(process)
        return found

    def named(self, name: str) -> psutil.Process:
        return self.parts(name)[0]

    def workers(self) -> list[psutil.Process]:
        return [p for p in self.named("web").children() if p.status() != psutil.STATUS_ZOMBIE]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    started = Site(tmp_path / "home")
    try:
        wait_for(started.answers)
        wait_for(lambda: (started.home / "count.sock").exists())
        yield started
    finally:
        family = started.children() if started.process.poll() is None else []
        for process in [*family, started.process]:
            try:
                process.kill()
            except (psutil.NoSuchProcess, ProcessLookupError):
                continue
        started.process.wait()
        started.log.close()


def test_totals_are_exact_over_several_web_processes(site: Site) -> None:
    """Each of the readers asks four times, on four connections; the processes share them out as they like."""
    readers, times = 60, 4

    def crowd(part: int) -> None:
        for n in range(part, readers, 4):
            for _ in range(times):
                assert site.ask(f"{FIREFOX} r{n}") == 200

    threads = [threading.Thread(target=crowd, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert site.ask(FIREFOX, "/s/b1") == 302
    assert site.ask(FIREFOX, method="HEAD") == 200
    assert site.ask("Googlebot/2.1") == 200
    assert site.ask(FIREFOX, "/article/99999-none/") == 404
    assert len(site.workers()) >= 2
    site.stop()  # at once: what was noted in the last second is handed over and written
    assert site.numbers() == (
        readers, 1, {"repeat": readers * (times - 1), "head": 1, "crawler": 1, "error": 1},
    )  # fmt: skip


def test_a_kill_loses_no_more_than_the_window(site: Site) -> None:
    """Readers come all the time; at some moment everything is killed at once, as when the power fails."""
    answered: list[float] = []
    dead = threading.Event()

    def crowd() -> None:
        n = 0
        while not dead.is_set():
            try:
                assert site.ask(f"{FIREFOX} r{n}") == 200
            except (OSError, http.client.HTTPException):
                return
            answered.append(time.monotonic())
            n += 1
            time.sleep(0.01)

    thread = threading.Thread(target=crowd)
    thread.start()
    time.sleep(WINDOW_SECONDS + 4)
    family = [psutil.Process(site.process.pid), *site.children()]
    for process in family:
        process.suspend()
    killed = time.monotonic()
    for process in family:
        process.kill()
    dead.set()
    thread.join()
    views = site.numbers()[0]
    older = sum(at < killed - WINDOW_SECONDS for at in answered)
    assert older > 0
    assert older <= views <= len(answered)


def test_readings_outlive_the_process_that_settles(site: Site) -> None:
    """What was noted while it was away is handed to its successor; what it held for its window may be lost."""
    assert site.ask(f"{FIREFOX} before") == 200
    wait_for(lambda: site.numbers()[0] == 1, 20)
    settler = site.named("count")
    settler.kill()
    for n in range(20):
        assert site.ask(f"{FIREFOX} r{n}") == 200
    wait_for(lambda: any(p.pid != settler.pid for p in site.parts("count")))
    wait_for(lambda: site.numbers()[0] == 21, 30)
    site.stop()
    assert site.numbers()[0] == 21


@pytest.mark.django_db(transaction=True)
def test_readings_are_settled_in_the_order_of_their_time(tmp_path: Path, newsroom: Any, monkeypatch: Any) -> None:
    """The later process hands over first; the reader is still counted once for each half minute."""
    from masthead.audience import count

    path = f"/article/{newsroom.article().pk}-x/"
    settler = Settler(tmp_path / "count.sock")
    environ = {"REQUEST_METHOD": "GET", "REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": FIREFOX}
    first, second = (Counter(SocketRelay(tmp_path / "count.sock")) for _ in range(2))
    began = time.monotonic()
    for counter, seconds in ((first, 0.0), (second, 29.0), (first, 58.0), (second, 89.0)):
        with monkeypatch.context() as patched:
            patched.setattr(count, "monotonic", lambda seconds=seconds: began - 100 + seconds)
            counter.observe(path, environ)
    second.hand_over()
    first.hand_over()
    settler.settle()
    settler.counter.flush()
    from masthead.audience.models import Exclusion, ViewCount

    assert sum(ViewCount.objects.values_list("views", flat=True)) == 2
    assert dict(Exclusion.objects.values_list("reason", "requests")) == {"repeat": 2}


@pytest.mark.django_db(transaction=True)
def test_a_home_may_lie_deep(tmp_path: Path, newsroom: Any) -> None:
    """A socket's name takes some hundred bytes; a home's path takes four thousand."""
    from masthead.audience.models import ViewCount

    home = tmp_path / ("depth" * 30) / ("größe" * 20)
    home.mkdir(parents=True)
    settler = Settler(home / "count.sock")
    assert stat.S_IMODE((home / "count.sock").stat().st_mode) == 0o600
    relay = SocketRelay(home / "count.sock")
    counter = Counter(relay)
    environ = {"REQUEST_METHOD": "GET", "REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": FIREFOX}
    counter.observe(f"/article/{newsroom.article().pk}-x/", environ)
    counter.hand_over()
    assert settler.connections == 1
    relay.close()
    settler.finish()
    settler.counter.flush(last=True)
    assert ViewCount.objects.get().views == 1


@pytest.mark.django_db(transaction=True)
def test_what_comes_after_the_end_is_not_confirmed_and_not_lost(tmp_path: Path, newsroom: Any) -> None:
    """A web process whose notes arrive when the settling process has finished settles them itself."""
    from masthead.audience.models import ViewCount

    path = f"/article/{newsroom.article().pk}-x/"
    environ = {"REQUEST_METHOD": "GET", "REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": FIREFOX}
    settler = Settler(tmp_path / "count.sock")
    early, late = (SocketRelay(tmp_path / "count.sock") for _ in range(2))
    first, second = Counter(early), Counter(late)
    first.hand_over()
    wait_for(lambda: settler.connections == 1)
    first.observe(path, environ)
    ended = threading.Thread(target=settler.finish)
    ended.start()  # waits for the first, of whom it knows although nothing was handed over yet
    first.hand_over()
    early.close()
    ended.join()
    second.observe(path, {**environ, "REMOTE_ADDR": "192.0.2.8"})
    second.flush(last=True)
    settler.counter.flush(last=True)
    assert ViewCount.objects.get().views == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_settling_process_each_settles_for_itself(tmp_path: Path, newsroom: Any, monkeypatch: Any) -> None:
    from masthead.audience import count
    from masthead.audience.models import ViewCount

    path = f"/article/{newsroom.article().pk}-x/"
    counter = Counter(SocketRelay(tmp_path / "nobody.sock"))
    environ = {"REQUEST_METHOD": "GET", "REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": FIREFOX}
    counter.observe(path, environ)
    assert counter.flush() == 0  # kept: it may come back
    monkeypatch.setattr(count, "PATIENCE", 0.0)
    assert counter.flush() == 1
    counter.observe(path, {**environ, "REMOTE_ADDR": "192.0.2.8"})
    monkeypatch.setattr(count, "PATIENCE", 5.0)
    assert counter.flush(last=True) == 1
    assert ViewCount.objects.get().views == 2
