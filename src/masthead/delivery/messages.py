"""What is said to an endpoint: WebSub publish pings and signed webhooks, written from what readers see now."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from masthead.api import records
from masthead.articles.models import Article
from masthead.delivery.models import Dispatch, Endpoint
from masthead.pages import addresses, compose
from masthead.pages.languages import edition_of
from masthead.pages.models import Placement
from masthead.pages.types import Tombstone

SCHEMA = "masthead.event/1"
FORMS = ("rss", "atom", "json")


class NotNow(Exception):
    """The article may not be seen at present: the message waits."""


class NeverAgain(Exception):
    """There is nothing to say any more; the message of the exception is the reason."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request to make: POST `body` with `headers`."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def message(dispatch: Dispatch, now: datetime) -> Message:
    """What to send for a dispatch (with its endpoint at hand). Raises `NotNow` or `NeverAgain`."""
    if dispatch.endpoint.kind == Endpoint.Kind.WEBSUB:
        return _ping(dispatch)
    body = json.dumps(event(dispatch), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    # The same id at every try, so that a receiver can tell a repetition.
    headers = {"Content-Type": "application/json", "webhook-id": _id(dispatch)}
    headers["webhook-timestamp"] = str(int(now.timestamp()))
    if dispatch.endpoint.secret:
        headers["webhook-signature"] = signature(dispatch.endpoint.secret, headers, body)
    return Message(body, headers)


def signature(secret: str, headers: dict[str, str], body: bytes) -> str:
    """HMAC-SHA256 over id, time and body, as Standard Webhooks (standardwebhooks.com) has it.

    A secret that begins with "whsec_" is the Base64 of the key; any other is the key itself.
    """
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()


def _id(dispatch: Dispatch) -> str:
    return f"msg_{dispatch.endpoint_id}_{dispatch.pk}"


def event(dispatch: Dispatch) -> dict[str, Any]:
    """The JSON of a webhook, schema masthead.event/1. The article is as the API gives it, within its rights."""
    assert dispatch.article_id is not None
    page = compose.article(dispatch.article_id)
    withdrawn = dispatch.event == Dispatch.Event.WITHDRAWN
    if page is None:
        raise NotNow
    if isinstance(page, Tombstone):
        if not withdrawn:
            raise NeverAgain("taken down before it was sent")
        article: dict[str, Any] = {
            "id": dispatch.article_id,
            "url": addresses.absolute(addresses.article(dispatch.article_id, "")),
            "reason": page.reason or None,
            "at": page.at.isoformat() if page.at else None,
        }
    elif withdrawn:
        raise NeverAgain("put back before it was sent")
    else:
        article = records.article(page)
    return {
        "schema": SCHEMA,
        "id": _id(dispatch),
        "event": dispatch.event,
        "at": dispatch.created_at.isoformat(),
        "revision": dispatch.payload.get("revision"),
        "site": {"name": settings.MASTHEAD.site_name, "url": addresses.absolute("/")},
        "article": article,
    }


def _ping(dispatch: Dispatch) -> Message:
    """A publish ping (WebSub leaves its form to the hubs; this is the one that the public hubs share)."""
    urls = [addresses.absolute(addresses.feed(path, form)) for path in _lists(dispatch) for form in FORMS]
    pairs = [("hub.mode", "publish"), *(("hub.url", url) for url in urls)]
    return Message(urlencode(pairs).encode(), {"Content-Type": "application/x-www-form-urlencoded"})


def _lists(dispatch: Dispatch) -> list[str]:
    """The paths of the lists on which the articles of a ping stand: edition, section, source."""
    ids = dispatch.payload.get("articles", [])
    paths: dict[str, None] = {}
    sections = dict(Placement.objects.filter(article__in=ids).values_list("article_id", "section__slug"))
    for pk, language, source in Article.objects.filter(pk__in=ids).values_list("pk", "language", "source__slug"):
        edition = edition_of(language)
        paths[addresses.front(edition)] = None
        paths[addresses.source(source)] = None
        if pk in sections:
            paths[addresses.section(sections[pk], edition)] = None
    return sorted(paths)
