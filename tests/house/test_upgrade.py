"""The upgrade of a database that dies on the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from .test_serve import environment, masthead

# Dies where Django has made the tables of a migration and not yet noted that it was applied.
DYING = """
import os
from django.db.migrations.recorder import MigrationRecorder
noted = MigrationRecorder.record_applied
def note(self, app, name):
    if app == "weather":
        os._exit(9)
    noted(self, app, name)
MigrationRecorder.record_applied = note
from masthead.serve import home
home.open_site(upgrade=True)
"""


def test_a_death_between_the_tables_and_their_note_leaves_nothing_that_stands_in_the_way(tmp_path: Path) -> None:
    home = tmp_path / "home"
    dead = subprocess.run([sys.executable, "-c", DYING], env=environment(home), capture_output=True, text=True)
    assert dead.returncode == 9, dead.stderr
    with closing(sqlite3.connect(home / "masthead.sqlite3")) as database:
        assert not database.execute("SELECT name FROM sqlite_master").fetchall()
    started = masthead(home, "user", "list")
    assert started.returncode == 0, started.stderr


def test_statistics_that_somebody_made_do_not_mislead_the_planner(tmp_path: Path) -> None:
    """A start takes them out: with some of them SQLite reads all articles for a page of thirty."""
    home = tmp_path / "home"
    assert masthead(home, "user", "add", "anna", "--generate").returncode == 0
    with closing(sqlite3.connect(home / "masthead.sqlite3")) as database:
        database.execute("ANALYZE")
        assert database.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0]
    code = "from masthead.serve import home; home.open_site(upgrade=True)"
    started = subprocess.run([sys.executable, "-c", code], env=environment(home), capture_output=True, text=True)
    assert started.returncode == 0, started.stderr
    with closing(sqlite3.connect(home / "masthead.sqlite3")) as database:
        assert not database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'").fetchall()
        assert database.execute("SELECT count(*) FROM accounts_user").fetchone() == (1,)
