"""`masthead doctor`."""

from __future__ import annotations

import dataclasses
import json

import click

from masthead.cli import ready


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(as_json: bool) -> None:
    """Examine the site: database, disk, clock, pipeline, feeds, queues, backups. Exit status 1 when something is wrong.

    \b
    Example:
        masthead doctor --json
    """
    ready()
    from masthead.serve import examine

    findings = examine.examine()
    marks = {examine.OK: "  ok  ", examine.WARNING: " warn ", examine.WRONG: "WRONG "}
    for finding in findings:
        if as_json:
            click.echo(json.dumps(dataclasses.asdict(finding), ensure_ascii=False))
        else:
            advice = f" ({finding.advice})" if finding.advice else ""
            click.echo(f"[{marks[finding.state]}] {finding.check}: {finding.what}{advice}")
    raise SystemExit(1 if any(finding.state == examine.WRONG for finding in findings) else 0)
