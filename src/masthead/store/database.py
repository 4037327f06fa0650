"""Which database: SQLite in the home, or PostgreSQL by its address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from masthead.options import OptionError

OLDEST_POSTGRES = 15
SQLITE_FILE = "masthead.sqlite3"
WAITS = 10.0
"""Seconds that a thread waits for a connection of the pool; then its work, or its reader, is told so."""
MOVING = "masthead_moving"
"""A table that stands in a PostgreSQL database while a site is being moved into it."""


def configuration(url: str, home: Path, pool: int = 0) -> dict[str, Any]:
    """`DATABASES["default"]`; `pool`: connections to PostgreSQL that threads share, 0 for one each.

    Raises `OptionError` for an address that is not PostgreSQL's, or without psycopg.
    """
    if not url:
        return {"ENGINE": "masthead.store.sqlite3", "NAME": str(home / SQLITE_FILE), "CONN_MAX_AGE": None}
    scheme = url.partition(":")[0]
    if scheme not in ("postgres", "postgresql"):
        raise OptionError(f"DATABASE_URL begins with {scheme!r}: postgres://user:password@host/name is wanted")
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise OptionError("DATABASE_URL needs psycopg: pip install 'masthead[postgres]'") from error
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except ProgrammingError as error:
        raise OptionError(f"DATABASE_URL cannot be read: {error}") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts | ({"pool": {"min_size": 1, "max_size": pool, "timeout": WAITS}} if pool > 0 else {}),
        # A pool keeps connections itself: threads give theirs back whenever they have done.
        "CONN_MAX_AGE": 0 if pool > 0 else 600,
        "CONN_HEALTH_CHECKS": True,
    }
