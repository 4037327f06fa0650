"""`masthead restore`."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import click

from masthead.options import OptionError, load
from masthead.serve.home import HomeError


@click.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a site that is there; it is kept beside the new one.")
def command(file: Path, force: bool) -> None:
    """Bring back a backup. Every hash is checked before anything is touched.

    \b
    Example:
        masthead restore courier.tar.zst
    """
    try:
        _restore(file, force)
    except (HomeError, OptionError, OSError) as error:
        click.echo(f"masthead: {error}", err=True)
        raise SystemExit(2) from error


def _restore(file: Path, force: bool) -> None:
    from masthead.serve import archive
    from masthead.serve.run import LOCK_FILE

    options = load()
    home = options.home
    occupied = home.exists() and any(home.iterdir())
    if occupied and not force:
        raise HomeError(f"there is a site in {home}: --force replaces it and keeps it beside the new one")
    if (home / LOCK_FILE).is_file():
        with (home / LOCK_FILE).open("r") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise HomeError(f"the site in {home} is being served: stop it first") from error
    folder = home.with_name(f".{home.name}.restoring")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        manifest = archive.unpack(file, folder)
        kind = "postgres" if (folder / "database.pgdump").is_file() else "sqlite"
        if kind != ("postgres" if options.database_url else "sqlite"):
            raise HomeError(f"{file} holds a {kind} database; set or unset DATABASE_URL accordingly")
        if kind == "sqlite":
            (folder / "database.sqlite3").rename(folder / "masthead.sqlite3")
        aside = archive.put_in_place(folder, home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if kind == "postgres":
        _restore_postgres(home)
    click.echo(f"{home}: {len(manifest['files'])} files of {manifest['made_at']}")
    if manifest.get("media"):
        click.echo(f"Its pictures were not in it but in {manifest['media'].partition('?')[0]} (setting media).")
    if aside is not None:
        click.echo(f"The site that was there: {aside}")


def _restore_postgres(home: Path) -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")
    import django

    django.setup()
    from masthead.serve.dump import load_postgres

    load_postgres(home / "database.pgdump")
    (home / "database.pgdump").unlink()
