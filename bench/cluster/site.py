"""A site of several machines: homes of their own, one database and one broker; what it holds, asked by plain SQL."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from cluster import press
from cluster.services import Service, free_port

BENCH = Path(__file__).parents[1]
SOURCE = BENCH.parent / "src"


class Papers:
    """The publishers of a site, as a process."""

    def __init__(self, folder: Path, feeds: int, hosts: int, items: int) -> None:
        self.feeds, self.hosts, self.items, self.port = feeds, hosts, items, free_port()
        numbers = [str(number) for number in (self.port, feeds, hosts, items)]
        command = [sys.executable, "-m", "cluster.press", *numbers]
        self.service = Service("press", command, self.port, folder, {"PYTHONPATH": str(BENCH)})

    @property
    def addresses(self) -> list[str]:
        return [press.address(number, self.hosts, self.port) for number in range(self.feeds)]

    def edition(self, number: int) -> dict[str, Any]:
        """Publish an edition; what was counted of all visitors until now."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/control/{number}", timeout=10) as answer:
            return dict(json.load(answer))


@dataclass(frozen=True)
class Held:
    """What the database holds. The last four have to be nothing: twice, not in a story once, not read, not cleaned."""

    entries: int
    articles: int
    doubled: int
    homeless: int
    unread: int
    waiting: int


class Machine:
    """A process of the site in a home of its own: `masthead worker` and the like."""

    def __init__(self, site: Site, name: str, *arguments: str) -> None:
        self.home = site.folder / name
        self.log = site.folder / f"{name}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "masthead", *arguments],
                env=site.environment(self.home),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def kill(self) -> None:
        """As a machine that loses its power: at once, with all its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self, seconds: float = 30) -> int:
        """Ask it to stop; its exit status."""
        self.process.terminate()
        return self.process.wait(seconds)


class Site:
    """Everything that the machines of a site share."""

    def __init__(self, folder: Path, database: str, broker: str, **settings: str) -> None:
        self.folder, self.database, self.broker = folder, database, broker
        self.settings = settings
        self._connection: psycopg.Connection[Any] | None = None

    def environment(self, home: Path) -> dict[str, str]:
        ours = ("MASTHEAD", "DATABASE", "DJANGO", "PYTHON")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {
            **kept,
            "PYTHONPATH": str(SOURCE),
            "MASTHEAD_HOME": str(home),
            "DATABASE_URL": self.database,
            "MASTHEAD_BROKER": self.broker,
            "MASTHEAD_SECRET_KEY": "one key for all machines of the bench, long enough for Django",
            "MASTHEAD_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "MASTHEAD_WEATHER": "off",
            **self.settings,
        }

    def python(self, code: str, home: str = "hands", given: Any = None) -> str:
        """Run a piece of a program in the site; what it prints."""
        begin = "import json, sys\nfrom masthead.cli import ready\nready()\n"
        done = subprocess.run(
            [sys.executable, "-c", begin + code],
            env=self.environment(self.folder / home),
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def subscribe(self, addresses: list[str]) -> None:
        """Make the database, with a source and a feed for each address; nothing is asked for."""
        code = (
            "from masthead.feeds.models import Feed, Source\n"
            "from masthead.core.urls import host_of\n"
            "urls = json.load(sys.stdin)\n"
            "papers = [Source(name=f'Paper {n}', slug=f'paper-{n}') for n in range(len(urls))]\n"
            "made = Source.objects.bulk_create(papers)\n"
            "Feed.objects.bulk_create(Feed(source=s, url=u, host=host_of(u)) for s, u in zip(made, urls))\n"
        )
        self.python(code, given=addresses)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask or tell the database, by one connection that is kept: what watches should cost little."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.database, autocommit=True)
        done = self._connection.execute(statement)  # type: ignore[arg-type]
        return done.fetchall() if done.description else []

    def close(self) -> None:
        """Leave the database."""
        if self._connection is not None:
            self._connection.close()

    def silence(self) -> None:
        """No feed is due."""
        self.sql("UPDATE feeds_feed SET due_at = now() + interval '1 day', not_before = now() + interval '1 day'")

    def due(self, since: str = "infinity") -> None:
        """Let the time pass until every feed may be asked again that was not asked since a moment."""
        self.sql(
            "UPDATE feeds_feed SET due_at = NULL, not_before = NULL WHERE id IN (SELECT id FROM feeds_feed"
            " WHERE leased_until IS NULL AND due_at IS NOT NULL"
            f" AND (fetched_at IS NULL OR fetched_at < '{since}') FOR UPDATE SKIP LOCKED)"
        )

    def now(self) -> str:
        """The moment, as `due` takes it."""
        return str(self.sql("SELECT now()")[0][0])

    def reached(self) -> tuple[int, int]:
        """How many articles there are, and how many of them are in stories. Cheap."""
        [(articles, placed)] = self.sql(
            "SELECT (SELECT count(*) FROM articles_article), (SELECT count(*) FROM stories_member)"
        )
        return int(articles), int(placed)

    def held(self) -> Held:
        """What the database holds."""
        [row] = self.sql(
            "SELECT (SELECT count(*) FROM entries_entry), (SELECT count(*) FROM articles_article),"
            # An item that became two entries or articles, or was read as if its publisher had changed it.
            " (SELECT count(*) - count(DISTINCT title) FROM articles_article)"
            " + (SELECT count(*) FROM entries_entryversion WHERE number > 1)"
            " + (SELECT count(*) - count(DISTINCT article_id) FROM articles_revision)"
            " + (SELECT count(*) - count(DISTINCT article_id) FROM stories_member),"
            " (SELECT count(*) FROM articles_article a WHERE NOT EXISTS"
            " (SELECT 1 FROM stories_member m WHERE m.article_id = a.id)),"
            " (SELECT count(*) FROM feeds_fetch WHERE ingested_at IS NULL AND body IS NOT NULL),"
            " (SELECT count(*) FROM entries_entry WHERE cleaned_version <> version)"
        )
        return Held(*map(int, row))

    def at_work(self) -> set[int]:
        """The processes of the workers that say that they are there."""
        return {int(name.split(":")[1]) for (name,) in self.sql("SELECT name FROM store_worker")}

    def worker(self, number: int, lanes: str = "poll,work,replay", concurrency: int = 2) -> Machine:
        """Start a worker."""
        return Machine(self, f"machine{number}", "worker", "--lanes", lanes, "--concurrency", str(concurrency))
