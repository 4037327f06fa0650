"""kill -9 at random moments of ingest and publishing, migration, backup and replay."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from chaos import check
from chaos.check import Broken
from chaos.house import House
from chaos.press import Press
from chaos.result import Result

DATABASE = "masthead.sqlite3"
FEEDS = 2
# Every so many kills a process is let live, so that all that was left lying is seen to come out.
EPOCH = 20


def settle(house: House, press: Press) -> None:
    """Let everything that was sent be acknowledged and published."""
    press.moving = False
    house.run("work", rounds=2)
    press.moving = True


def founded(house: House, press: Press) -> float:
    """A home with feeds and some articles; how long a round of work takes, in seconds."""
    house.run("migrate")
    house.run("subscribe", urls=[press.url(number) for number in range(press.feeds)])
    house.run("work", rounds=2)
    started = time.monotonic()
    house.run("work")
    return time.monotonic() - started


def ingest(folder: Path, rounds: int, seed: int) -> Result:
    """Polling, reading, cleaning, grouping and arranging, killed at any moment."""
    result = Result("kill -9 in ingest and publishing")
    chance, press, house = random.Random(seed), Press(FEEDS, seed), House(folder / "ingest")
    path = house.home / DATABASE
    try:
        usual = founded(house, press)
        for number in range(rounds):
            pid = house.start("work", rounds=3)
            time.sleep(chance.uniform(0, 1.5 * usual))
            result.hits += house.kill(pid) < 0
            result.rounds += 1
            with result.during(f"round {number} of seed {seed}"):
                check.hold_sqlite(path, press.acknowledged())
                if number % EPOCH == EPOCH - 1 or number == rounds - 1:
                    started = time.monotonic()
                    house.run("work")
                    result.recovered(time.monotonic() - started)
                    settle(house, press)
                    check.hold_sqlite(path, press.acknowledged(), settled=True)
            if result.broken:
                break
        result.acknowledged = len(press.acknowledged())
    finally:
        house.close()
        press.close()
    return result


def migration(folder: Path, rounds: int, seed: int) -> Result:
    """The first start, killed on the way; the next start has to bring the same tables as one that was left alone."""
    result = Result("kill -9 in migration")
    chance, house = random.Random(seed), House(folder / "migration")
    try:
        started = time.monotonic()
        house.run("migrate")
        usual = time.monotonic() - started
        whole = check.schema(house.home / DATABASE)
        for number in range(rounds):
            shutil.rmtree(house.home)
            house.home.mkdir()
            for _ in range(chance.randint(1, 2)):
                pid = house.start("migrate")
                time.sleep(chance.uniform(0, 1.1 * usual))
                result.hits += house.kill(pid) < 0
            result.rounds += 1
            with result.during(f"round {number} of seed {seed}"):
                started = time.monotonic()
                house.run("migrate")
                result.recovered(time.monotonic() - started)
                check.hold_sqlite(house.home / DATABASE, ())
                if check.schema(house.home / DATABASE) != whole:
                    raise Broken("the tables are not those of a start that was left alone")
    finally:
        house.close()
    return result


def backup(folder: Path, rounds: int, seed: int) -> Result:
    """Backups while the site works, both killed; one that is there is whole and has what was acknowledged before."""
    result = Result("kill -9 in backup")
    chance, press, house = random.Random(seed), Press(FEEDS, seed), House(folder / "backup")
    target, unpacked = folder / "backup.tar.zst", folder / "unpacked"
    try:
        founded(house, press)
        started = time.monotonic()
        house.run("backup", target=str(target))
        usual = time.monotonic() - started
        for number in range(rounds):
            target.unlink(missing_ok=True)
            before = press.acknowledged()
            writer, copier = house.start("work"), house.start("backup", target=str(target))
            time.sleep(chance.uniform(0, 1.3 * usual))
            result.hits += house.kill(copier) < 0
            house.kill(writer)
            result.rounds += 1
            with result.during(f"round {number} of seed {seed}"):
                check.hold_sqlite(house.home / DATABASE, press.acknowledged())
                if target.exists():
                    house.run("unpack", source=str(target), folder=str(unpacked))
                    check.hold_sqlite(unpacked / "database.sqlite3", before)
                if number % EPOCH == EPOCH - 1 or number == rounds - 1:
                    started = time.monotonic()
                    house.run("backup", target=str(target))
                    result.recovered(time.monotonic() - started)
                    if left := [
                        path.name for path in house.home.iterdir() if path.name.startswith(("tmp", ".unfinished"))
                    ]:
                        raise Broken(f"copies of the database that were left lying: {left}")
                    if left := [
                        path.name
                        for path in folder.iterdir()
                        if path.name.startswith((".unfinished", "backup.tar.zst."))
                    ]:
                        raise Broken(f"half a backup was left lying: {left}")
            if result.broken:
                break
        result.acknowledged = len(press.acknowledged())
    finally:
        house.close()
        press.close()
    return result


def replay(folder: Path, rounds: int, seed: int) -> Result:
    """A replay that is killed and gone on with again and again makes what one that was left alone makes."""
    result = Result("kill -9 in replay")
    chance, press, house = random.Random(seed), Press(FEEDS, seed), House(folder / "replay")
    path = house.home / DATABASE
    try:
        founded(house, press)
        house.run("work", rounds=2)
        settle(house, press)
        press.moving = False
        wanted = _told(path)
        house.run("age")
        copy = folder / "aged.sqlite3"
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        started = time.monotonic()
        house.run("replay")
        usual, revisions = time.monotonic() - started, _revisions(path)
        while result.rounds < rounds:
            with closing(sqlite3.connect(copy)) as old, closing(sqlite3.connect(path)) as new:
                old.backup(new)
            status = -9
            while status < 0 and result.rounds < rounds:
                pid = house.start("replay")
                time.sleep(chance.uniform(0, 0.8 * usual))
                status = house.kill(pid)
                result.hits += status < 0
                result.rounds += 1
            with result.during(f"round {result.rounds} of seed {seed}"):
                started = time.monotonic()
                house.run("replay")
                result.recovered(time.monotonic() - started)
                check.hold_sqlite(path, press.acknowledged(), settled=True)
                if _told(path) != wanted or _revisions(path) != revisions:
                    raise Broken("not what a replay makes that is left alone")
            if result.broken:
                break
        result.acknowledged = len(press.acknowledged())
    finally:
        house.close()
        press.close()
    return result


def _told(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT id, slug, title, standfirst FROM articles_article ORDER BY id").fetchall()


def _revisions(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(
            "SELECT article_id, number, origin, changed FROM articles_revision ORDER BY article_id, number"
        ).fetchall()
