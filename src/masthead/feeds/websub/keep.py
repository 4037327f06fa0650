"""The step that keeps subscriptions at hubs as the feeds want them: asked for, renewed, ended.

What is wanted stands in the feeds; this compares and acts, so that it may be stopped anywhere and run by anybody. A
request is written down before it is sent, because a hub may ask us to confirm before it answers.
"""

from __future__ import annotations

import random
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from masthead.core.fetch import FetchRequest
from masthead.core.fetch.waiting import retry_after
from masthead.core.types import FetchResult
from masthead.feeds.client import fetch_many
from masthead.feeds.locking import feed_locked, locked
from masthead.feeds.models import HUB_LIVE, Feed, FeedState, HubState, HubSubscription
from masthead.feeds.websub import callback, own, polling, told, trust
from masthead.feeds.websub.turn import turn
from masthead.store.steps import Outcome

LEASE = timedelta(days=10)
"""Asked for; the hub decides."""
_CLAIM = timedelta(minutes=15)
# A hub that took a request has so long to ask us to confirm it, before it is asked again.
_PATIENCE = timedelta(hours=1)
_PAUSED = timedelta(minutes=10)
_LONGEST_REST = timedelta(days=7)
_MOST_TRIES_TO_LEAVE = 4
_KEEP_ENDED = timedelta(days=7)
# So long after its rest it is remembered that a hub was set aside.
_KEEP_ASIDE = timedelta(days=30)
_AT_ONCE = 200
# Neither is asked for anything.
_AT_REST = (HubState.ENDED, HubState.ASIDE)
_MOST_OF_ANSWER = 64_000
_UNANSWERED = "the hub took the request and did not ask this site to confirm it: can it be reached from outside?"


def keep(limit: int = 50) -> Outcome:
    """Bring subscriptions up to date and send up to `limit` requests to hubs."""
    now = timezone.now()
    wanted = 0
    if not callback.obstacle():
        own.look(now)
        wanted = _want(now)
    _leave_unwanted(now)
    _lapse(now)
    trust.call_off_the_silent(now)
    trust.doubt_the_stuck(now)
    counts = {"done": 0, "failed": 0}

    def note(request: FetchRequest, result: FetchResult) -> None:
        row = request.tag
        assert isinstance(row, HubSubscription)
        counts["done" if _note(row, result) else "failed"] += 1

    due = HubSubscription.objects.exclude(state__in=_AT_REST).filter(due_at__lte=now).order_by("due_at", "pk")
    rows = list(due[:limit])
    claimed = [row for row in rows if not _gave_up_waiting(row, now) and _claim(row, now)]
    if claimed:
        fetch_many([_request(row) for row in claimed], note)
    HubSubscription.objects.filter(state=HubState.ENDED, asked_at__lt=now - _KEEP_ENDED).delete()
    HubSubscription.objects.filter(state=HubState.ASIDE, due_at__lt=now - _KEEP_ASIDE).delete()
    return Outcome(counts["done"], counts["failed"], wanted == _AT_ONCE or len(rows) == limit)


def _want(now: datetime) -> int:
    """Make a subscription for every feed that names a hub and has none. Returns how many."""
    live = HubSubscription.objects.filter(feed=OuterRef("pk"), state__in=HUB_LIVE)
    feeds = Feed.objects.exclude(topic="").filter(~Exists(live), state=FeedState.ACTIVE).exclude(hub="")
    rows = list(feeds.order_by("pk").values_list("pk", "hub", "topic", "url")[:_AT_ONCE])
    for pk, hub, topic, url in rows:
        try:
            with transaction.atomic():
                # One that was set aside goes on where it was: its failures count, and its rest is kept.
                aside = HubSubscription.objects.filter(feed=pk, hub=hub, topic=topic, state=HubState.ASIDE).first()
                row = aside or HubSubscription(feed_id=pk, hub=hub, topic=topic)
                row.token = secrets.token_urlsafe(32)
                row.callback = callback.address_of(row.token)
                row.secret = secrets.token_hex(32) if _may_be_believed(hub, url) else ""
                row.state, row.due_at = HubState.WANTED, max(now, row.due_at or now)
                row.save()
        except IntegrityError:
            # Another process was quicker, or the feed is gone.
            continue
    return len(rows)


def _may_be_believed(hub: str, url: str) -> bool:
    """Whether a hub gets a secret: not where it would travel less safely than the feed itself does."""
    return hub.startswith("https:") or not url.startswith("https:")


def _leave_unwanted(now: datetime) -> None:
    """End what no feed wants any more: removed, stopped, with another hub or address, or while hubs cannot reach us."""
    same = Q(feed__hub=F("hub"), feed__topic=F("topic"), feed__state=FeedState.ACTIVE)
    if callback.obstacle():
        unwanted = HubSubscription.objects.filter(state__in=HUB_LIVE)
    else:
        here = Q(callback__startswith=f"{callback.base()}{callback.PATH}")
        wanted = HubSubscription.objects.filter(same & here)
        unwanted = HubSubscription.objects.filter(state__in=HUB_LIVE).exclude(pk__in=wanted.values("pk"))
    for row in unwanted[:_AT_ONCE]:
        with transaction.atomic():
            feed_locked(row.feed_id)
            mine = HubSubscription.objects.filter(pk=row.pk, state=row.state)
            if row.state in (HubState.ASKED, HubState.HELD):
                mine.update(state=HubState.LEAVING, due_at=now, failures=0, awaiting=False)
            else:
                mine.update(state=HubState.ENDED, due_at=None, asked_at=row.asked_at or now)
            if row.feed_id is not None:
                polling.restore(row.feed_id, now, "its hub is not used any more")


