"""The home folder: made at first start, upgraded when a new version starts, refused when it cannot be used."""

from __future__ import annotations

import fcntl
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from masthead import __version__
from masthead.options import OptionError, Options, load
from masthead.serve import template
from masthead.store import files

KEY_FILE = "secret_key"
VERSION_FILE = "version"
SETTINGS_FILE = "masthead.toml"
BACKUPS = "backups"


class HomeError(Exception):
    """Why Masthead cannot start here, in one line that names the cure."""


def open_site(*, upgrade: bool = False) -> Options:
    """Make the home usable and set Django up. Raises `HomeError`.

    A home that is not there yet is made, with key, settings file and database. An older database is upgraded (after
    a backup) only with `upgrade`, which `masthead serve` sets: other commands may run beside a serving one.
    """
    try:
        options = load()
        make(options.home)
        with _only_one(options.home):
            _write_key(options)
            _write_new(options.home / SETTINGS_FILE, template.toml(), 0o600)
            _set_up_django()
            _open_database(options, upgrade=upgrade)
    except OptionError as error:
        raise HomeError(str(error)) from error
    return options


def make(home: Path) -> None:
    """Make the folder, or raise `HomeError` when nothing can be written there."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / f".write-test-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HomeError(
            f"the home {home} cannot be written ({error.strerror}): make it writable or set MASTHEAD_HOME"
        ) from error


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """One process at a time makes or upgrades a home."""
    with (home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_key(options: Options) -> None:
    if not options.secret_key:
        _write_new(options.home / KEY_FILE, secrets.token_urlsafe(50) + "\n", 0o600)


def _write_new(path: Path, text: str, mode: int) -> None:
    """Write a file that is not there yet: whole or not at all, also when the power fails."""
    if not path.exists():
        files.write(path, text.encode(), mode)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")
    import django
    from django.conf import settings

    try:
        django.setup()
    except OptionError as error:
        raise HomeError(str(error)) from error
    if settings.SECRET_KEY == "not-yet-made":  # noqa: S105
        raise HomeError("the settings were read before the home was made: start `masthead` in a process of its own")


def _open_database(options: Options, *, upgrade: bool) -> None:
    from masthead.serve import database

    with database.only_one():
        _check_and_migrate(options, upgrade=upgrade)


def _check_and_migrate(options: Options, *, upgrade: bool) -> None:
    from masthead.serve import database

    state = database.state()
    if state.newer:
        raise HomeError(
            f"the database was written by a newer Masthead ({', '.join(state.newer)}): install that version"
        )
    if state.unmade:
        raise HomeError(f"a migration is missing for {', '.join(state.unmade)}: install Masthead again")
    if state.lacking:
        more = f" and {len(state.lacking) - 1} more" if len(state.lacking) > 1 else ""
        raise HomeError(
            f"the database does not fit Masthead {__version__}: it lacks {state.lacking[0]}{more}, as if another"
            " version had made it: install that version, or put back a backup of this one"
        )
    recorded = _recorded_version(options.home)
    if state.pending and not state.empty:
        if not upgrade:
            raise HomeError(
                f"the database is older than Masthead {__version__}: start `masthead` once, which upgrades it"
            )
        backup = database.back_up(options.home / BACKUPS, f"before-{__version__}-from-{recorded or 'unknown'}")
        print(f"masthead: upgrading the database to {__version__}; kept {backup}", file=sys.stderr)  # noqa: T201
    if state.pending:
        database.migrate()
    if upgrade:
        database.forget_statistics()
    if recorded != __version__ and (upgrade or state.empty):
        files.write(options.home / VERSION_FILE, f"{__version__}\n".encode())


def _recorded_version(home: Path) -> str:
    path = home / VERSION_FILE
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""
