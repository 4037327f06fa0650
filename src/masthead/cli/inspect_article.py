"""`masthead inspect article`: clean files, without a site."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from masthead.cli._progress import Progress
from masthead.options import OptionError, load


@click.command(epilog="Example: masthead inspect article page.html.gz --url https://news.example/a-report")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", default="", help="Address of the page or text; relative links resolve against it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line (this is also the default).")
def command(files: tuple[Path, ...], url: str, as_json: bool) -> None:
    """Clean each FILE and print what became of it.

    FILE is an HTML page, an item of a feed (XML or JSON), or text; .gz is unpacked. Prints one JSON object a line
    ("schema": "masthead.article/1"). A file that cannot be read gives file and error, and exit status 1.
    """
    # Only now: the libraries behind this take most of a second, which --help need not wait for.
    from masthead.core.inspect import inspect_article
    from masthead.core.quotes.model import use_model

    try:
        use_model(load().quotes_model)
    except OptionError as error:
        raise click.ClickException(str(error)) from error
    refused = 0
    with Progress("Cleaning", len(files)) as progress:
        for path in files:
            try:
                answer = inspect_article(path.read_bytes(), name=str(path), url=url)
            except (OSError, ValueError) as error:
                refused += 1
                reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                answer = {"file": str(path), "error": reason}
                click.echo(f"{path}: {reason}", err=True)
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            progress.step()
    raise SystemExit(1 if refused else 0)
