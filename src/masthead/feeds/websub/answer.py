"""What a hub meets at our callback: questions whether we want a subscription, refusals, and deliveries.

Anybody may call it, so nothing is believed but the path that nobody can guess, the topic that we asked for, and the
signature. Nothing here fetches or parses: a delivery is kept as an exchange of its feed, and read in its turn.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import zstandard
from django.db import transaction
from django.db.models import F

from masthead.core.codings import BadCoding, TooLarge, decode
from masthead.feeds.locking import feed_locked, locked
from masthead.feeds.models import HUB_LIVE, Feed, FeedState, Fetch, HubState, HubSubscription
from masthead.feeds.websub import polling
from masthead.feeds.websub.told import printable
from masthead.feeds.websub.turn import turn

MAX_BYTES = 15_000_000
MOST_WAITING = 20
"""So many deliveries of a feed may wait to be read; what comes beyond has to be sent again."""
# A hub may ask for confirmation so long after our request.
_ANSWER_TIME = timedelta(days=1)
# The clock of the machine that asked may be ahead of that of the machine that answers.
_SKEW = timedelta(minutes=5)
# Section 5.3 makes hubs name the lease; one that does not is asked again after half of this.
_UNNAMED_LEASE = timedelta(days=1)
_LONGEST_LEASE = timedelta(days=30)
_DENIED_REST = timedelta(days=30)
_SOONEST_RENEWAL = timedelta(hours=1)
_ROOM = 2000
# A hub may deliver for longer than it promised.
_DELIVERING = (HubState.HELD, HubState.LAPSED)
# Section 7.1 knows these four.
_METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a hub sent: the body as it came over the wire, and the headers that matter, "" where not sent."""

    body: bytes
    signature: str = ""
    content_type: str = ""
    coding: str = ""
    link: str = ""


def find(token: str) -> HubSubscription | None:
    """The subscription whose callback has this token."""
    return HubSubscription.objects.filter(token=token).first()


def _known(token: str, topic: str) -> bool:
    """Whether there is such a subscription. Asked first, so that strangers cannot make us write or wait."""
    # Compared here: a database refuses some of what an address may be made to hold.
    return HubSubscription.objects.filter(token=token).values_list("topic", flat=True).first() == topic


def _locked(token: str) -> HubSubscription | None:
    """The subscription, locked, its feed before it."""
    feed_locked(HubSubscription.objects.filter(token=token).values_list("feed", flat=True).first())
    return locked(HubSubscription.objects.filter(token=token)).first()


def confirm(token: str, mode: str, topic: str, lease: str, now: datetime) -> bool:
    """Whether we want what a hub asks us to confirm (section 5.3): `mode` and `topic` are what we asked it for.

    `lease`: seconds for which the hub will hold the subscription, as it wrote them.
    """
    if not _known(token, topic):
        return False
    with transaction.atomic():
        row = _locked(token)
        if row is None or mode != row.asked_for:
            return False
        if row.asked_at is None or not -_SKEW <= now - row.asked_at <= _ANSWER_TIME:
            return False
        if mode == "unsubscribe" and row.state in (HubState.LEAVING, HubState.ENDED):
            row.state, row.due_at, row.reason = HubState.ENDED, None, ""
        elif mode == "subscribe" and row.state in HUB_LIVE:
            _hold(row, _seconds(lease), now)
        else:
            return False
        row.awaiting, row.failures = False, 0
        row.save()
    return True


def _seconds(lease: str) -> timedelta:
    digits = lease.strip()
    if not (digits.isascii() and digits.isdigit()):
        return _UNNAMED_LEASE
    return min(timedelta(seconds=int(digits[:9])), _LONGEST_LEASE)


def _hold(row: HubSubscription, lease: timedelta, now: datetime) -> None:
    """The hub holds the subscription from now on; it is asked anew when four fifths of the lease are over."""
    if row.state != HubState.HELD:
        row.held_since, row.missed_at = now, None
    row.state, row.reason, row.lease_until = HubState.HELD, "", now + lease
    row.due_at = now + max(lease * 4 / 5, _SOONEST_RENEWAL)
    if row.trusted and row.feed_id is not None:
        Feed.objects.filter(pk=row.feed_id, state=FeedState.ACTIVE).update(told_until=row.lease_until)


