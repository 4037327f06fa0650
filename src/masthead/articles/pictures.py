"""Fetch pictures: every wanted `Image` is fetched through the one guarded door and kept as files of ours."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from masthead.articles.models import Image, ImageState
from masthead.articles.raster import Encoded, Raw, keep
from masthead.core.fetch import FetchRequest
from masthead.core.pixels import NotAPicture
from masthead.core.types import FetchResult
from masthead.feeds.client import fetch_many
from masthead.store import generation, leases, media
from masthead.store.steps import Outcome
from masthead.store.workers import run as workers

log = logging.getLogger(__name__)

ENCODE = workers.Task("masthead.articles.raster:encode", Raw, Encoded, seconds=20.0)
MAX_BYTES = 12_000_000
_ACCEPT = "image/avif,image/webp,image/jpeg,image/png,image/gif;q=0.8"
_LEASE = timedelta(minutes=10)
_FIRST_RETRY = timedelta(minutes=10)
_MOST_TRIES = 5
# Answers that another try will not change.
_FINAL = frozenset((400, 401, 403, 404, 405, 406, 410, 414, 451))
_FINAL_ERRORS = frozenset(("address", "scheme", "too-large", "redirects"))


def fetch_pictures(limit: int = 60) -> Outcome:
    """Fetch up to `limit` wanted pictures. `done` counts those that are ready now, `failed` tries that brought none.

    A picture whose source shows none (any more) is not asked for. Safe to kill and to run twice at once: a row is held
    for ten minutes by a conditional update of `due_at`.
    """
    now = timezone.now()
    due = Image.objects.filter(Q(due_at=None) | Q(due_at__lte=now), state=ImageState.WANTED).order_by("pk")
    rows = list(due.select_related("source")[:limit])
    _give_up([row for row in rows if row.source is not None and not row.source.show_images])
    taken = [row for row in rows if (row.source is None or row.source.show_images) and _take(row)]
    counts = {"done": 0, "failed": 0}

    def on_result(request: FetchRequest, result: FetchResult) -> None:
        counts["done" if record(cast(Image, request.tag), result) else "failed"] += 1

    fetch_many(
        [FetchRequest(url=row.url, kind="image", accept=_ACCEPT, max_bytes=MAX_BYTES, tag=row) for row in taken],
        on_result,
    )
    if counts["done"]:
        generation.bump()
    return Outcome(done=counts["done"], failed=counts["failed"], more=len(rows) == limit)


def _take(image: Image) -> bool:
    until = timezone.now() + leases.term(_LEASE)
    held = Image.objects.filter(pk=image.pk, state=ImageState.WANTED, due_at=image.due_at).update(due_at=until)
    image.due_at = until
    return bool(held)


def _give_up(images: list[Image]) -> None:
    if images:
        Image.objects.filter(pk__in=[image.pk for image in images], state=ImageState.WANTED).update(
            state=ImageState.FAILED, due_at=None, error="the source's policy shows no pictures"
        )


def record(image: Image, result: FetchResult) -> bool:
    """Write what came of one picture. Tells whether it is ready now."""
    if not result.ok:
        reason = f"{result.error}: {result.error_detail}" if result.error else f"the server answered {result.status}"
        final = result.status in _FINAL or result.error in _FINAL_ERRORS
        _failed(image, reason, final=final, counts=result.error != "paused")
        return False
    try:
        encoded = workers.call(ENCODE, Raw(result.body, tuple(settings.MASTHEAD.image_widths)))
        if encoded.refusal:
            raise NotAPicture(encoded.refusal)
        variants = keep(encoded, media.write)
    except (NotAPicture, workers.Failed) as error:
        if isinstance(error, workers.Failed):
            log.error("picture %s could not be read: %s\n%s", image.pk, error, error.report)
        _failed(image, str(error), final=True)
        return False
    except (OSError, workers.Unavailable) as error:
        # Our own disk or machine, not the picture's fault: it will be wanted again.
        log.exception("picture %s could not be written", image.pk)
        _failed(image, f"could not be written: {error}", final=False, counts=False)
        return False
    return _ready(image, encoded, variants)


def _ready(image: Image, encoded: Encoded, variants: list[dict[str, Any]]) -> bool:
    with transaction.atomic():
        kept = Image.objects.filter(pk=image.pk, state=ImageState.WANTED).update(
            state=ImageState.READY,
            due_at=None,
            tries=image.tries + 1,
            error="",
            width=encoded.width,
            height=encoded.height,
            colour=encoded.colour[:7],
            digest=encoded.digest,
            variants=variants,
        )
    return bool(kept)


def _failed(image: Image, reason: str, *, final: bool, counts: bool = True) -> None:
    tries = image.tries + counts
    over = final or tries >= _MOST_TRIES
    Image.objects.filter(pk=image.pk, state=ImageState.WANTED).update(
        state=ImageState.FAILED if over else ImageState.WANTED,
        due_at=None if over else timezone.now() + _FIRST_RETRY * 2 ** min(tries, _MOST_TRIES),
        tries=tries,
        error=reason[:300],
    )
