"""`masthead worker`."""

from __future__ import annotations

import os
import sys

import click

from masthead.cli import ready
from masthead.options import OptionError, load

LANES = ("poll", "pages", "pictures", "icons", "weather", "hubs", "delivery", "work", "replay", "retention")


@click.command(name="worker")
@click.option("--lanes", default=",".join(LANES), show_default=True, help="The lanes to work in, with commas.")
@click.option(
    "--concurrency",
    type=click.IntRange(1),
    help="Runs at once of each step of the lanes `work` and `replay`. Default: the setting `lane_concurrency`.",
)
def command(lanes: str, concurrency: int | None) -> None:
    """Do the site's work on this machine, beside others: the steps of the pipeline, woken by the broker.

    Needs `MASTHEAD_BROKER` (Redis or RabbitMQ) and `DATABASE_URL` (PostgreSQL), the same on all machines, and is
    stopped by SIGTERM or Ctrl-C: what is under way is finished first, within seconds.

    \b
    Example:
        masthead worker --lanes work,replay --concurrency 4"""
    from masthead.cluster.check import check

    names = list(dict.fromkeys(name.strip() for name in lanes.split(",") if name.strip()))
    if unknown := [name for name in names if name not in LANES]:
        raise click.UsageError(f"there is no lane {', '.join(unknown)}; there are {', '.join(LANES)}")
    if not names:
        raise click.UsageError(f"--lanes names none; there are {', '.join(LANES)}")
    try:
        options = load()
        check(options)
    except OptionError as error:
        click.echo(f"masthead: {error}", err=True)
        sys.exit(2)
    os.environ["MASTHEAD_PROCESS"] = "worker"
    ready()
    from masthead.cluster.main import work

    work(names, concurrency or options.lane_concurrency)
