"""Keep icons: the pipeline's step that visits publishers whose time has come."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections import Counter, deque
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from masthead.core.fetch import FetchRequest
from masthead.core.records import to_builtins
from masthead.core.types import FetchResult
from masthead.core.urls import host_of
from masthead.feeds.client import fetch_stream
from masthead.feeds.icons import schedule
from masthead.feeds.icons.raster import SIDES, SMALLEST, Drawn
from masthead.feeds.icons.visit import Visit
from masthead.feeds.models import Feed, FeedState, HostPause, Source, SourceIcon
from masthead.store import generation, leases, media
from masthead.store.steps import Outcome

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=30)
_LATER = timedelta(hours=1)
# So many publishers of one host are visited at a time; they wait for their turns.
_PER_HOST = 3
_MOST_FILE_BYTES = 200_000
# An icon that is not found is shown until the second visit that does not find it.
_GONE_AFTER = 2


def keep_icons(limit: int = 200) -> Outcome:
    """Visit up to `limit` publishers. `done` counts icons had or confirmed, `failed` visits that brought none.

    Not for a source that shows no pictures, nor for one none of whose feeds is read. Safe to kill and to run twice at
    once: a row is held for half an hour by a conditional update.
    """
    now = timezone.now()
    _begin(now, limit)
    paused = set(HostPause.objects.filter(until__gt=now).values_list("host", flat=True))
    due = SourceIcon.objects.filter(leases.over("leased_until", now, _LEASE), _read(), due_at__lte=now)
    rows = due.filter(source__show_images=True).select_related("source").order_by("due_at", "pk")[: limit * 4]
    waiting = deque((row, host) for row in rows if (host := host_of(row.source.home_url)) not in paused)
    going_on: deque[FetchRequest] = deque()
    busy: Counter[str] = Counter()
    counts = {"taken": 0, "done": 0, "failed": 0}

    def end(visit: Visit) -> None:
        busy[host_of(visit.icon.source.home_url)] -= 1
        counts["done" if record(visit) else "failed"] += 1

    def next_request() -> FetchRequest | None:
        if going_on:
            return going_on.popleft()
        for _ in range(len(waiting) if counts["taken"] < limit else 0):
            row, host = waiting.popleft()
            if busy[host] >= _PER_HOST:
                waiting.append((row, host))
            elif _take(row):
                visit = Visit(row, timezone.now())
                counts["taken"] += 1
                busy[host] += 1
                if (request := visit.begin()) is not None:
                    return request
                end(visit)
        return None

    def on_result(request: FetchRequest, result: FetchResult) -> None:
        visit = cast(Visit, request.tag)
        if (following := visit.take(result)) is not None:
            going_on.append(following)
        else:
            end(visit)

    fetch_stream(next_request, on_result)
    return Outcome(done=counts["done"], failed=counts["failed"], more=bool(counts["taken"]) and bool(waiting))


def _read() -> Exists:
    """Whether a feed of the row's source is read."""
    return Exists(Feed.objects.filter(source=OuterRef("source"), state=FeedState.ACTIVE))


def _begin(now: datetime, limit: int) -> None:
    """Rows for sources whose feed was read for the first time: only then is their home page known."""
    known = Feed.objects.filter(source=OuterRef("pk"), state=FeedState.ACTIVE, succeeded_at__isnull=False)
    new = Source.objects.filter(Exists(known), icon=None, show_images=True).exclude(home_url="", icon_url="")
    keys = list(new.order_by("pk").values_list("pk", flat=True)[: limit * 4])
    if keys:
        SourceIcon.objects.bulk_create([SourceIcon(source_id=pk, due_at=now) for pk in keys], ignore_conflicts=True)


def _take(icon: SourceIcon) -> bool:
    """Hold a row for half an hour; False when somebody else was quicker."""
    until = timezone.now() + _LEASE
    same = SourceIcon.objects.filter(pk=icon.pk, due_at=icon.due_at, leased_until=icon.leased_until)
    held = same.update(leased_until=until)
    icon.leased_until = until
    return bool(held)


def record(visit: Visit) -> bool:
    """Write what came of a visit. Tells whether the icon is there now."""
    icon, now = visit.icon, timezone.now()
    fields: dict[str, Any] = {"leased_until": None, "asked_at": now}
    if visit.postponed:
        # Nothing was learned: the same visit again, later.
        pause = HostPause.objects.filter(until__gt=now, host=visit.paused_host).first()
        later = max(pause.until if pause else now + _LATER, visit.silent_until or now)
        _write(icon, {**fields, "asked_at": icon.asked_at, "due_at": later, "reason": visit.postponed[:500]})
        return False
    fields |= {
        "home_url": icon.source.home_url,
        "page_validators": visit.page_validators,
        "offers": to_builtins(visit.offers),
    }
    kept: list[dict[str, Any]] | None = icon.files if visit.confirmed else None
    if visit.encoded is not None:
        try:
            kept = [_keep(drawn) for drawn in visit.encoded.drawn]
        except OSError as error:
            # Our own disk, not the publisher's fault.
            log.exception("icon of source %s could not be written", icon.source_id)
            reason = f"could not be written: {error}"
            _write(icon, {"leased_until": None, "due_at": now + _LATER, "reason": reason[:500]})
            return False
        except ValueError as error:
            visit.why_not.append(str(error))
    _write(icon, fields | (_had(visit, kept, now) if kept else _not_had(visit, now)))
    return bool(kept)


def _spread() -> float:
    return secrets.randbelow(1_000_001) / 1_000_000


def _had(visit: Visit, kept: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    return {
        "files": kept,
        "url": visit.url[:2000],
        "url_validators": visit.url_validators,
        "kept_at": now,
        "due_at": schedule.after_found(now, _spread()),
        "failures": 0,
        "misses": 0,
        "reason": "",
    }


def _not_had(visit: Visit, now: datetime) -> dict[str, Any]:
    icon = visit.icon
    if visit.trouble:
        failures = icon.failures + 1
        due = schedule.after_failure(now, failures, visit.silent_until, _spread())
        return {"failures": failures, "due_at": due, "reason": visit.trouble[:500]}
    misses = icon.misses + 1
    due = max(schedule.after_missing(now, misses, _spread()), visit.silent_until or now)
    reason = "; ".join(visit.why_not) or "its pages and feeds name none"
    found: dict[str, Any] = {"failures": 0, "misses": misses, "due_at": due, "reason": reason[:500]}
    return found | ({"files": [], "url": "", "url_validators": {}} if misses >= _GONE_AFTER else {})


def _write(icon: SourceIcon, fields: dict[str, Any]) -> None:
    """Write the row while it is ours; readers are told when the icon is another one."""
    with transaction.atomic():
        mine = SourceIcon.objects.filter(pk=icon.pk, leased_until=icon.leased_until).update(**fields)
        if mine and fields.get("files", icon.files) != icon.files:
            generation.bump()


def _keep(drawn: Drawn) -> dict[str, Any]:
    """Write a file, named by its content, as in `SourceIcon.files`. ValueError when a worker answered anything else."""
    is_webp = drawn.data[:4] == b"RIFF" and drawn.data[8:12] == b"WEBP"
    if not is_webp or len(drawn.data) > _MOST_FILE_BYTES or not SMALLEST <= drawn.side <= max(SIDES):
        raise ValueError("its worker answered with what is no icon of ours")
    digest = hashlib.sha256(drawn.data).hexdigest()
    path = f"icons/{digest[:2]}/{digest[:32]}-{drawn.side}.webp"
    media.write(path, drawn.data)
    return {"side": drawn.side, "path": path}
