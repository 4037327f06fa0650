"""The state of the database against the migrations of this program, and the way from one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.exceptions import InconsistentMigrationHistory, NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.utils import DatabaseError

from masthead.serve.home import HomeError
from masthead.store import files
from masthead.store.database import MOVING, OLDEST_POSTGRES

_LOCK = 0x6D617374
"""The number of our lock among those that a PostgreSQL database has for its programs."""

_COLUMNS = {
    "sqlite": "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = ANY (current_schemas(false))",
}


@dataclass(frozen=True, slots=True)
class State:
    """`newer`: migrations applied that this program does not know; `unmade`: apps whose tables it has no migration
    for; `pending`: migrations to apply; `empty`: nothing was ever applied; `lacking`: columns that are not there
    although every migration was applied."""

    newer: tuple[str, ...]
    unmade: tuple[str, ...]
    pending: int
    empty: bool
    lacking: tuple[str, ...]


def state() -> State:
    """Compare database and program. Raises `HomeError` when the database cannot be used at all."""
    try:
        connection.ensure_connection()
        _check_server()
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except NodeNotFoundError as error:
        raise HomeError(f"a migration is missing: {error}; install Masthead again") from error
    except InconsistentMigrationHistory as error:
        raise HomeError(f"the database does not fit: {error}") from error
    except DatabaseError as error:
        raise HomeError(f"the database cannot be opened: {str(error).strip().splitlines()[0]}") from error
    known = set(executor.loader.disk_migrations)
    ours = set(executor.loader.migrated_apps)
    applied = set(executor.loader.applied_migrations)
    newer = tuple(
        sorted(f"{app}.{name}" for app, name in applied - known if app in ours and not _replaced(executor, app, name))
    )
    changes = MigrationAutodetector(executor.loader.project_state(), ProjectState.from_apps(apps)).changes(
        graph=executor.loader.graph
    )
    return State(newer, tuple(sorted(changes)), len(plan), not applied, () if plan or newer else _lacking())


@contextmanager
def only_one() -> Iterator[None]:
    """One process of all machines looks at the database's state, or changes it, at a time (PostgreSQL)."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise HomeError(f"the database cannot be opened: {str(error).strip().splitlines()[0]}") from error
    if connection.vendor != "postgresql":
        yield  # the home's own lock does
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def migrate() -> None:
    """Apply what is pending, all of it or nothing.

    Django commits the tables of a migration and the note that it was applied one after the other: a death in between
    would leave a database that no start can upgrade any more, because its tables "already exist".
    """
    # SQLite does not let go of foreign keys within a transaction, and its tables cannot be remade while they hold.
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.enable_constraint_checking()


def forget_statistics() -> None:
    """Drop SQLite's statistics for its planner, where an `ANALYZE` or `PRAGMA optimize` by hand has made any.

    Without any it goes along the indexes that were made for each page. With those of a sample, or of some indexes and
    not of others, it was seen to begin with the sources, and to read and sort a million articles for thirty.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'sqlite_stat[0-9]'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name}")


def back_up(folder: Path, name: str) -> Path:
    """A copy of the whole database as it is now, taken while others may use it; there whole or not at all."""
    from masthead.serve.dump import dump_database

    folder.mkdir(mode=0o700, exist_ok=True)
    with files.own_folder(folder) as part:
        copy = dump_database(part / name)
        copy.chmod(0o600)
        return files.put(copy, folder / copy.name)


def _lacking() -> tuple[str, ...]:
    """What our tables should hold and do not. Names of migrations alone do not tell: somebody may have changed a table,
    and until the first release migrations were edited in place."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS[connection.vendor])
        there = set(cursor.fetchall())
    models = [model._meta for model in apps.get_models(include_auto_created=True)]
    wanted = {(of.db_table, field.column) for of in models if of.managed for field in of.local_concrete_fields}
    return tuple(sorted(f"{table}.{column}" for table, column in wanted - there))


def _replaced(executor: MigrationExecutor, app: str, name: str) -> bool:
    return any((app, name) in migration.replaces for migration in executor.loader.replacements.values())


def _check_server() -> None:
    if connection.vendor == "postgresql" and connection.pg_version < OLDEST_POSTGRES * 10_000:  # type: ignore[attr-defined]
        raise HomeError(
            f"PostgreSQL {connection.pg_version // 10_000} is too old: {OLDEST_POSTGRES} or newer is wanted"  # type: ignore[attr-defined]
        )
    if connection.vendor == "postgresql" and MOVING in connection.introspection.table_names():
        raise HomeError(
            "a move into this database is under way or was interrupted: run `masthead move-database` again from the old"
            " one (with the old settings), or empty this one"
        )
