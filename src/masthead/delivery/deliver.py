"""The step that tells others: queue what is new, send what is due, try again what failed."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from django.utils import timezone

from masthead.core.fetch import FetchRequest
from masthead.core.types import FetchResult
from masthead.delivery.messages import NeverAgain, NotNow, message
from masthead.delivery.models import Dispatch, Endpoint
from masthead.delivery.queries import due
from masthead.delivery.queue import queue
from masthead.feeds.client import fetch_many
from masthead.store.steps import Outcome

log = logging.getLogger(__name__)

# A message that is being sent belongs to who sends it; after so long it belongs to anyone again.
LEASE = timedelta(minutes=15)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=2)
LOOK_AGAIN = timedelta(minutes=10)
KEEP_SENT = timedelta(days=30)
MOST_OF_ANSWER = 64_000


def deliver(limit: int = 50) -> Outcome:
    """Queue and send up to `limit` messages. Each is queued once; it is sent until it was taken once.

    Receivers may see a message twice when we are killed between their answer and our note of it: its id is the same.
    """
    _, more = queue(limit)
    outcome = _Round()
    claimed = [dispatch for dispatch in due(timezone.now()).select_related("endpoint")[:limit] if _claim(dispatch)]
    requests = [request for dispatch in claimed if (request := outcome.prepare(dispatch)) is not None]
    if requests:
        fetch_many(requests, outcome.note)
    _prune()
    return Outcome(outcome.done, outcome.failed, more or len(claimed) == limit)


def _claim(dispatch: Dispatch) -> bool:
    """Take a message for ourselves; False when somebody else was quicker."""
    mine = Dispatch.objects.filter(pk=dispatch.pk, due_at=dispatch.due_at, sent_at=None)
    return mine.update(due_at=timezone.now() + LEASE) == 1


class _Round:
    """One run of the step: what was sent and what failed."""

    def __init__(self) -> None:
        self.done = 0
        self.failed = 0

    def prepare(self, dispatch: Dispatch) -> FetchRequest | None:
        """The request of a claimed message; None when it is not to be sent (now)."""
        now = timezone.now()
        try:
            written = message(dispatch, now)
        except NotNow:
            _wait(dispatch, now + LOOK_AGAIN, "the article cannot be seen at present")
            return None
        except NeverAgain as reason:
            _give_up(dispatch, str(reason))
            return None
        except Exception as error:
            # One message that cannot be written must not keep the others back.
            log.exception("message %s could not be written", dispatch.pk)
            self._fail(dispatch, f"could not be written: {type(error).__name__}", None)
            return None
        return FetchRequest(
            dispatch.endpoint.url,
            kind="delivery",
            method="POST",
            body=written.body,
            headers=written.headers,
            max_bytes=MOST_OF_ANSWER,
            tag=dispatch,
        )

    def note(self, request: FetchRequest, result: FetchResult) -> None:
        """Write down what became of a message."""
        dispatch = request.tag
        assert isinstance(dispatch, Dispatch)
        if 200 <= result.status < 300:
            # What the receiver says beyond "taken" does not matter, even where it is too long to be read.
            Dispatch.objects.filter(pk=dispatch.pk).update(
                sent_at=timezone.now(), due_at=None, error="", tries=dispatch.tries + 1
            )
            self.done += 1
        elif result.error == "paused":
            _wait(dispatch, _asked_to_wait(result) or timezone.now() + LOOK_AGAIN, "its host asked for a pause")
        elif result.status == 410:
            reason = "the endpoint says that it is gone (410)"
            Endpoint.objects.filter(pk=dispatch.endpoint_id).update(active=False, reason=reason)
            _give_up(dispatch, reason)
            self.failed += 1
        else:
            why = f"answered {result.status}" if result.status else f"{result.error}: {result.error_detail}"
            self._fail(dispatch, why, _asked_to_wait(result))

    def _fail(self, dispatch: Dispatch, why: str, not_before: datetime | None) -> None:
        """Try again later, later each time; give up after two days."""
        self.failed += 1
        now = timezone.now()
        tries = dispatch.tries + 1
        Dispatch.objects.filter(pk=dispatch.pk).update(tries=tries)
        if now - dispatch.created_at >= GIVE_UP_AFTER:
            _give_up(dispatch, f"given up after {tries} tries: {why}")
            return
        pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 16), LONGEST_PAUSE)
        # Spread, so that messages that failed together do not come back together.
        again = now + pause * random.uniform(1.0, 1.25)  # noqa: S311
        _wait(dispatch, max(again, not_before or again), why)


def _wait(dispatch: Dispatch, until: datetime, why: str) -> None:
    Dispatch.objects.filter(pk=dispatch.pk).update(due_at=until, error=why[:300])


def _give_up(dispatch: Dispatch, why: str) -> None:
    Dispatch.objects.filter(pk=dispatch.pk).update(due_at=None, error=why[:300])


def _asked_to_wait(result: FetchResult) -> datetime | None:
    """The time that `Retry-After` names (RFC 9110, 10.2.3), two days ahead at most."""
    text = result.headers.get("retry-after", "").strip()
    now = timezone.now()
    try:
        until = now + timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text)
        return min(until, now + GIVE_UP_AFTER) if until.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def _prune() -> None:
    """Forget what was sent long ago; takedowns are remembered, so that none is told twice."""
    old = Dispatch.objects.filter(sent_at__lt=timezone.now() - KEEP_SENT).exclude(event=Dispatch.Event.WITHDRAWN)
    ids = list(old.values_list("pk", flat=True)[:1000])
    if ids:
        Dispatch.objects.filter(pk__in=ids).delete()
