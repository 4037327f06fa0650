"""Ask every route for what it gives out, and judge it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from attack import judge, packs, routes

MOST_REDIRECTS = 3
Get = Callable[[str], Any]


@dataclass
class Seen:
    """What was asked and what was found."""

    answers: int = 0
    pages: int = 0
    faults: list[str] = field(default_factory=list)
    marks: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """By outlet, what arrived there: the number of a payload and the letter of its field."""
    shelf: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """The answers themselves, for a browser."""


def ask(get: Get, paths: Iterable[str], seen: Seen) -> None:
    """Judge the answers at these addresses."""
    for path in paths:
        answer = arrived(get, path)
        seen.answers += 1
        if answer.status_code >= 500:
            seen.faults.append(f"{path}: {answer.status_code}")
        seen.pages += "text/html" in answer.headers.get("Content-Type", "")
        seen.faults += [f"{path}: {fault}" for fault in found(path, answer)]
        if not answer.streaming:
            kind = answer.headers.get("Content-Type", "")
            seen.shelf[path] = (kind, answer.content)
            note(seen, outlet_of(path), answer.content.decode("utf-8", "replace"))


def told(articles: Iterable[int], seen: Seen) -> None:
    """Judge what webhooks and hubs would be told of these articles."""
    from django.utils import timezone

    from masthead.delivery.messages import message
    from masthead.delivery.models import Dispatch, Endpoint

    now, ids = timezone.now(), [*articles]
    for kind in Endpoint.Kind.values:
        endpoint = Endpoint.objects.create(kind=kind, url=f"https://{kind}.example/", secret="s", active=False)
        for pk in ids if kind == Endpoint.Kind.WEBHOOK else ids[:1]:
            event = Dispatch.Event.PUBLISHED if kind == Endpoint.Kind.WEBHOOK else Dispatch.Event.FEEDS
            dispatch = Dispatch(
                endpoint=endpoint, article_id=pk, event=event, payload={"articles": ids, "revision": 1}, created_at=now
            )
            written = message(dispatch, now)
            seen.answers += 1
            if kind == Endpoint.Kind.WEBHOOK:
                seen.faults += [f"webhook: {fault}" for fault in judge.document_json(json.loads(written.body))]
            else:
                topics = [value for name, value in parse_qsl(written.body.decode()) if name == "hub.url"]
                seen.faults += [f"hub told of {t}" for t in topics if urlsplit(t).netloc != judge.OWN_HOST]
            lines = [*written.headers, *written.headers.values()]
            seen.faults += [f"{kind}: header {line!r}" for line in lines if not (line.isascii() and line.isprintable())]
            note(seen, kind, json.dumps(json.loads(written.body)) if kind == Endpoint.Kind.WEBHOOK else "")


def note(seen: Seen, outlet: str, text: str) -> None:
    """Write down which payloads arrived at an outlet."""
    if marks := set(packs.MARK.findall(text)):
        seen.marks.setdefault(outlet, set()).update(marks)


def outlet_of(path: str) -> str:
    """An address without the keys of what it shows, and without what was asked."""
    return re.sub(r"/\d+(?=/|$)|(?<=^/source)/[^/]+|(?<=^/s)/[^/]+", "/N", path.partition("?")[0])


def arrived(get: Get, path: str) -> Any:
    """The answer at the end of the redirects that stay on this site, as a browser would show it."""
    answer = get(path)
    for _ in range(MOST_REDIRECTS):
        target = urlsplit(answer.headers.get("Location", ""))
        if target.netloc not in ("", judge.OWN_HOST) or not target.path.startswith("/"):
            break
        answer = get(target._replace(scheme="", netloc="", fragment="").geturl())
    return answer


def found(path: str, answer: Any) -> list[str]:
    """What acts in an answer, by its type; and what its headers lack."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    faults = header_faults(answer)
    if answer.streaming or not answer.content:
        return faults
    body = answer.content
    if kind == "text/html":
        return faults + judge.page(body.decode(), desk=path.startswith(("/desk", "/admin")))
    if kind.endswith("json"):
        return faults + judge.document_json(json.loads(body))
    if kind == "image/svg+xml":
        return faults + (["a script"] if b"<script" in body or b" on" in body else [])
    if kind.endswith("xml"):
        return faults + judge.document_xml(body)
    return faults if kind in ("text/plain", "image/x-icon", "image/png") else [*faults, f"a type nobody judges: {kind}"]


def header_faults(answer: Any) -> list[str]:
    """What every answer must say (ASVS 3.4)."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    policy = headers.get("content-security-policy", "")
    faults = [] if headers.get("x-content-type-options") == "nosniff" else ["no nosniff"]
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
        faults.append(f"policy {policy!r}")
    if "frame-ancestors 'none'" not in policy and "sandbox" not in policy:
        faults.append("may be framed")
    if not headers.get("referrer-policy") or not headers.get("permissions-policy"):
        faults.append("no policy for referrer or powers")
    return faults


def everything(things: Mapping[str, object], articles: Iterable[int]) -> list[str]:
    """The addresses of every route but the admin's, and of each article at the outlets that show one alone."""
    paths = [
        place for route in routes.all_routes() if not routes.is_admin(route) for place in routes.places(route, things)
    ]
    for pk in articles:
        paths += [f"/article/{pk}/", f"/article/{pk}/changes/", f"/api/v1/articles/{pk}", f"/desk/articles/{pk}/"]
    return list(dict.fromkeys(paths))
