"""The programs that are measured: how each gets the feeds, makes a round, and tells how many items it has.

Each has a home of its own and its own defaults. What is set besides is said in `note`, which the report prints.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

HERE = Path(__file__).parent


@dataclass
class Program:
    """A program in its home. `missing` tells what is wanted for it, "" when it is there."""

    name: str
    home: Path
    note: str = ""
    missing: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {**kept, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config"), **self.extra}

    def add(self, addresses: list[str]) -> None:
        """Subscribe to all. Not measured."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """What makes one round."""
        raise NotImplementedError

    def items(self) -> int:
        """How many items are stored."""
        raise NotImplementedError

    def call(self, *command: str, **more: str) -> str:
        """Run something of the program's own that is not measured; what it printed."""
        done = subprocess.run(command, env={**self.environment, **more}, capture_output=True, text=True, check=True)
        return done.stdout

    def write_list(self, addresses: list[str]) -> Path:
        """The addresses as a file, one a line."""
        path = self.home / "addresses"
        path.write_text("\n".join(addresses) + "\n")
        return path


class Masthead(Program):
    """Ours: poll and ingest, as its pipeline runs them. `gap`: seconds between two requests to one host."""

    def __init__(self, home: Path, gap: float | None, database: str = "") -> None:
        name = f"Masthead, gap {'2 s (default)' if gap is None else f'{gap:g} s'}{', PostgreSQL' if database else ''}"
        super().__init__(name, home)
        source = HERE.parents[1] / "src"
        self.extra = {
            "PYTHONPATH": str(source),
            "MASTHEAD_HOME": str(home),
            "MASTHEAD_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            **({} if gap is None else {"MASTHEAD_HOST_GAP": str(gap)}),
            **({"DATABASE_URL": database} if database else {}),
        }
        self.note = "loopback allowed; between rounds due times and floors are taken away" + (
            "" if gap is None else f"; host_gap {gap:g}"
        )

    def add(self, addresses: list[str]) -> None:
        self.call(*self._verb("add"), str(self.write_list(addresses)))

    def command(self) -> list[str]:
        return self._verb("update")

    def items(self) -> int:
        return int(self.call(*self._verb("count")))

    def _verb(self, verb: str) -> list[str]:
        return [sys.executable, str(HERE / "run_masthead.py"), verb]


class Reader(Program):
    """lemon24/reader by its library, as its command `reader update` calls it."""

    def __init__(self, home: Path, python: str) -> None:
        super().__init__("lemon24/reader", home, "one worker (its default); scheduled=False, as it would wait an hour")
        self._python = python
        if not _has(python, "reader"):
            self.missing = "reader is not installed (pip install reader)"

    def add(self, addresses: list[str]) -> None:
        self.call(*self._verb("add"), str(self.write_list(addresses)))

    def command(self) -> list[str]:
        return [*self._verb("update"), "1"]

    def items(self) -> int:
        return int(self.call(*self._verb("count")))

    def _verb(self, verb: str) -> list[str]:
        return [self._python, str(HERE / "run_reader.py"), verb, str(self.home / "reader.sqlite")]


class Rss2email(Program):
    """rss2email, sending nothing: what it would send is made all the same, as it makes it before it looks."""

    def __init__(self, home: Path, python: str) -> None:
        super().__init__("rss2email", home, "run --no-send")
        self._python = python
        if not _has(python, "rss2email"):
            self.missing = "rss2email is not installed (pip install rss2email)"

    def _verb(self, *verb: str) -> list[str]:
        start = "import sys; from rss2email.main import run; sys.exit(run())"
        files = ["-c", str(self.home / "rss2email.cfg"), "-d", str(self.home / "rss2email.json")]
        return [self._python, "-c", start, *files, *verb]

    def add(self, addresses: list[str]) -> None:
        outlines = "".join(
            f'<outline type="rss" text="f{n}" xmlUrl={quoteattr(url)}/>' for n, url in enumerate(addresses)
        )
        opml = self.home / "feeds.opml"
        opml.write_text(f'<opml version="2.0"><head/><body>{outlines}</body></opml>')
        self.call(*self._verb("new", "reader@paper.example"))
        self.call(*self._verb("opmlimport", str(opml)))

    def command(self) -> list[str]:
        return self._verb("run", "--no-send")

    def items(self) -> int:
        stored = json.loads((self.home / "rss2email.json").read_text())
        return sum(len(feed.get("seen", {})) for feed in stored["feeds"])


class Newsboat(Program):
    """newsboat without its screen."""

    def __init__(self, home: Path) -> None:
        super().__init__("newsboat", home, "-x reload, one thread (its default)")
        if shutil.which("newsboat") is None:
            self.missing = "newsboat is not installed (apt-get install newsboat)"

    def add(self, addresses: list[str]) -> None:
        self.write_list(addresses)
        (self.home / "settings").write_text("")

    def command(self) -> list[str]:
        files = [
            "-u",
            str(self.home / "addresses"),
            "-c",
            str(self.home / "cache.db"),
            "-C",
            str(self.home / "settings"),
        ]
        return ["newsboat", *files, "-x", "reload"]

    def items(self) -> int:
        connection = sqlite3.connect(self.home / "cache.db")
        try:
            return int(connection.execute("SELECT count(*) FROM rss_item").fetchone()[0])
        finally:
            connection.close()


def _has(python: str, module: str) -> bool:
    if python == sys.executable:
        return importlib.util.find_spec(module) is not None
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0
