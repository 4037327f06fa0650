"""Retrieve: the publisher's page behind an entry that brings only a summary, fetched politely, kept as received."""

from __future__ import annotations

from collections import Counter, deque
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urldefrag, urlsplit

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from masthead.core.fetch import FetchRequest, Validators
from masthead.core.fetch.target import TargetRefused, parse_target
from masthead.core.fetch.waiting import retry_after
from masthead.core.types import FetchResult
from masthead.core.urls import host_of
from masthead.entries.models import Entry, LinkedPage, PageState
from masthead.entries.storable import pack
from masthead.feeds.client import fetch_stream
from masthead.feeds.models import HostPause
from masthead.store import leases
from masthead.store.steps import Outcome

MAX_BYTES = 6_000_000
_LEASE = timedelta(minutes=10)
_FIRST_RETRY = timedelta(minutes=5)
_MOST_TRIES = 5
_ETAG_ROOM, _DATE_ROOM = 2000, 500
# So many pages of one host are taken at a time; they wait for their turns.
_PER_HOST = 3
_FINAL = frozenset((400, 401, 402, 403, 404, 405, 406, 410, 414, 451))
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")


def retrieve(limit: int = 200) -> Outcome:
    """Fetch up to `limit` wanted pages. `done` counts pages had, `failed` tries that brought none."""
    now = timezone.now()
    paused = set(HostPause.objects.filter(until__gt=now).values_list("host", flat=True))
    due = LinkedPage.objects.filter(state=PageState.WANTED, due_at__lte=now).order_by("due_at", "pk")
    rows = deque((page, host_of(page.url)) for page in due.defer("body")[: limit * 4])
    open_rows = deque(pair for pair in rows if pair[1] not in paused)
    busy: Counter[str] = Counter()
    under_way: set[str] = set()
    counts = {"taken": 0, "done": 0, "failed": 0}

    def next_request() -> FetchRequest | None:
        for _ in range(len(open_rows) if counts["taken"] < limit else 0):
            page, host = open_rows.popleft()
            if busy[host] >= _PER_HOST or _plain(page) in under_way:
                open_rows.append((page, host))
                continue
            if _take(page):
                counts["taken"] += 1
                busy[host] += 1
                under_way.add(_plain(page))
                return make_request(page, (page, host))
        return None

    def on_result(request: FetchRequest, result: FetchResult) -> None:
        page, host = cast(tuple[LinkedPage, str], request.tag)
        busy[host] -= 1
        under_way.discard(_plain(page))
        counts["done" if record(page, result) else "failed"] += 1
        if result.not_modified or result.error == "paused":
            return
        # Items that stand on one page (a live blog's) share what came, good or bad.
        for other in [row for row, _ in open_rows if _plain(row) == _plain(page)]:
            open_rows.remove((other, host))
            if _take(other):
                counts["done" if record(other, result) else "failed"] += 1

    fetch_stream(next_request, on_result)
    return Outcome(done=counts["done"], failed=counts["failed"], more=bool(counts["taken"]) and bool(open_rows))


def _plain(page: LinkedPage) -> str:
    """What is asked for: the address without its fragment."""
    return urldefrag(page.url).url


def make_request(page: LinkedPage, tag: object = None) -> FetchRequest:
    """The request for a page: conditional when its body is here."""
    held = Validators(page.etag, page.last_modified) if page.fetched_at is not None else Validators()
    try:
        direct = page.final_url in ("", page.url, parse_target(page.url).url)
    except TargetRefused:
        direct = True
    return FetchRequest(
        url=page.url,
        kind="page",
        etag=held.etag if direct else "",
        last_modified=held.last_modified if direct else "",
        elsewhere={} if direct else {page.final_url: held},
        max_bytes=MAX_BYTES,
        tag=tag,
    )


def _take(page: LinkedPage) -> bool:
    """Hold a page for ten minutes; False when somebody else was quicker."""
    until = timezone.now() + leases.term(_LEASE)
    held = LinkedPage.objects.filter(pk=page.pk, state=PageState.WANTED, due_at=page.due_at).update(due_at=until)
    page.due_at = until
    return bool(held)


