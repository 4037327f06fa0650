"""OPML in and out of the tables, for `masthead feed import` and `export`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click
from django.db import transaction
from django.utils.text import slugify

from masthead.cli._progress import Progress
from masthead.core.parse import opml
from masthead.feeds import queries
from masthead.feeds.models import FeedState
from masthead.feeds.subscribe import NotSubscribed, Wish, subscribe
from masthead.pages.models import Section

# So many lines are written in one transaction.
_CHUNK = 50


@dataclass(slots=True)
class Counts:
    """What became of the lines of all files; `unreadable` counts files."""

    imported: int = 0
    known: int = 0
    refused: int = 0
    unreadable: int = 0


def import_files(files: Sequence[Path], section: str, as_json: bool) -> Counts:
    """Subscribe to everything that the files list. Every line is imported, known, or named on stderr."""
    counts = Counts()
    for file in files:
        try:
            listed = opml.read(file.read_bytes())
        except OSError as error:
            counts.unreadable += 1
            click.echo(f"masthead: {file} cannot be read: {error.strerror}", err=True)
            continue
        for problem in listed.problems:
            _refused(counts, file, problem.line, problem.reason, as_json)
        if not listed.feeds and listed.problems:
            counts.unreadable += 1
        _import_list(file, listed.feeds, section, as_json, counts)
    click.echo(f"{counts.imported} imported, {counts.known} already there, {counts.refused} refused", err=True)
    return counts


def _import_list(file: Path, feeds: Sequence[opml.ListedFeed], section: str, as_json: bool, counts: Counts) -> None:
    sections = _Sections()
    rest: Iterator[opml.ListedFeed] = iter(feeds)
    with Progress(f"Importing {file.name}", len(feeds)) as progress:
        while chunk := list(islice(rest, _CHUNK)):
            with transaction.atomic():
                for line in chunk:
                    _import_line(file, line, section or sections.slug(line.folders), as_json, counts)
            progress.step(len(chunk))


def _import_line(file: Path, line: opml.ListedFeed, section: str, as_json: bool, counts: Counts) -> None:
    wish = Wish(line.url, title=line.title, home_url=line.home_url, section=section, language=line.language)
    try:
        made = subscribe(wish)
    except NotSubscribed as error:
        _refused(counts, file, line.line, str(error), as_json)
        return
    if made.created:
        counts.imported += 1
    else:
        counts.known += 1
    if as_json:
        state = "imported" if made.created else "known"
        _print(file, line.line, {"state": state, "feed": made.feed.pk, "url": made.feed.url})


def _refused(counts: Counts, file: Path, line: int, reason: str, as_json: bool) -> None:
    counts.refused += 1
    click.echo(f"masthead: {file}:{line}: {reason}", err=True)
    if as_json:
        _print(file, line, {"state": "refused", "reason": reason})


def _print(file: Path, line: int, fields: dict[str, object]) -> None:
    click.echo(json.dumps({"file": str(file), "line": line, **fields}, ensure_ascii=False))


class _Sections:
    """Folders of a list as sections of the site, by slug or by name in any language."""

    def __init__(self) -> None:
        self._by_name: dict[str, str] = {}
        for section in Section.objects.all():
            for name in (section.slug, section.name, *section.names.values()):
                self._by_name[name.casefold()] = section.slug

    def slug(self, folders: Sequence[str]) -> str:
        """The section of a feed that stands in these folders, the outermost of which counts; "" for none."""
        if not folders:
            return ""
        return self._by_name.get(folders[0].casefold()) or slugify(folders[0], allow_unicode=True)[:60]


def export() -> bytes:
    """All feeds as OPML 2.0, in folders by section."""
    listed = (
        opml.ListedFeed(
            url=feed.url,
            title=feed.title or feed.source.name,
            home_url=feed.home_url or feed.source.home_url,
            folders=(feed.section,) if feed.section else (),
            language=feed.language,
            description=feed.source.description[:500],
        )
        for feed in queries.listing().exclude(state=FeedState.IMPORTED)
    )
    return opml.write(listed, title="Subscriptions")
