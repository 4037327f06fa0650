"""Which messages are to be sent: one for every revision and every takedown since an endpoint was last served.

An endpoint's progress and the messages are written in one transaction, on the condition that the progress is still
what was read: of two processes that queue at once, one writes and the other finds nothing to do.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import BooleanField, Exists, F, OuterRef
from django.db.models.expressions import RawSQL
from django.utils import timezone

from masthead.articles.models import Article, ArticleState, Revision
from masthead.delivery.models import Dispatch, Endpoint
from masthead.feeds.models import FeedState
from masthead.store import generation

Event = Dispatch.Event
# In PostgreSQL a row with a lower id may be committed after one with a higher. A row stands when its transaction is
# older than every one that still writes; SQLite has one writer at a time, so there every row stands.
_STANDS = "age(articles_revision.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"
# A hub reads our feeds at once: let the pages be arranged and their cache renewed, and what comes together go together.
PING_AFTER = timedelta(seconds=30)
MOST_IN_PING = 5000

_hard_seen: int | None = None


def queue(limit: int) -> tuple[int, bool]:
    """Queue messages for every active endpoint; returns how many, and whether there is more to queue right now."""
    global _hard_seen
    queued, more = 0, False
    hard = generation.current()[1]
    for endpoint in Endpoint.objects.filter(active=True).order_by("pk"):
        count, full = _revisions(endpoint, limit)
        queued += count
        more = more or full
        # Every takedown moves this counter; without one there is no need to look for any.
        if hard != _hard_seen:
            queued += _takedowns(endpoint)
    _hard_seen = hard
    return queued, more


def _start(endpoint: Endpoint) -> int:
    """The last revision that is not news to an endpoint: at first, all that was made before it was."""
    if endpoint.queued_revision:
        return endpoint.queued_revision
    before = Revision.objects.filter(made_at__lt=endpoint.created_at).order_by("-pk").values_list("pk", flat=True)
    return before.first() or 0


def _revisions(endpoint: Endpoint, limit: int) -> tuple[int, bool]:
    now = timezone.now()
    news = Revision.objects.filter(pk__gt=_start(endpoint))
    stands = RawSQL(_STANDS if connection.vendor == "postgresql" else "1", [], output_field=BooleanField())  # noqa: S611
    columns = (
        "pk",
        "article_id",
        "number",
        "origin",
        "article__embargo_until",
        "article__entry__feed__state",
        "stands",
    )
    found = news.annotate(stands=stands).order_by("pk").values_list(*columns, named=True)[:limit]
    rows = list(takewhile(lambda row: row.stands, found))
    if not rows:
        return 0, False
    with transaction.atomic():
        mine = Endpoint.objects.filter(pk=endpoint.pk, queued_revision=endpoint.queued_revision)
        if not mine.update(queued_revision=rows[-1].pk):
            return 0, False
        # A better repair of ours, replayed over the archive, is no news; nor is an archive that was imported.
        told = [
            row
            for row in rows
            if row.origin != Revision.Origin.OURS and row.article__entry__feed__state != FeedState.IMPORTED
        ]
        if endpoint.kind == Endpoint.Kind.WEBSUB:
            _ping(endpoint, {row.article_id for row in told}, now)
        else:
            Dispatch.objects.bulk_create(
                Dispatch(
                    endpoint=endpoint,
                    article_id=row.article_id,
                    event=Event.PUBLISHED if row.number == 1 else Event.CHANGED,
                    payload={"revision": row.number},
                    created_at=now,
                    due_at=max(now, row.article__embargo_until or now),
                )
                for row in told
            )
    return len(told), len(rows) == limit


def _ping(endpoint: Endpoint, articles: set[int], now: datetime) -> None:
    """Have a hub told of these articles' feeds, together with what it is about to be told anyway."""
    if not articles:
        return
    # Not one that is being sent: that is due again only when its lease ends.
    waiting = Dispatch.objects.filter(
        endpoint=endpoint, event=Event.FEEDS, tries=0, sent_at=None, due_at__gt=now, due_at__lte=now + PING_AFTER
    )
    ping = waiting.order_by("pk").first()
    known = ping.payload["articles"] if ping else []
    payload = {"articles": sorted({*known, *articles})[-MOST_IN_PING:]}
    if ping is None or not waiting.filter(pk=ping.pk).update(payload=payload):
        Dispatch.objects.create(
            endpoint=endpoint, event=Event.FEEDS, payload=payload, created_at=now, due_at=now + PING_AFTER
        )


def _takedowns(endpoint: Endpoint) -> int:
    """Queue what was taken down since the endpoint is served, and what was put back after it was told so."""
    told = Dispatch.objects.filter(endpoint=endpoint, article=OuterRef("pk"), event=Event.WITHDRAWN)
    down = Article.objects.filter(state=ArticleState.WITHDRAWN, state_at__gte=endpoint.created_at)
    down = down.exclude(Exists(told.filter(created_at__gte=OuterRef("state_at"))))
    later = Dispatch.objects.filter(endpoint=endpoint, article=OuterRef("article"), pk__gt=OuterRef("pk"))
    back = Dispatch.objects.filter(endpoint=endpoint, event=Event.WITHDRAWN, article__state=ArticleState.PUBLISHED)
    events = [(Event.WITHDRAWN, pk) for pk in down.order_by("pk").values_list("pk", flat=True)]
    events += [(Event.PUBLISHED, pk) for pk in back.exclude(Exists(later)).values_list("article_id", flat=True)]
    if not events:
        return 0
    now = timezone.now()
    websub = endpoint.kind == Endpoint.Kind.WEBSUB
    with transaction.atomic():
        mine = Endpoint.objects.filter(pk=endpoint.pk, takedowns_queued=endpoint.takedowns_queued)
        if not mine.update(takedowns_queued=F("takedowns_queued") + 1):
            return 0
        # A hub is told of feeds, not of articles: for it the rows only remember what was told.
        times = {"sent_at": now} if websub else {"due_at": now}
        Dispatch.objects.bulk_create(
            Dispatch(endpoint=endpoint, article_id=pk, event=event, created_at=now, **times) for event, pk in events
        )
        if websub:
            _ping(endpoint, {pk for _, pk in events}, now)
    return len(events)
