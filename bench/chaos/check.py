"""What has to hold after every fault, asked of the database itself and not of the program that wrote it."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MARKER = re.compile(r"zq\d\dx\d{4}x\d")
ONCE = {
    "an article for each entry": "SELECT entry_id FROM articles_article GROUP BY entry_id HAVING count(*) > 1",
    "a place in a story for each article": "SELECT article_id FROM stories_member GROUP BY article_id"
    " HAVING count(*) > 1",
    "a short link for each article": "SELECT article_id FROM articles_shortlink GROUP BY article_id"
    " HAVING count(*) <> 1",
    "an article's revision is its own": "SELECT a.id FROM articles_article a LEFT JOIN articles_revision r"
    " ON r.id = a.revision_id WHERE r.article_id IS NULL OR r.article_id <> a.id",
    "a version for each entry": "SELECT e.id FROM entries_entry e LEFT JOIN entries_entryversion v"
    " ON v.entry_id = e.id AND v.number = e.version WHERE v.id IS NULL",
    "a cleaned entry has its article": "SELECT e.id FROM entries_entry e LEFT JOIN articles_article a"
    " ON a.entry_id = e.id WHERE e.cleaned_version > 0 AND a.id IS NULL",
}


@dataclass(frozen=True)
class Held:
    """How often each marker stands in the site."""

    entries: Counter[str]
    articles: Counter[str]


class Broken(AssertionError):
    """What does not hold, in words."""


def held(rows: Any) -> Held:
    """`rows`: asks a statement and gives its rows."""
    entries = (found for (record,) in rows("SELECT record FROM entries_entryversion WHERE number = 1")
               for found in dict.fromkeys(_MARKER.findall(str(record))))  # fmt: skip
    articles = (found for (title,) in rows("SELECT title FROM articles_article") for found in _MARKER.findall(title))
    return Held(Counter(entries), Counter(articles))


def hold(rows: Any, acknowledged: Iterable[str], *, settled: bool) -> Held:
    """Nothing acknowledged is missing and nothing is there twice. `settled`: all of it is published as well.

    Raises `Broken`.
    """
    found = held(rows)
    wanted = set(acknowledged)
    for name, counts in (("entries", found.entries), ("articles", found.articles)):
        if twice := [word for word, count in counts.items() if count > 1]:
            raise Broken(f"{len(twice)} {name} are there twice, {sorted(twice)[:3]} among them")
        if (settled or name == "entries") and (missing := wanted - counts.keys()):
            raise Broken(f"{len(missing)} acknowledged {name} are missing, {sorted(missing)[:3]} among them")
    for name, statement in ONCE.items():
        if bad := list(rows(statement)):
            raise Broken(f"{name}: {bad[:3]}")
    return found


def hold_sqlite(path: Path, acknowledged: Iterable[str], *, settled: bool = False) -> Held:
    """The same of a SQLite file, after its integrity. Raises `Broken`."""
    try:
        return _hold_sqlite(path, acknowledged, settled=settled)
    except sqlite3.DatabaseError as error:
        raise Broken(f"the database cannot be read: {error}") from error


def _hold_sqlite(path: Path, acknowledged: Iterable[str], *, settled: bool) -> Held:
    with closing(sqlite3.connect(path, timeout=30)) as database:
        if (said := database.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            raise Broken(f"integrity_check: {said[:3]}")
        if said := database.execute("PRAGMA foreign_key_check").fetchall():
            raise Broken(f"foreign_key_check: {said[:3]}")
        return hold(database.execute, acknowledged, settled=settled)


def schema(path: Path) -> list[tuple[str, str]]:
    """Names and statements of all tables and indexes, and the migrations that are applied, in one order."""
    with closing(sqlite3.connect(path)) as database:
        made = database.execute("SELECT name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        applied = database.execute("SELECT app || '.' || name, 'applied' FROM django_migrations")
        return sorted([*made.fetchall(), *applied.fetchall()])
