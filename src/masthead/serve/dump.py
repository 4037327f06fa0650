"""The whole database in one file: SQLite's online backup, or PostgreSQL's own archive."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from masthead.serve.home import HomeError


def dump_database(target: Path) -> Path:
    """Write the database to `target` plus ".sqlite3" or ".pgdump", and return that path. Others may go on writing.

    Raises `HomeError` when PostgreSQL's `pg_dump` is missing or fails.
    """
    if connection.vendor == "sqlite":
        return _dump_sqlite(target.with_name(target.name + ".sqlite3"))
    return _dump_postgres(target.with_name(target.name + ".pgdump"))


def _dump_sqlite(target: Path) -> Path:
    # A connection of its own that only reads: one snapshot, whatever is written meanwhile.
    source = Path(str(connection.settings_dict["NAME"])).resolve()
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as copy,
    ):
        reading.execute("PRAGMA busy_timeout = 30000")
        reading.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    return target


def _dump_postgres(target: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise HomeError("a backup of PostgreSQL needs its client programs: install postgresql-client")
    command = [program, "--format=custom", "--no-owner", "--file", str(target), *_server()]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise HomeError(f"pg_dump failed: {(done.stderr.strip().splitlines() or ['no reason given'])[0]}")
    return target


def load_postgres(archive: Path) -> None:
    """Bring the archive into the (empty) database of the settings. Raises `HomeError`."""
    program = shutil.which("pg_restore")
    if program is None:
        raise HomeError("a restore into PostgreSQL needs its client programs: install postgresql-client")
    command = [program, "--no-owner", "--exit-on-error", "--single-transaction", "--clean", "--if-exists"]
    command += [*_server(), str(archive)]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise HomeError(f"pg_restore failed: {(done.stderr.strip().splitlines() or ['no reason given'])[0]}")


def _server() -> list[str]:
    settings = connection.settings_dict
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    pairs = [("--host", host), ("--port", settings["PORT"]), ("--username", settings["USER"])]
    return [part for name, value in pairs if value for part in (name, str(value))] + ["--dbname", str(settings["NAME"])]


def _environment() -> dict[str, str]:
    password = connection.settings_dict["PASSWORD"]
    return {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
