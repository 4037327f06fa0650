"""`masthead poll`: ask the feeds that are due, and make articles of what they bring."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from masthead.cli import ready
from masthead.cli._progress import Progress

# Steps that belong to a running site, not to a single round.
_NOT_IN_A_ROUND = frozenset(("poll", "weather", "deliver", "hubs", "replay"))


@click.command(name="poll")
@click.option("--once", is_flag=True, help="Poll what is due now, finish what came of it, and end.")
@click.option("--timeout", type=click.IntRange(1), default=600, show_default=True, help="With --once: seconds at most.")
@click.option("--json", "as_json", is_flag=True, help="With --once: the result as one JSON object on stdout.")
def command(once: bool, timeout: int, as_json: bool) -> None:
    """Run the pipeline without the web site: poll feeds, make articles, group and place them. Ctrl-C ends it.

    A feed is never asked sooner than its server allows, however often this is run.

    \b
    Example:
        masthead poll --once"""
    if as_json and not once:
        raise click.UsageError("--json needs --once")
    ready()
    if not once:
        from masthead import pipeline

        pipeline.main()
        return
    summary = _round(timeout)
    troubles = summary["troubles"]
    for trouble in troubles:
        click.echo(f"masthead: {trouble['url']}: {trouble['reason']}", err=True)
    for step, error in summary["errors"].items():
        click.echo(f"masthead: step {step} failed: {error}", err=True)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False))
    else:
        click.echo(
            f"{summary['polled']} feeds answered, {len(troubles)} in trouble; "
            f"{summary['new']} new entries, {summary['changed']} changed"
        )
    if troubles or summary["errors"]:
        sys.exit(1)


def _round(timeout: int) -> dict[str, Any]:
    """One round of all steps: how many feeds answered, what they brought, and which are in trouble, with reasons."""
    from django.utils import timezone

    from masthead import pipeline
    from masthead.feeds import client, queries
    from masthead.feeds.poll import poll_due
    from masthead.store.workers import run as workers

    workers.prepare()
    began = timezone.now()
    try:
        with Progress("Polling", queries.overdue(began).count) as progress:
            outcome = poll_due(on_answer=progress.step)
        steps = tuple(step for step in pipeline.STEPS if step.name not in _NOT_IN_A_ROUND)
        result = pipeline.run_until_idle(timeout, steps)
    finally:
        client.close()
    brought = queries.brought_since(began)
    return {
        "polled": outcome.done,
        "new": brought.new,
        "changed": brought.changed,
        "steps": result.done,
        "errors": result.errors,
        "finished": result.idle,
        "troubles": [
            {"feed": feed.pk, "url": feed.url, "state": feed.state, "reason": feed.reason}
            for feed in queries.troubled_since(began)
        ],
    }
