"""Ask every route for what it gives out, and judge it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from attack import judge, routes


@dataclass
class Seen:
    """What was asked and what was found."""

    answers: int = 0
    pages: int = 0
    faults: list[str] = field(default_factory=list)


def ask(get: Callable[[str], Any], paths: Iterable[str], seen: Seen) -> None:
    """Judge the answers at these addresses."""
    for path in paths:
        answer = get(path)
        seen.answers += 1
        if answer.status_code >= 500:
            seen.faults.append(f"{path}: {answer.status_code}")
        seen.pages += "text/html" in answer.headers.get("Content-Type", "")
        seen.faults += [f"{path}: {fault}" for fault in found(path, answer)]


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
