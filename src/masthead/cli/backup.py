"""`masthead backup`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from masthead.cli import ready
from masthead.cli._progress import Progress


@click.command(name="backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the manifest.")
def command(file: Path | None, as_json: bool) -> None:
    """Write database, media and settings to FILE (default: a dated file in the home's `backups`), also while serving.

    Pictures that are kept in a bucket (setting `media`) stay there: it says so.

    \b
    Example:
        masthead backup /srv/backups/courier.tar.zst
    """
    ready()
    from django.conf import settings

    from masthead.serve import archive
    from masthead.serve.home import BACKUPS, HomeError

    home = settings.MASTHEAD.home
    if file is None:
        (home / BACKUPS).mkdir(mode=0o700, exist_ok=True)
        file = home / BACKUPS / f"masthead-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.zst"
    try:
        with Progress("Writing", len(archive.content(home)) + 1) as progress:
            manifest = archive.write(home, file, progress.step)
    except (HomeError, OSError) as error:
        click.echo(f"masthead: {error}", err=True)
        raise SystemExit(2) from error
    (home / BACKUPS).mkdir(mode=0o700, exist_ok=True)
    (home / BACKUPS / "last").write_text(manifest["made_at"], encoding="ascii")
    if manifest["media"]:
        click.echo(
            f"masthead: pictures are in {manifest['media'].partition('?')[0]}, not in the backup: copy the bucket"
            " or turn its versioning on",
            err=True,
        )
    if as_json:
        click.echo(json.dumps({"file": str(file), **manifest}))
    else:
        click.echo(f"{file}: {len(manifest['files'])} files, {file.stat().st_size:,} bytes")
