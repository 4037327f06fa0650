"""OPML in and out of the tables, for `masthead feed import` and `export`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click
from django.db.models import Max
from django.utils.text import slugify

from masthead.cli._progress import Progress
from masthead.core.parse import opml
from masthead.feeds import queries
from masthead.feeds.bulk import subscribe_all
from masthead.feeds.models import Feed, FeedState, FullText, Policy, Source
from masthead.feeds.subscribe import NotSubscribed, Subscribed, Wish
from masthead.pages.models import Section

# So many lines are written in one transaction.
_CHUNK = 500


@dataclass(slots=True)
class Counts:
    """What became of the lines of all files; `unreadable` counts files, `withheld` lines whose rights wait.

    `newest`: the last publisher who was here before.
    """

    imported: int = 0
    known: int = 0
    refused: int = 0
    unreadable: int = 0
    withheld: int = 0
    newest: int = 0


def import_files(files: Sequence[Path], section: str, as_json: bool, *, rights: bool = False) -> Counts:
    """Subscribe to everything that the files list. Every line is imported, known, or named on stderr.

    `rights`: also a list's word that a publisher's full text may be shown.
    """
    counts = Counts(newest=Source.objects.aggregate(newest=Max("pk"))["newest"] or 0)
    for file in files:
        try:
            listed = opml.read(file.read_bytes())
        except OSError as error:
            counts.unreadable += 1
            click.echo(f"masthead: {file} cannot be read: {error.strerror}", err=True)
            continue
        for problem in listed.problems:
            _problem(counts, file, problem, as_json)
        if not listed.feeds and listed.problems:
            counts.unreadable += 1
        _import_list(file, listed.feeds, section, as_json, counts, rights=rights)
    if counts.withheld:
        click.echo(
            f"masthead: {counts.withheld} publishers whose full text the list would show are kept at “by licence”; "
            "--rights takes its word",
            err=True,
        )
    click.echo(f"{counts.imported} imported, {counts.known} already there, {counts.refused} refused", err=True)
    return counts


def _import_list(
    file: Path, feeds: Sequence[opml.ListedFeed], section: str, as_json: bool, counts: Counts, *, rights: bool
) -> None:
    sections = _Sections()
    rest: Iterator[opml.ListedFeed] = iter(feeds)
    with Progress(f"Importing {file.name}", len(feeds)) as progress:
        while chunk := list(islice(rest, _CHUNK)):
            wishes = [_wish(line, section or sections.slug(line.folders), counts, rights=rights) for line in chunk]
            for line, result in zip(chunk, subscribe_all(wishes), strict=True):
                _tell(file, line, result, as_json, counts)
            progress.step(len(chunk))


def _wish(line: opml.ListedFeed, section: str, counts: Counts, *, rights: bool) -> Wish:
    """A line as it is wanted. What a stranger's list says may lessen rights and never widen them."""
    ours = dict(line.settings)
    policy = ours.get("policy", "")
    if policy == Policy.FULL and not rights:
        counts.withheld += 1
        policy = ""
    return Wish(
        line.url,
        ours.get("source", ""),
        line.title,
        line.home_url,
        section,
        policy,
        ours.get("fulltext", ""),
        line.language,
        line.folders,
        (ours.get("reason") or "paused in the list") if ours.get("state") == FeedState.PAUSED else "",
    )


def _tell(file: Path, line: opml.ListedFeed, result: Subscribed | NotSubscribed, as_json: bool, counts: Counts) -> None:
    if isinstance(result, NotSubscribed):
        _refused(counts, file, line.line, str(result), as_json)
        return
    if result.created:
        counts.imported += 1
        if result.feed.source_id <= counts.newest:
            # A list says itself whose feeds these are: that can be looked at.
            name = f"{result.feed.source.name!r}, who was here before"
            click.echo(f"masthead: {file}:{line.line}: {result.feed.url} was added to {name}", err=True)
    else:
        counts.known += 1
    if as_json:
        state = "imported" if result.created else "known"
        _print(file, line.line, {"state": state, "feed": result.feed.pk, "url": result.feed.url})


def _problem(counts: Counts, file: Path, problem: opml.ListProblem, as_json: bool) -> None:
    """A line that gave no feed; one that only says again what another said is told and is no failure."""
    if not problem.again:
        _refused(counts, file, problem.line, problem.reason, as_json)
        return
    counts.known += 1
    click.echo(f"masthead: {file}:{problem.line}: {problem.reason}", err=True)
    if as_json:
        _print(file, problem.line, {"state": "known", "reason": problem.reason})


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
    """All feeds as OPML 2.0, in the folders that a list had them in, else by section, with our settings."""
    sections = _Sections()
    listed = (
        opml.ListedFeed(
            url=feed.url,
            title=feed.title or feed.source.name,
            home_url=feed.home_url or feed.source.home_url,
            folders=_folders(feed, sections),
            language=feed.language,
            description=feed.source.description[:500],
            settings=tuple(_settings(feed)),
        )
        for feed in queries.listing().exclude(state=FeedState.IMPORTED)
    )
    return opml.write(listed, title="Subscriptions")


def _folders(feed: Feed, sections: _Sections) -> tuple[str, ...]:
    """The folders of the list that the feed came from, unless an editor has since moved it to another section."""
    folders = tuple(str(folder) for folder in feed.hints.get("folders", ()))
    if folders and sections.slug(folders) == feed.section:
        return folders
    return (feed.section,) if feed.section else ()


def _settings(feed: Feed) -> Iterator[tuple[str, str]]:
    """What differs from the defaults."""
    if feed.source.name != (feed.title or feed.source.name):
        yield "source", feed.source.name
    if feed.full_text != FullText.AUTO:
        yield "fullText", feed.full_text
    if feed.source.policy:
        yield "policy", feed.source.policy
    if feed.state == FeedState.PAUSED:
        yield "state", feed.state
        yield "reason", feed.reason