def deny(token: str, topic: str, reason: str, now: datetime) -> bool:
    """Note that a hub refuses us (section 5.2), whenever it does; whether it spoke of what we asked for."""
    if not _known(token, topic):
        return False
    with transaction.atomic():
        row = _locked(token)
        if row is None:
            return False
        if row.state in HUB_LIVE:
            row.state, row.due_at, row.awaiting = HubState.DENIED, now + _DENIED_REST, False
            row.asked_for, row.lease_until, row.held_since = "", None, None
            row.reason = printable(reason)[:300] or "without a reason"
            turn(row, now)
            row.save()
            if row.feed_id is not None:
                polling.restore(row.feed_id, now, "its hub denied us the subscription")
    return True


def signed(secret: str, signature: str, body: bytes) -> bool:
    """Whether `X-Hub-Signature` is that of the body (section 7.1). Takes the same time whatever is wrong with it."""
    name, _, given = signature.strip().partition("=")
    method = _METHODS.get(name.strip().lower())
    if not secret or method is None:
        return False
    made = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(made.encode(), given.strip().lower().encode())


def is_full(row: HubSubscription) -> bool:
    """Whether so many deliveries wait to be read that no more are taken."""
    waiting = Fetch.objects.filter(feed=row.feed_id, ingested_at=None, body__isnull=False, pushed=True)
    return waiting.count() >= MOST_WAITING


def deliver(row: HubSubscription, delivery: Delivery, now: datetime) -> None:
    """Keep what a hub sent. The hub never learns whether it was believed (section 7.1).

    Without a secret (the hub is not under TLS and the feed is) nothing can be believed but that there may be news.
    """
    if row.state not in _DELIVERING or row.feed_id is None:
        _ignore(row, "it is not (yet) confirmed", now)
    elif not row.secret:
        polling.news(row.feed_id, now)
    elif not signed(row.secret, delivery.signature, delivery.body):
        _ignore(row, "the signature is wrong" if delivery.signature else "it was not signed", now)
    else:
        _take(row, delivery, now)


def too_large(row: HubSubscription, now: datetime) -> None:
    """A hub sent more than we take: the feed itself is asked."""
    if row.state in _DELIVERING and row.feed_id is not None:
        polling.news(row.feed_id, now, "its hub sent more than is taken at once")


def _ignore(row: HubSubscription, why: str, now: datetime) -> None:
    HubSubscription.objects.filter(pk=row.pk).update(ignored=F("ignored") + 1, ignored_at=now, ignored_why=why)


def _take(row: HubSubscription, delivery: Delivery, now: datetime) -> None:
    assert row.feed_id is not None, "only deliveries for a feed are taken"
    try:
        body = decode(delivery.body, delivery.coding, MAX_BYTES)
    except TooLarge:
        too_large(row, now)
        return
    except BadCoding as error:
        _ignore(row, f"it cannot be unpacked: {error}"[:300], now)
        return
    if not body.strip():
        # A ping without content: the news is at the feed.
        polling.news(row.feed_id, now)
        HubSubscription.objects.filter(pk=row.pk).update(pushed_at=now)
        return
    digest = hashlib.sha256(body).hexdigest()
    packed = zstandard.compress(body, 3)
    headers = {"content-type": delivery.content_type, "link": delivery.link}
    with transaction.atomic():
        feed = feed_locked(row.feed_id)
        # Sent twice, read once: of two that come together, one finds the other's digest.
        mine = HubSubscription.objects.filter(pk=row.pk, state__in=_DELIVERING).exclude(push_digest=digest)
        if feed is None or feed.state != FeedState.ACTIVE or not mine.update(push_digest=digest, pushed_at=now):
            return
        Fetch.objects.create(
            feed_id=row.feed_id,
            started_at=now,
            status=200,
            final_url=row.topic,
            headers={name: value for name, value in headers.items() if value and len(value) <= _ROOM},
            body=packed,
            body_size=len(body),
            pushed=True,
        )
