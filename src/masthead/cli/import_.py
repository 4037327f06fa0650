"""`masthead import`: archives of other systems become healed articles, whose old addresses lead to them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from masthead.cli import ready

REFUSED, UNUSABLE = 1, 2


@click.command(name="import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", default="", help="Publisher that all belongs to. Default: the site that the file names.")
@click.option("--language", default="", help="Language, such as `de`, if the file does not say.")
@click.option(
    "--policy",
    type=click.Choice(["full", "excerpt", "link"]),
    help="What may be shown of a new publisher. Default: full for exports of WordPress and Blogger, which only their"
    " owner can make; else by its licence.",
)
@click.option("--section", default="", help="Section of all articles; default: by their categories.")
@click.option("--url", default="", help="Address that the files of a folder stood at, or that of a blog.")
@click.option("--drafts", is_flag=True, help="Drafts as well: held, so that no reader sees them.")
@click.option("--pages", is_flag=True, help="Static pages of WordPress and Blogger as well.")
@click.option("--dry-run", is_flag=True, help="Do everything, show what would come of it, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object on stdout.")
def command(
    files: tuple[Path, ...],
    source: str,
    language: str,
    policy: str | None,
    section: str,
    url: str,
    drafts: bool,
    pages: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import archives: WordPress exports (WXR), Blogger's, saved pages (HTML, MHTML), posts in text files.

    FILE may also be a folder or a zip of these, and each may be packed with gzip. Nothing is fetched; pictures are
    asked for by the running site. Running it again adds nothing, and goes on where it was stopped.

    \b
    Example:
        masthead import old-site.xml --dry-run
        masthead import old-site.xml"""
    ready()
    from masthead.cli import _import, _import_report
    from masthead.core.archive import Wanted
    from masthead.core.urls import absolute
    from masthead.feeds.archive import Deposit

    base = absolute(url) if "://" in url or not url else absolute(f"https://{url}")
    if url and not base:
        raise click.UsageError(f"--url {url!r} is no http or https address")
    deposit = Deposit(source=source, policy=policy or "", language=language, section=section)
    wanted = Wanted(drafts=drafts, pages=pages, base=base if not base or base.endswith("/") else f"{base}/")
    report = _import.run(files, deposit, wanted, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(_import_report.as_json(report), ensure_ascii=False))
    else:
        click.echo(_import_report.as_text(report), nl=False)
    if not report.anything:
        sys.exit(UNUSABLE)
    if report.refused:
        sys.exit(REFUSED)
