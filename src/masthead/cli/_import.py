"""The import itself: pieces are read, posts kept, articles made, batch by batch, so that it may be stopped anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from masthead.articles.clean import clean
from masthead.articles.models import Image, Revision
from masthead.cli._import_report import Report
from masthead.cli._progress import Progress
from masthead.core.archive import LeftOut, Library, Piece, Post, Refused, Wanted, pieces, prepare, read
from masthead.entries.keep import Kept, keep, waiting, with_language
from masthead.entries.match import chunks
from masthead.entries.models import Entry
from masthead.feeds.archive import Deposit, archive_of, begin
from masthead.feeds.models import Feed, Fetch
from masthead.site.old_addresses import stands_here

_BATCH = 50
_BATCH_BYTES = 4_000_000
# While a dry run lasts, nobody else can write: its batches are short.
_DRY_BATCH = 10
# Only whoever runs a site can make these; they may show what is theirs.
_OWN = ("wxr", "blogger")


def run(files: Sequence[Path], deposit: Deposit, wanted: Wanted, *, dry_run: bool) -> Report:
    """Import all that the files hold. Every refusal is named on stderr at once."""
    report = Report(files=[str(file) for file in files], dry_run=dry_run)
    began = timezone.now()
    importer = _Importer(deposit, report)
    found: list[Piece] = []
    for file in files:
        for piece in pieces(file):
            if isinstance(piece, Piece):
                found.append(piece)
            else:
                importer.aside(piece)
    library = Library()
    total = 0
    with Progress("Looking through", len(found)) as progress:
        for piece in found:
            total += prepare(piece, library)
            progress.step()
    with Progress("Importing", total) as progress:
        for piece in found:
            for one in read(piece, library, wanted):
                importer.take(one)
                progress.step()
        importer.flush()
    if not dry_run:
        report.pictures = Image.objects.filter(created_at__gte=began, source__in=importer.sources).count()
    if not report.anything and not report.refused:
        click.echo("masthead: nothing here can be imported (masthead import --help tells what can)", err=True)
    return report


class _Importer:
    """Collects posts of one source, writes them as a batch, and makes their articles."""

    def __init__(self, deposit: Deposit, report: Report) -> None:
        self._deposit, self._report = deposit, report
        self._batch: list[Post] = []
        self._bytes = 0
        self._feeds: dict[tuple[str, str], tuple[Feed, Fetch]] = {}
        self.sources: set[int] = set()

    def take(self, one: Post | LeftOut | Refused) -> None:
        """One thing that was found."""
        if not isinstance(one, Post):
            self.aside(one)
            return
        if self._deposit.language:
            one = with_language(one, self._deposit.language)
        if self._batch and self._key(self._batch[0]) != self._key(one):
            self.flush()
        self._report.comments += one.comments
        self._batch.append(one)
        self._bytes += len(one.entry.original)
        if len(self._batch) >= (_DRY_BATCH if self._report.dry_run else _BATCH) or self._bytes > _BATCH_BYTES:
            self.flush()

    def aside(self, one: LeftOut | Refused) -> None:
        """Something that becomes no article."""
        if isinstance(one, LeftOut):
            self._report.left_out[one.reason] += 1
            self._report.comments += one.comments
            return
        self._refuse(one.where, one.reason)

    def flush(self) -> None:
        """Write the batch and make its articles."""
        posts, self._batch, self._bytes = self._batch, [], 0
        if not posts:
            return
        if not self._report.dry_run:
            self._write(posts)
            return
        with transaction.atomic():
            self._feeds.clear()
            self._write(posts)
            transaction.set_rollback(True)
        self._feeds.clear()

    def _key(self, post: Post) -> tuple[str, str]:
        return (self._deposit.source, "") if self._deposit.source else (post.publication.title, post.publication.link)

    def _write(self, posts: Sequence[Post]) -> None:
        feed, fetch = self._feed(posts[0])
        kept = keep(feed, fetch, posts, stands_here)
        self._count(feed, kept)
        fresh = waiting([feed.pk]) | kept.fresh
        while clean(feeds=[feed.pk]).more:
            pass
        self._tell(fresh, kept)

    def _feed(self, post: Post) -> tuple[Feed, Fetch]:
        key = self._key(post)
        if key not in self._feeds:
            feed = archive_of(post.publication, self._deposit, "full" if post.format.startswith(_OWN) else "")
            self._feeds[key] = feed, begin(feed, post.where.partition(": ")[0])
            self.sources.add(feed.source_id)
        return self._feeds[key]

    def _count(self, feed: Feed, kept: Kept) -> None:
        report = self._report
        report.new += kept.new
        report.changed += kept.changed
        report.known += kept.known
        report.addresses += kept.addresses
        report.taken += kept.taken
        if kept.new:
            report.sources[feed.source.name] += kept.new

    def _tell(self, fresh: set[int], kept: Kept) -> None:
        """Enter what became of the entries that are new or had waited."""
        for keys in chunks(sorted(fresh)):
            # In the order of the archive, as a dry run tells it.
            rows = Revision.objects.filter(article__entry__in=keys, article__revision=F("pk")).order_by(
                "article__entry_id"
            )
            for title, repairs, warnings in rows.values_list(
                "article__title", "document__repairs", "document__warnings"
            ):
                self._report.heal(title, repairs or [], warnings or [])
            failed = Entry.objects.filter(pk__in=keys, cleaned_version=-1).values_list("pk", "clean_error")
            for pk, error in failed:
                self._refuse(kept.entries.get(pk, f"entry {pk}"), error)

    def _refuse(self, where: str, reason: str) -> None:
        self._report.refused.append((where, reason))
        click.echo(f"masthead: {where}: {reason}", err=True)
