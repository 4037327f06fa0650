"""`masthead replay`: clean the archive again from the originals, and see what would change."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from masthead.cli import ready
from masthead.cli._progress import Progress

if TYPE_CHECKING:
    from masthead.articles.models import Replay
    from masthead.articles.replay.run import Run
    from masthead.feeds.models import Source

SCHEMA = "masthead.replay/1"


@click.command(name="replay")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Only what was first received since then."
)
@click.option("--source", "slug", default="", help="Only what came from this source (its slug).")
@click.option("--apply", "applies", is_flag=True, help="Write it; without this, nothing is written.")
@click.option("--restart", is_flag=True, help="Begin anew, even where a run was stopped.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Also write a page that shows it all.")
@click.option("--json", "as_json", is_flag=True, help="The result as one JSON object on stdout.")
def command(
    since: datetime | None, slug: str, applies: bool, restart: bool, report: Path | None, as_json: bool
) -> None:
    """Clean again from the originals that were kept, and show field by field what would change.

    With --apply it is written: as a revision marked ours where a reader notices, else in place. Addresses never change,
    and what editors did stays. May be stopped at any time: the same command goes on where it was.

    Where a broker is set, all workers of the lane `replay` take their share.

    \b
    Example:
        masthead replay --since 2026-01-01 --report replay.html
        masthead replay --since 2026-01-01 --apply"""
    ready()
    from masthead.articles.replay import run as replays

    source = _source(slug)
    row, resumed = replays.begin(applies=applies, since=_aware(since), source=source, anew=restart)
    if resumed:
        click.echo(f"Going on with the run of {row.started_at:%Y-%m-%d %H:%M} UTC.", err=True)
    run, stopped = _shared(row) if _is_shared(row) else _alone(replays.Run(row))
    for failure in run.samples.failures:
        click.echo(f"masthead: entry {failure.entry}: {failure.error}", err=True)
    if report is not None:
        _write_report(run, report)
    click.echo(json.dumps(_summary(run, resumed), ensure_ascii=False) if as_json else _told(run))
    if stopped:
        click.echo(f"masthead: {stopped}", err=True)
    sys.exit(1 if stopped or run.findings.failed else 0)


def _is_shared(row: Replay) -> bool:
    """Whether workers of other processes go on with the run too."""
    from django.conf import settings

    return row.parts.exists() or bool(settings.MASTHEAD.broker and settings.MASTHEAD.database_url)


def _shared(row: Replay) -> tuple[Run, str]:
    """Go on to the end beside all workers; the run, and why the end was not reached."""
    from django.db import DatabaseError

    from masthead.articles.replay import parts

    stopped = ""
    try:
        parts.cut(row)
        shown = parts.looked(row)
        with Progress("Cleaning again", max(0, row.total - shown)) as progress:
            more = True
            while more:
                # This process takes its part as well: so the end is reached whether workers are there or not.
                found = parts.work()
                # Asked before the count, so that the last parts that others finish are shown too.
                more = bool(parts.left(row))
                now = parts.looked(row)
                progress.step(max(0, now - shown))
                shown = now
                if more and not found.more:
                    time.sleep(0.3)
    except KeyboardInterrupt:
        stopped = "stopped; workers go on, and so does the same command"
    except DatabaseError as error:
        stopped = f"the database failed ({error}); the same command goes on from here"
    return parts.gather(row), stopped


def _alone(run: Run) -> tuple[Run, str]:
    """Go on to the end; the run, and why the end was not reached, in words, or ""."""
    return run, _go_on(run)


def _go_on(run: Run) -> str:
    """Go on to the end; why it was not reached, in words, or ""."""
    from django.db import DatabaseError

    from masthead.articles.replay.run import Overtaken

    try:
        with Progress("Cleaning again", max(0, run.row.total - run.findings.looked)) as progress:
            run.go_on(progress.step)
    except KeyboardInterrupt:
        return "stopped; the same command goes on from here"
    except Overtaken:
        return "another process goes on with this run; this one ends"
    except DatabaseError as error:
        return f"the database failed ({error}); the same command goes on from here"
    return ""


def _source(slug: str) -> Source | None:
    from masthead.feeds.models import Source

    if not slug:
        return None
    found = Source.objects.filter(slug=slug).first()
    if found is None:
        raise click.UsageError(f"there is no source {slug}; `masthead feed list` names them")
    return found


def _aware(moment: datetime | None) -> datetime | None:
    """A moment given on the command line, in the site's zone."""
    from django.utils import timezone

    return None if moment is None else timezone.make_aware(moment)


def _summary(run: Run, resumed: bool) -> dict[str, Any]:
    from masthead.core.records import to_builtins

    found = to_builtins(run.findings)
    kept = to_builtins(run.samples)
    for name, count in found["fields"].items():
        count["samples"] = [
            {key: sample[key] for key in ("article", "title", "before", "after")}
            for sample in kept["fields"].get(name, [])
        ]
    return {
        "schema": SCHEMA,
        "run": run.row.pk,
        "resumed": resumed,
        "finished": run.row.finished_at is not None,
        "applied": run.row.applies,
        "total": run.row.total,
        **found,
        "failures": kept["failures"],
    }


def _told(run: Run) -> str:
    found = run.findings
    did = "" if run.row.applies else "would be "
    lines = [
        f"{found.looked} of {run.row.total} entries cleaned again: {found.same} as they were, "
        f"{found.revised} {did}revised (readers notice), {found.refreshed} {did}refreshed (only the record), "
        f"{found.made} {did}made, {found.failed} failed"
    ]
    lines += [f"  left alone, {reason}: {count}" for reason, count in found.left.items()]
    if found.fields:
        lines.append(f"  {'field':<14} {'differs':>8} {'noticed':>8} {'gained':>8} {'lost':>8}")
    for name, count in sorted(found.fields.items(), key=lambda pair: -pair[1].changed):
        lines.append(f"  {name:<14} {count.changed:>8} {count.seen:>8} {count.gained:>8} {count.lost:>8}")
    if not run.row.applies and (found.revised or found.refreshed or found.made):
        lines.append("Nothing was written; --apply writes it, --report FILE.html shows it.")
    return "\n".join(lines)


def _write_report(run: Run, path: Path) -> None:
    from django.conf import settings
    from django.utils import timezone

    from masthead.articles.replay import report
    from masthead.pages import addresses

    page = report.page(
        run.row,
        run.findings,
        run.samples,
        site=settings.MASTHEAD.site_name,
        now=timezone.now(),
        address=lambda pk, slug: addresses.absolute(addresses.article(pk, slug)),
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        click.echo(f"masthead: the report could not be written to {path}: {error.strerror}", err=True)
        sys.exit(2)
