"""`masthead serve`, which is also what `masthead` alone does."""

from __future__ import annotations

import click

from masthead.serve.home import HomeError
from masthead.serve.run import run


@click.command(name="serve")
@click.option("--bind", default="", metavar="HOST:PORT", help="Where to listen. Default: the setting `bind`.")
def command(bind: str) -> None:
    """Start the site: web and pipeline, until stopped.

    The first start makes home, key, settings file and database; a start of a newer version backs the database up and
    upgrades it.

    \b
    Example:
        masthead serve --bind 127.0.0.1:8080
    """
    try:
        run(bind)
    except HomeError as error:
        click.echo(f"masthead: {error}", err=True)
        raise SystemExit(2) from error
