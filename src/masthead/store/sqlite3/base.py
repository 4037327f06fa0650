"""The backend: `DATABASES["default"]["ENGINE"] = "masthead.store.sqlite3"`."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base as django_sqlite3

from masthead.store.sqlite3.gate import GatedConnection, GatedCursor

BUSY_TIMEOUT = 30
"""Seconds to wait for a lock of a program that does not know the gate (a shell, a backup tool)."""


class _Cursor(django_sqlite3.SQLiteCursorWrapper, GatedCursor):  # type: ignore[misc]
    """Django's placeholders on a gated cursor: both take what `sqlite3.Cursor` takes."""


class DatabaseWrapper(django_sqlite3.DatabaseWrapper):
    """SQLite in WAL, every commit synced to disk, every transaction a write transaction from its first statement."""

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        self.transaction_mode = "IMMEDIATE"
        return {
            "timeout": BUSY_TIMEOUT,
            **parameters,
            "factory": GatedConnection,
            "database": str(parameters["database"]),
        }

    def get_new_connection(self, conn_params: dict[str, Any]) -> GatedConnection:
        connection: GatedConnection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16000")
        if connection.gate is not None and connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=_Cursor)
