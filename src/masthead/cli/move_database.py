"""`masthead move-database`."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from masthead.cli import ready
from masthead.cli._progress import Progress

if TYPE_CHECKING:
    from masthead.serve.move.run import Moved

SCHEMA = "masthead.move/1"


@click.command(name="move-database")
@click.argument("target_url")
@click.option("--switch", is_flag=True, help="Then write the new address into masthead.toml, so that the site uses it.")
@click.option("--json", "as_json", is_flag=True, help="The result as one JSON object on stdout.")
def command(target_url: str, switch: bool, as_json: bool) -> None:
    """Copy the whole site into an empty database: from SQLite to PostgreSQL, or back (TARGET_URL is then `sqlite`).

    Every table is read back and must have the same hash on both sides. The old database stays as it is. The site must
    not be serving. A move that was interrupted leaves nothing behind, or is cleared away by the next one.

    \b
    Example:
        masthead move-database postgres://masthead:secret@localhost/masthead --switch
        masthead move-database sqlite --switch
    """
    ready()
    from django.conf import settings

    from masthead.options import OptionError
    from masthead.serve.home import HomeError
    from masthead.serve.run import alone

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is half-made is cleared away
    home = settings.MASTHEAD.home
    try:
        with alone(home):
            result = _move(home, target_url, switch)
    except (HomeError, OptionError) as error:
        click.echo(f"masthead: {error}", err=True)
        raise SystemExit(2) from error
    except KeyboardInterrupt:
        click.echo("masthead: stopped; the target was cleared, the site is where it was", err=True)
        raise SystemExit(2) from None
    click.echo(json.dumps(result) if as_json else _told(result))


def _move(home: Path, to: str, switched: bool) -> dict[str, Any]:
    from django.db import connections

    from masthead.serve.home import HomeError
    from masthead.serve.move import switch
    from masthead.serve.move.run import Move

    if switched and switch.by_environment():
        raise HomeError("DATABASE_URL is set in the environment, which wins over masthead.toml: leave out --switch")
    began = time.monotonic()
    move = Move(to, home)
    move.check()
    source = connections["default"].display_name
    with Progress("Moving", move.size()) as progress:
        moved = move.run(progress.step)
    connections.close_all()
    aside = None
    if switched:
        switch.switch(home, to)
        aside = switch.put_aside(home) if source == "SQLite" else None
    return {
        "schema": SCHEMA,
        "from": source,
        "to": switch.hidden(to),
        "tables": [_record(one) for one in moved],
        "rows": sum(one.rows for one in moved),
        "seconds": round(time.monotonic() - began, 1),
        "switched": switched,
        "old": str(aside) if aside else None,
        "next": "Start `masthead`." if switched else switch.told(to),
    }


def _record(one: Moved) -> dict[str, Any]:
    return {"table": one.table, "rows": one.rows, "sha256": one.sha256, "replaced": one.replaced}


def _told(result: dict[str, Any]) -> str:
    lines = [
        f"{row['table']}: {row['rows']:,} rows, {row['sha256'][:12]}"
        + (f"; {row['replaced']:,} texts held NUL characters, U+FFFD stands there now" if row["replaced"] else "")
        for row in result["tables"]
        if row["rows"]
    ]
    lines.append(f"{result['rows']:,} rows moved and compared in {result['seconds']} s.")
    if result["old"]:
        lines.append(f"The old database: {result['old']}")
    return "\n".join([*lines, result["next"]])
