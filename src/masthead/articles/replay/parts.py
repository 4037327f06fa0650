"""A replay that several processes share: a run is cut into parts, each a run of its own, which whoever is free takes.

A part is claimed with a lease and gone on with as any run: on condition of its mark. So a process may be killed in the
middle of one, and of two that have the same part one ends; nothing is written or counted twice.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from masthead.articles.models import Replay
from masthead.articles.replay.findings import Findings, Samples
from masthead.articles.replay.run import Overtaken, Run, scope
from masthead.core.engine import fingerprint
from masthead.core.records import from_builtins, to_builtins
from masthead.feeds.locking import locked
from masthead.store import leases
from masthead.store.steps import Outcome

PART = 200
"""Entries of a part: some seconds of work, which is what a kill costs at most."""
_LEASE = timedelta(minutes=10)


def cut(row: Replay) -> None:
    """Cut what is left of a run into parts, unless that was done."""
    with transaction.atomic():
        whole = locked(Replay.objects.filter(pk=row.pk)).get()
        if whole.parts.exists() or whole.finished_at is not None:
            return
        rows = scope(whole.since, whole.source).filter(pk__gt=whole.last_entry, pk__lte=whole.until_entry)
        parts: list[Replay] = []
        last, count = whole.last_entry, 0
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000):
            count += 1
            if count == PART:
                parts.append(_part(whole, last, pk, count))
                last, count = pk, 0
        if count or not parts:
            parts.append(_part(whole, last, whole.until_entry, count))
        Replay.objects.bulk_create(parts, batch_size=500)


def _part(whole: Replay, last: int, until: int, count: int) -> Replay:
    return Replay(
        whole=whole,
        started_at=timezone.now(),
        engine=whole.engine,
        applies=whole.applies,
        since=whole.since,
        source=whole.source,
        total=count,
        last_entry=last,
        until_entry=until,
    )


def _open() -> QuerySet[Replay]:
    """Parts that this program can go on with."""
    return Replay.objects.filter(
        whole__isnull=False, whole__finished_at=None, finished_at=None, engine=fingerprint()
    ).order_by("pk")


def work(limit: int = 1) -> Outcome:
    """Go on with up to `limit` parts that nobody has. `done` counts entries."""
    done = failed = 0
    with leases.claimed(_open(), limit, _LEASE) as keys:
        for row in Replay.objects.filter(pk__in=keys).order_by("pk"):
            run = Run(row)
            looked, refused = run.findings.looked, run.findings.failed
            try:
                run.go_on()
            except Overtaken:
                continue
            done += run.findings.looked - looked
            failed += run.findings.failed - refused
    return Outcome(done=done, failed=failed, more=bool(keys))


def looked(row: Replay) -> int:
    """How many entries of the run were looked at, by everybody."""
    return sum(found.get("looked", 0) for found in _found(row))


def left(row: Replay) -> int:
    """How many parts are not done."""
    return Replay.objects.filter(whole=row, finished_at=None).count()


def _found(row: Replay) -> list[dict[str, int]]:
    own = Replay.objects.filter(pk=row.pk).values_list("findings", flat=True)
    return [found for found in (*own, *row.parts.values_list("findings", flat=True)) if found]


def gather(row: Replay) -> Run:
    """The whole run, with what its parts found; ended where they all are."""
    run = Run(Replay.objects.get(pk=row.pk))
    if run.row.finished_at is not None:
        return run
    for part in run.row.parts.order_by("pk").iterator(chunk_size=200):
        run.findings.take_over(from_builtins(part.findings or {}, Findings))
        run.samples.take_over(from_builtins(part.samples or {}, Samples))
    if not left(row):
        ended = {"finished_at": timezone.now(), "last_entry": run.row.until_entry}
        found = {"findings": to_builtins(run.findings), "samples": to_builtins(run.samples)}
        Replay.objects.filter(pk=row.pk, finished_at=None).update(**ended, **found)
        run.row.refresh_from_db()
    return run
