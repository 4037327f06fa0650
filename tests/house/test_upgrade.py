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
