"""How long exchanges with feeds are kept, and the bodies that came with them: `keep_exchanges`, `keep_bodies`.

Items keep their own original bytes (`entries.retain`); what stands here is the envelope they came in. Kept whatever its
age: what was not read yet, the newest body and the newest exchange of each feed, and archives that were imported.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from masthead.feeds.models import FeedState, Fetch
from masthead.store.steps import Outcome
from masthead.store.sweep import Sweep

BATCH = 500
_UNREAD = Q(ingested_at=None, body__isnull=False)


def _later(**wanted: object) -> Exists:
    return Exists(Fetch.objects.filter(feed=OuterRef("feed"), pk__gt=OuterRef("pk"), **wanted))


def _bodies(keys: list[int]) -> int:
    """Let go of bodies; how many."""
    return _old(keys).filter(_later(body__isnull=False), body__isnull=False).update(body=None)


def _exchanges(keys: list[int]) -> int:
    """Forget exchanges. Versions of entries that came with them stay, and say no more with which they came."""
    with transaction.atomic():
        # The newest body of a feed is what WebSub compares with, and an operator who looks for a fault.
        not_the_last = Q(body=None) | Q(_later(body__isnull=False))
        rows = list(_old(keys).filter(_later(), not_the_last).values_list("pk", flat=True))
        Fetch.objects.filter(pk__in=rows).delete()
    return len(rows)


def _old(keys: list[int]) -> QuerySet[Fetch]:
    return Fetch.objects.filter(pk__in=keys).exclude(_UNREAD).exclude(feed__state=FeedState.IMPORTED)


BODIES = Sweep(Fetch.objects.all, "started_at", _bodies)
EXCHANGES = Sweep(Fetch.objects.all, "started_at", _exchanges)


def retain() -> Outcome:
    """One batch of each. `done` counts bodies and exchanges that went."""
    now, done, more = timezone.now(), 0, False
    for sweep, days in ((BODIES, settings.MASTHEAD.keep_bodies), (EXCHANGES, settings.MASTHEAD.keep_exchanges)):
        if days > 0:
            went, left = sweep.run(now - timedelta(days=days), BATCH)
            done, more = done + went, more or left
    return Outcome(done=done, more=more)
