"""A replay over the archive: entry by entry in the order of their keys, stopped and gone on with wherever it was.

What an entry became and the mark that it is done are written in one transaction, on the condition that the mark is
still where this process left it. So a run may be killed anywhere; of two that go on with one run, one ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import Error as DatabaseError
from django.db import reset_queries, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from masthead.articles.models import Replay, Revision
from masthead.articles.replay.entry import OVERTAKEN, Found, apply, look
from masthead.articles.replay.findings import Findings, Samples
from masthead.core.engine import fingerprint
from masthead.core.records import from_builtins, to_builtins
from masthead.entries.models import Entry
from masthead.feeds.models import Source
from masthead.store import generation

log = logging.getLogger(__name__)

BATCH = 100
_RUNS_KEPT = 20


class Overtaken(Exception):
    """Another process goes on with the same run."""


def begin(*, applies: bool, since: datetime | None, source: Source | None, anew: bool = False) -> tuple[Replay, bool]:
    """The run to go on with, and whether it was begun before.

    A run that was asked for in the same words, by the same program, and has not ended is gone on with, unless `anew`.
    """
    asked = {"engine": fingerprint(), "applies": applies, "since": since, "source": source}
    unfinished = Replay.objects.filter(**asked, finished_at=None, whole=None).order_by("-pk").first()
    if unfinished is not None and not anew:
        return unfinished, True
    entries = scope(since, source)
    newest = entries.aggregate(newest=Max("pk"))["newest"] or 0
    row = Replay.objects.create(
        **asked, started_at=timezone.now(), total=entries.filter(pk__lte=newest).count(), until_entry=newest
    )
    old = list(
        Replay.objects.filter(whole=None).order_by("-pk").values_list("pk", flat=True)[_RUNS_KEPT : 2 * _RUNS_KEPT]
    )
    Replay.objects.filter(pk__in=old).delete()
    return row, False


def scope(since: datetime | None, source: Source | None) -> QuerySet[Entry]:
    """The entries that a replay looks at: first received at or after `since`, of `source`; None for all."""
    entries = Entry.objects.all()
    if since is not None:
        entries = entries.filter(first_seen_at__gte=since)
    return entries.filter(source=source) if source is not None else entries


class Run:
    """Goes on with a run. `findings` and `samples` are those of the whole run, what was done before included."""

    def __init__(self, row: Replay) -> None:
        self.row = row
        self.findings = from_builtins(row.findings or {}, Findings)
        self.samples = from_builtins(row.samples or {}, Samples)
        self._sampled = False  # samples that are not stored yet
        self._same: list[int] = []  # revisions that are as this program would make them

    def go_on(self, on_step: Callable[[], None] = lambda: None) -> None:
        """Look at all that is left, write where the run applies. `on_step` is called after each entry.

        Raises `Overtaken`, and database errors; what was done until then stays done.
        """
        for keys in self._batches():
            changed = False
            for pk in keys:
                changed = self._step(pk) or changed
                on_step()
            self._save(keys[-1])
            if changed:
                generation.bump()
            reset_queries()
        self._save(self.row.until_entry, finished_at=timezone.now())

    def _batches(self) -> Iterator[list[int]]:
        rows = scope(self.row.since, self.row.source).filter(pk__lte=self.row.until_entry).order_by("pk")
        last = self.row.last_entry
        while keys := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
            yield keys
            last = keys[-1]

    def _step(self, pk: int) -> bool:
        """One entry; tells whether anything was written that readers see."""
        self.findings.looked += 1
        try:
            found = look(pk)
        except DatabaseError:
            raise
        except Exception as error:
            log.warning("entry %s could not be cleaned again: %s", pk, error)
            self.findings.failed += 1
            self.samples.fail(pk, f"{type(error).__name__}: {error}")
            self._sampled = True
            return False
        if found is None or found.left:
            self.findings.leave(found.left if found else OVERTAKEN)
            return False
        if found.article is not None and not found.differences:
            self.findings.same += 1
            if found.article.revision_id is not None:
                self._same.append(found.article.revision_id)
            return False
        if not self.row.applies:
            self._count(found)
            return False
        with transaction.atomic():
            written = apply(found)
            if written:
                self._count(found)
            else:
                self.findings.leave(OVERTAKEN)
            self._save(pk)
        return written

    def _count(self, found: Found) -> None:
        if found.article is None:
            self.findings.made += 1
            return
        self.findings.count(found.differences)
        for difference in found.differences:
            chosen = self.samples.add(found.article.pk, found.article.slug, found.article.title, difference)
            self._sampled = self._sampled or chosen

    def _save(self, last: int, finished_at: datetime | None = None) -> None:
        """Store how far the run is, and what it found. Raises `Overtaken` when the stored mark is not ours."""
        fields = {"last_entry": last, "finished_at": finished_at, "findings": to_builtins(self.findings)}
        if self._sampled:
            fields["samples"] = to_builtins(self.samples)
        with transaction.atomic():
            mine = Replay.objects.filter(pk=self.row.pk, last_entry=self.row.last_entry, finished_at=None)
            if not mine.update(**fields):
                raise Overtaken
            if self.row.applies and self._same:
                Revision.objects.filter(pk__in=self._same).update(engine=self.row.engine)
        self.row.last_entry, self.row.finished_at = last, finished_at
        self._sampled = False
        self._same.clear()