def refusal(page: LinkedPage, result: FetchResult) -> str:
    """Why what came is not the page that was wanted, in words; "" when it is."""
    if result.error:
        return f"{result.error}: {result.error_detail}"
    if not result.ok:
        return f"the server answered {result.status}"
    kind = result.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind and kind not in _PAGE_TYPES:
        return f"not a page but {kind}"
    if not result.body:
        return "the page is empty"
    asked, came = urlsplit(page.url), urlsplit(result.final_url)
    if result.redirects and came.path.strip("/") == "" and not came.query and asked.path.strip("/") != "":
        return "the address leads to the site's home page"
    return ""


def record(page: LinkedPage, result: FetchResult) -> bool:
    """Write what came of one page. Tells whether it is there now."""
    now = timezone.now()
    if result.not_modified:
        return _unchanged(page, result, now)
    reason = refusal(page, result)
    if not reason:
        return _ready(page, result, now)
    if result.error == "paused":
        pause = HostPause.objects.filter(host=host_of(result.final_url), until__gt=now).first()
        later = pause.until if pause else now + _FIRST_RETRY
        _give_up_or_wait(page, {"due_at": later, "error": reason[:300]})
        return False
    tries = page.tries + 1
    final = result.status in _FINAL or result.ok or result.error in ("address", "scheme", "too-large", "redirects")
    fields: dict[str, Any] = {"tries": tries, "status": result.status, "error": reason[:300], "asked_at": now}
    if final or tries >= _MOST_TRIES:
        fields |= {"state": PageState.FAILED, "due_at": None}
    else:
        wait = now + _FIRST_RETRY * 2 ** (tries - 1)
        asked = retry_after(result.headers, now)
        fields["due_at"] = max(wait, asked) if asked else wait
    _give_up_or_wait(page, fields)
    return False


def _give_up_or_wait(page: LinkedPage, fields: dict[str, Any]) -> None:
    """The page did not come. The article waits no longer: should it come later, the article is made again with it."""
    with transaction.atomic():
        if _mine(page).update(**fields):
            Entry.objects.filter(pk=page.entry_id).update(clean_after=None)


def _ready(page: LinkedPage, result: FetchResult, now: datetime) -> bool:
    body = pack(result.body)
    with transaction.atomic():
        kept = _mine(page).update(
            state=PageState.READY,
            due_at=None,
            tries=page.tries + 1,
            status=result.status,
            error="",
            final_url=result.final_url[:2000],
            content_type=result.headers.get("content-type", "")[:200],
            body=body,
            fetched_at=now,
            asked_at=now,
            **_validators(result),
        )
        if kept:
            entry = Entry.objects.filter(pk=page.entry_id)
            entry.update(clean_after=None)
            # The article did not wait: it is made again, now with its page.
            entry.filter(cleaned_version=F("version")).update(cleaned_version=0, clean_error="")
    return bool(kept)


def _unchanged(page: LinkedPage, result: FetchResult, now: datetime) -> bool:
    """The body that is here is the page as it stands now. What a 304 names of validators counts (RFC 9110 15.4.5)."""
    named = {name: value for name, value in _validators(result).items() if value}
    with transaction.atomic():
        fields: dict[str, Any] = {"tries": page.tries + 1, "status": result.status, "asked_at": now, **named}
        kept = _mine(page).update(state=PageState.READY, due_at=None, error="", **fields)
        if kept:
            Entry.objects.filter(pk=page.entry_id).update(clean_after=None)
    return bool(kept)


def _validators(result: FetchResult) -> dict[str, str]:
    """Byte for byte, or not at all when there is no room."""
    etag, last_modified = result.headers.get("etag", ""), result.headers.get("last-modified", "")
    return {
        "etag": etag if len(etag) <= _ETAG_ROOM else "",
        "last_modified": last_modified if len(last_modified) <= _DATE_ROOM else "",
    }


def _mine(page: LinkedPage) -> QuerySet[LinkedPage]:
    """The page's row while we hold it."""
    return LinkedPage.objects.filter(pk=page.pk, state=PageState.WANTED, due_at=page.due_at)
