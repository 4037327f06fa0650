"""`masthead doctor`."""

from __future__ import annotations

import dataclasses
import json

import click

from masthead.cli import ready


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--deploy", is_flag=True, help="Also whether the site is set up to stand in public.")
def command(as_json: bool, deploy: bool) -> None:
    """Examine the site: database, disk, clock, pipeline, feeds, queues, backups. Exit status 1 when something is wrong.

    With --deploy also: address and TLS, hosts, proxies, the key, rights of the home, a recent backup, the system's
    clock and limits.

    \b
    Example:
        masthead doctor --deploy --json
    """
    ready()
    from masthead.serve import examine
    from masthead.serve.finding import OK, WARNING, WRONG

    findings = examine.examine(deploy=deploy)
    marks = {OK: "  ok  ", WARNING: " warn ", WRONG: "WRONG "}
    for finding in findings:
        if as_json:
            click.echo(json.dumps(dataclasses.asdict(finding), ensure_ascii=False))
        else:
            advice = f" ({finding.advice})" if finding.advice else ""
            click.echo(f"[{marks[finding.state]}] {finding.check}: {finding.what}{advice}")
    raise SystemExit(1 if any(finding.state == WRONG for finding in findings) else 0)
