"""How right articles are read, beside other programs in the same run, as one table.

\b
    PYTHONPATH=bench python -m correctness --corpora DIR
    PYTHONPATH=bench python -m correctness --corpora DIR --only words --system masthead --limit 100

A program that is not installed is named and left out; `pip install 'masthead[bench]'` brings them all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from correctness.measures import MEASURES, Row, Run, size
from correctness.readers import READERS, present
from correctness.table import lines, page


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--corpora", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="folder of the sets"
)
@click.option("--only", "wanted", multiple=True, type=click.Choice(list(MEASURES)), help="this measure; repeatable")
@click.option(
    "--system",
    "systems",
    multiple=True,
    type=click.Choice([reader.name for reader in READERS]),
    help="this program; repeatable",
)
@click.option("--limit", type=click.IntRange(min=1), help="so many items of each set")
@click.option("--markdown", type=click.Path(dir_okay=False, path_type=Path), help="write the page that holds the table")
@click.option("--pages", type=click.Path(dir_okay=False, path_type=Path), help="write each page's score as JSON")
def main(
    corpora: Path,
    wanted: Sequence[str],
    systems: Sequence[str],
    limit: int | None,
    markdown: Path | None,
    pages: Path | None,
) -> None:
    readers, missing = present(list(systems))
    for name in missing:
        click.echo(f"left out, not installed: {name} (pip install 'masthead[bench]')", err=True)
    chosen = wanted or list(MEASURES)
    sets = {name for measure in chosen for name in MEASURES[measure][0]}
    for name in sorted(name for name in sets if not size(name, corpora)):
        click.echo(f"left out, not in {corpora}: {name}", err=True)
    total = sum(min(size(name, corpora), limit or sys.maxsize) for name in sets)
    with click.progressbar(length=total, label="reading pages", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        run = Run(corpora, readers, limit, lambda: bar.update(1))
        rows = [row for measure in chosen for row in _rows(measure, run)]
    click.echo("\n".join(lines(rows)))
    if markdown:
        versions = {reader.package: reader.version() for reader in readers}
        markdown.write_text(page(rows, run.sizes, versions, datetime.now(UTC).date()), encoding="utf-8")
    if pages:
        pages.write_text(json.dumps(run.pages, indent=1), encoding="utf-8")


def _rows(measure: str, run: Run) -> list[Row]:
    """The rows of a measure; none where its set is not there or cannot be read."""
    try:
        return list(MEASURES[measure][1](run))
    except OSError as error:
        click.echo(f"{measure} left out: {error}", err=True)
        return []


if __name__ == "__main__":
    main()
