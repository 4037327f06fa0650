"""What hubs, and those who play one, send to a callback (WebSub): questions and deliveries, to the view itself."""

from __future__ import annotations

import atexit
import hashlib
import hmac
import logging
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any
from urllib.parse import urlencode

from fuzzing import grammars
from fuzzing.alike import Broken
from fuzzing.mutations import mutated, mutated_text
from fuzzing.seeds import Pool

_TOPIC = "https://paper.example/feed"
_TOKEN, _SECRET = "t" * 43, "s" * 43
_DECLARED = {200, 202, 400, 404, 405, 408, 410, 413, 429}


@dataclass(frozen=True)
class Call:
    """A request to a callback."""

    method: str
    query: str
    body: bytes
    headers: dict[str, str]
    token: str = _TOKEN
    state: str = "asked"


@cache
def newsroom() -> int:
    """A site with one subscription; its number. Made once, before other processes are."""
    home = tempfile.mkdtemp(prefix="masthead-fuzz-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ |= {"MASTHEAD_HOME": home, "DJANGO_SETTINGS_MODULE": "masthead.settings"}
    os.environ |= {"MASTHEAD_BASE_URL": "https://site.example", "MASTHEAD_SECRET_KEY": "a key for this bench only" * 2}
    import django

    django.setup()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    from django.core.management import call_command
    from django.db import connections

    from masthead.feeds.models import Feed, HubSubscription, Source

    call_command("migrate", verbosity=0)
    feed = Feed.objects.create(source=Source.objects.create(name="Paper"), url=_TOPIC)
    row = HubSubscription(feed=feed, hub="https://hub.example/", topic=_TOPIC, token=_TOKEN, secret=_SECRET)
    row.save()
    connections.close_all()
    return int(row.pk)


def _asked_for(pk: int, state: str) -> None:
    from django.utils import timezone

    from masthead.feeds.models import HubSubscription

    mode = "unsubscribe" if state == "leaving" else "subscribe"
    HubSubscription.objects.filter(pk=pk).update(state=state, asked_for=mode, asked_at=timezone.now(), push_digest="")


def make(rng: Random, pool: Pool) -> Call:
    """A question or a delivery, damaged in any part."""
    asked = {
        "hub.mode": rng.choice(("subscribe", "unsubscribe", "denied", "")),
        "hub.topic": rng.choice((_TOPIC, _TOPIC, grammars.address(rng))),
        "hub.challenge": grammars.number(rng),
        "hub.lease_seconds": grammars.number(rng),
        "hub.reason": grammars.date(rng),
    }
    query = urlencode(asked)
    if rng.random() < 0.6:
        query = mutated(rng, query.encode(), [b"&hub.mode=", b"%00%ff%ed%a0%80"]).decode("latin-1")
    body = rng.choice(pool.feeds)
    name = rng.choice(("sha1", "sha256", "sha512", "md5"))
    signature = f"{name}={hmac.new(_SECRET.encode(), body, getattr(hashlib, name)).hexdigest()}"
    headers = {"X-Hub-Signature": signature, "Content-Type": "text/xml", "Link": grammars.headers(rng).get("link", "")}
    headers |= {"Content-Encoding": rng.choice(("", "gzip", "br, gzip"))}
    if rng.random() < 0.5:
        hit = rng.choice(list(headers))
        headers[hit] = mutated_text(rng, headers[hit], [b"sha256="]).encode("utf-8", "replace").decode("latin-1")
    token, state = rng.choice((_TOKEN, _TOKEN, _TOKEN, "x")), rng.choice(("asked", "held", "held", "leaving"))
    return Call(rng.choice(("GET", "GET", "POST")), query, body, headers, token, state)


def read(call: Call) -> str:
    """The status of the answer, which is always one of those that the callback may give. Nothing is kept."""
    from django.db import transaction

    pk = newsroom()
    with transaction.atomic():
        _asked_for(pk, call.state)
        status = _answered(call)
        transaction.set_rollback(True)
    if status not in _DECLARED:
        raise Broken(f"status {status}")
    return str(status)


def _answered(call: Call) -> int:
    from django.core.exceptions import BadRequest, SuspiciousOperation
    from django.test import RequestFactory

    from masthead.site.outlets import websub

    websub._taken.clear()
    extra: dict[str, Any] = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in call.headers.items()}
    kind = extra.pop("HTTP_CONTENT_TYPE")
    body = call.body if call.method == "POST" else b""
    request = RequestFactory().generic(call.method, "/websub/x", body, kind, **extra)
    request.META["QUERY_STRING"] = call.query
    try:
        return int(websub.callback(request, call.token).status_code)
    except (BadRequest, SuspiciousOperation):
        # Too many fields, say: Django's own refusal, which it answers so.
        return 400
