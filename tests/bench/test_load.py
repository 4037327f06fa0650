"""The parts of `make bench-load` and of the simulated schedule that could be wrong without anybody noticing."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import scale
from load.client import Readers
from load.peers import measure as peers
from load.peers.articles import Report, read
from load.site import slope
from masthead.feeds import schedule

LIST = b'<a href="/article/7-seven/">Seven</a>'


class Server:
    """Answers every request, but for what comes while it stands still, which it answers afterwards."""

    def __init__(self, still: tuple[float, float]) -> None:
        self.still, self.port = still, 0
        self.paths: list[str] = []
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._began = self._loop.time()
        self._stop = asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ")[1].decode()
                self.paths.append(path)
                since = self._loop.time() - self._began
                if self.still[0] <= since < self.still[1]:
                    await asyncio.sleep(self.still[1] - since)
                status = b"503 Busy" if path == "/broken/" else b"200 OK"
                writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(LIST), LIST))
        except asyncio.IncompleteReadError:
            writer.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


def test_a_server_that_stands_still_is_seen_by_all_who_came_meanwhile() -> None:
    """Two seconds at 100 a second, one of them still: half of the readers wait, half a second on average."""
    server = Server(still=(0.5, 1.5))
    try:
        told = Readers(server.port, 100, 2, paths=("/",)).run()
    finally:
        server.stop()
    assert len(told.took) == 200 and told.statuses == {"200": 200}
    waited = [took for took in told.took if took > 0.05]
    assert len(waited) >= 80, "a client that waits for answers would have met it once a connection"
    assert told.quantile(0.5) <= told.quantile(0.95) <= told.quantile(1)
    assert "/article/7-seven/" in server.paths, "it reads the articles that the site names"


def test_answers_are_told_by_status() -> None:
    server = Server(still=(0, 0))
    try:
        told = Readers(server.port, 100, 0.3, paths=("/broken/",)).run()
    finally:
        server.stop()
    assert set(told.statuses) <= {"200", "503"} and told.statuses["503"] > 0


def test_slopes_are_by_the_hour() -> None:
    assert slope([(at, 100 + at / 36) for at in range(0, 600, 5)]) == pytest.approx(100)
    assert slope([(at, 42.0) for at in range(0, 600, 5)]) == 0 and slope([(0, 1.0)]) == 0


def test_the_simulation_follows_the_planner(monkeypatch: pytest.MonkeyPatch) -> None:
    scale.compare()
    monkeypatch.setattr(scale, "FLOOR", 3000)
    monkeypatch.setattr(schedule, "QUIETEST", 12)
    scale.compare()  # it asks the planner for its numbers
    true = schedule._place
    monkeypatch.setattr(
        schedule, "_place", lambda base, interval, *rest, **more: true(base, interval * 2, *rest, **more)
    )
    with pytest.raises(SystemExit, match="the planner says"):
        scale.compare()


def test_places_in_groups() -> None:
    assert scale.rank(np.array([7, 3, 7, 7, 3, 1])).tolist() == [0, 0, 1, 2, 1, 0]


def test_a_settled_crowd_stays_within_the_room_and_recovers() -> None:
    told = scale.simulate(2_000, 16, room=30)
    assert told["most"] <= told["room"] and told["mean"] > 0 and 0 <= told["caught"] < 240


def test_peers_that_are_not_here_are_named_with_the_command_that_installs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "PACKAGES", {"WordPress": ("wordpress", tmp_path / "nothing")})
    monkeypatch.setattr(peers, "COMMANDS", {"mariadbd": "mariadb-server-core", "sh": "dash"})
    monkeypatch.setattr("shutil.which", lambda name: "/bin/sh" if name == "sh" else None)
    monkeypatch.setattr(peers.stack, "php_fpm", lambda: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    said = peers.wanted()
    assert "\n" not in said and said.endswith("&& pip install 'masthead[bench]'")
    assert "apt-get install --no-install-recommends wordpress mariadb-server-core php-fpm php-mysql" in said


def test_peers_get_the_same_text(tmp_path: Path) -> None:
    made = Report(7, "a-report", "A title", "What it says.", ("One.", "Two."), "2024-07-14 12:15:00", "World", "Paper")
    (tmp_path / "reports.jsonl").write_text(json.dumps(asdict(made)) + "\n")
    assert read(tmp_path / "reports.jsonl") == [made]
    assert made.html() == "<p>What it says.</p>\n<p>One.</p>\n<p>Two.</p>\n"
    assert made.text() == "A title What it says. One. Two."