def _lapse(now: datetime) -> None:
    """Rely no more on hubs whose lease ran out; they go on being asked."""
    for row in HubSubscription.objects.filter(state=HubState.HELD, lease_until__lte=now)[:_AT_ONCE]:
        with transaction.atomic():
            feed_locked(row.feed_id)
            mine = HubSubscription.objects.filter(pk=row.pk, state=HubState.HELD, lease_until=row.lease_until)
            if mine.update(state=HubState.LAPSED, held_since=None, missed_at=None) and row.feed_id is not None:
                polling.restore(row.feed_id, now, "its hub's lease ran out")


def _gave_up_waiting(row: HubSubscription, now: datetime) -> bool:
    """Whether a request that was taken was never followed by a question to confirm it; then it counts as failed."""
    if not row.awaiting:
        return False
    with transaction.atomic():
        feed_locked(row.feed_id)
        mine = locked(HubSubscription.objects.filter(pk=row.pk, due_at=row.due_at, awaiting=True)).first()
        if mine is None:
            return True
        mine.awaiting = False
        if mine.state == HubState.LEAVING:
            mine.state, mine.due_at = HubState.ENDED, None
        else:
            mine.state = HubState.WANTED if mine.state == HubState.ASKED else mine.state
            mine.failures, mine.reason = mine.failures + 1, _UNANSWERED
            mine.due_at = _rest(mine.failures, 0, now)
            turn(mine, now)
        mine.save()
    return True


def _claim(row: HubSubscription, now: datetime) -> bool:
    """Take a due row for ourselves and write down what is asked; False when somebody else was quicker."""
    before = row.due_at
    row.asked_for = "unsubscribe" if row.state == HubState.LEAVING else "subscribe"
    row.asked_at, row.due_at = now, now + _CLAIM
    mine = HubSubscription.objects.filter(pk=row.pk, due_at=before, state=row.state)
    return mine.update(due_at=row.due_at, asked_for=row.asked_for, asked_at=now) == 1


def _request(row: HubSubscription) -> FetchRequest:
    """The form of section 5.1."""
    fields = {"hub.callback": row.callback, "hub.mode": row.asked_for, "hub.topic": row.topic}
    if row.asked_for == "subscribe":
        fields["hub.lease_seconds"] = str(int(LEASE.total_seconds()))
        if row.secret:
            fields["hub.secret"] = row.secret
    return FetchRequest(
        row.hub,
        kind="delivery",
        method="POST",
        body=urlencode(fields).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        max_bytes=_MOST_OF_ANSWER,
        tag=row,
    )


def _note(asked: HubSubscription, result: FetchResult) -> bool:
    """Write down what a hub answered; whether it took the request.

    A row whose due time is no more the claim's was confirmed, denied or ended meanwhile: that counts.
    """
    now = timezone.now()
    # What led to a GET (301, 302, 303) never reached the hub as a request.
    turned = any(hop.status in (301, 302, 303) for hop in result.redirects)
    taken = result.error is None and 200 <= result.status < 300 and not turned
    with transaction.atomic():
        feed_locked(asked.feed_id)
        row = locked(HubSubscription.objects.filter(pk=asked.pk, due_at=asked.due_at)).first()
        if row is None:
            return taken
        if taken:
            row.awaiting, row.due_at, row.reason = True, now + _PATIENCE, ""
            if row.state in (HubState.WANTED, HubState.LAPSED, HubState.DENIED):
                row.state = HubState.ASKED
        elif result.error == "paused":
            row.due_at = max(now + _PAUSED, retry_after(result.headers, now) or now)
        else:
            _fail(row, _words(result, turned), result, now)
        row.save()
    return taken


def _fail(row: HubSubscription, why: str, result: FetchResult, now: datetime) -> None:
    row.failures += 1
    row.reason = why[:500]
    row.due_at = max(_rest(row.failures, result.status, now), retry_after(result.headers, now) or now)
    if row.state == HubState.LEAVING and row.failures >= _MOST_TRIES_TO_LEAVE:
        # Its lease ends by itself, and what it sends until then is answered with 410.
        row.state, row.due_at = HubState.ENDED, None
    turn(row, now)


def _words(result: FetchResult, turned: bool) -> str:
    if turned:
        return "the hub sends requests elsewhere in a way that loses them (301, 302 or 303)"
    if result.error:
        return result.error_detail
    said = told.printable(result.body[:300].decode("utf-8", "replace"))
    plain = result.headers.get("content-type", "").startswith("text/plain")
    return f"the hub answered {result.status}{f': {said}' if said and plain else ''}"


def _rest(failures: int, status: int, now: datetime) -> datetime:
    """When a hub is asked again: doubling from the floor (a day where it refuses), a week at most, jitter on top."""
    refused = 400 <= status < 500 and status not in (408, 425, 429)
    first = timedelta(days=1) if refused else timedelta(seconds=settings.MASTHEAD.poll_floor)
    times: int = 2 ** min(failures - 1, 16)
    rest = min(first * times, _LONGEST_REST)
    spread: float = random.uniform(1.0, 1.1)  # noqa: S311
    return now + rest * spread
