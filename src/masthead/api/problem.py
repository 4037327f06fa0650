"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

TYPE = "application/problem+json"


class Problem(Exception):
    """Something is wrong with a request; `detail` names it and the cure, `more` holds members of our own."""

    def __init__(self, status: HTTPStatus, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.more = more


def problem(status: HTTPStatus, detail: str, **more: Any) -> HttpResponse:
    """The answer that tells of a problem."""
    data = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **more}
    answer = HttpResponse(json.dumps(data, ensure_ascii=False).encode(), status=status.value, content_type=TYPE)
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
