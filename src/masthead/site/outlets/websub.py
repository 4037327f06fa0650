"""Where hubs call (WebSub): one address for each subscription, which nobody can guess. No session, no cookie.

Anybody may call it, so little is done before the address is known to be one of ours: no body is read. What is read is
bounded in size and number, and never takes more than half of the threads that answer readers.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from masthead.feeds.models import HubState
from masthead.feeds.websub import answer

MOST_IN_WINDOW = 240
WINDOW = 3600.0
"""So many deliveries to one address are looked at within so many seconds; hubs send the others again later."""
LONGEST_CHALLENGE = 2000
_PIECE = 65_536
_SLOWEST = 30.0
"""Seconds that a hub has to send a delivery."""

_seats = threading.BoundedSemaphore(max(1, settings.MASTHEAD.web_threads // 2))
_taken: dict[int, deque[float]] = {}
_lock = threading.Lock()


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """A question whether we want a subscription (GET), or a delivery (POST)."""
    response = _question(request, token) if request.method == "GET" else _delivery(request, token)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


def _plain(status: int, text: str = "", wait: int = 0) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _question(request: HttpRequest, token: str) -> HttpResponse:
    """The challenge when we want what the hub names, else 404 (WebSub section 5.3)."""
    mode, topic = request.GET.get("hub.mode", ""), request.GET.get("hub.topic", "")
    now = timezone.now()
    if mode == "denied":
        known = answer.deny(token, topic, request.GET.get("hub.reason", ""), now)
        return _plain(200 if known else 404)
    challenge = request.GET.get("hub.challenge", "")
    if not 0 < len(challenge) <= LONGEST_CHALLENGE:
        return _plain(404)
    wanted = answer.confirm(token, mode, topic, request.GET.get("hub.lease_seconds", ""), now)
    return _plain(200, challenge) if wanted else _plain(404)


def _delivery(request: HttpRequest, token: str) -> HttpResponse:
    row = answer.find(token)
    if row is None:
        return _plain(404)
    if row.state in (HubState.ASIDE, HubState.LEAVING, HubState.ENDED):
        return _plain(410)
    if not _may_come(row.pk):
        return _plain(429, wait=int(WINDOW) // 4)
    if not _seats.acquire(blocking=False):
        return _plain(429, wait=60)
    try:
        if answer.is_full(row):
            return _plain(429, wait=300)
        try:
            body = _body(request)
        except OSError as error:
            # It came too slowly, or went away in the middle.
            slow = isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError)
            return _plain(408 if slow else 400)
        now = timezone.now()
        if body is None:
            answer.too_large(row, now)
            return _plain(413)
        headers = request.headers
        delivery = answer.Delivery(
            body=body,
            signature=headers.get("X-Hub-Signature", ""),
            content_type=headers.get("Content-Type", ""),
            coding=headers.get("Content-Encoding", ""),
            link=headers.get("Link", ""),
        )
        answer.deliver(row, delivery, now)
    finally:
        _seats.release()
    return _plain(202)


def _may_come(pk: int) -> bool:
    """Whether an address may be called once more. Counted in memory: it bounds work, not right."""
    now = time.monotonic()
    with _lock:
        times = _taken.setdefault(pk, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= MOST_IN_WINDOW:
            return False
        times.append(now)
    return True


def _body(request: HttpRequest) -> bytes | None:
    """The request's body; None when it is larger than what is taken. Raises TimeoutError for one that drips.

    A chunked body has no length: it is read to the end of the server's stream, which Django would take for empty.
    """
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:12]) > answer.MAX_BYTES:
        return None
    stream = request.META["wsgi.input"] if chunked else request
    body = bytearray()
    end = time.monotonic() + _SLOWEST
    while piece := stream.read(_PIECE):
        body += piece
        if len(body) > answer.MAX_BYTES:
            return None
        if time.monotonic() > end:
            raise TimeoutError
    return bytes(body)
