"""What the API can do: every operation says its address, parameters and answer once, for routing and for OpenAPI."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from masthead.api import parameters
from masthead.api.parameters import Parameter
from masthead.api.problem import Problem, problem
from masthead.site.outlets.answers import document

log = logging.getLogger(__name__)
CACHE = "public, max-age=60, s-maxage=5"


@dataclass(frozen=True, slots=True)
class Moved:
    """The record stands elsewhere, for ever."""

    url: str


Answer = dict[str, Any] | Moved
Function = Callable[..., Answer]
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Operation:
    """One GET of the API. `path` is relative to /api/v1; `{id}` in it is a whole number. `answer` names a schema."""

    path: str
    summary: str
    answer: str
    view: View
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.view.__name__


OPERATIONS: list[Operation] = []


def operation(path: str, answer: str, *wanted: Parameter, problems: tuple[int, ...] = ()) -> Callable[[Function], View]:
    """Make a function of the parameters (and the id) an operation at `path`; its docstring is the summary."""

    def register(function: Function) -> View:
        @wraps(function)
        def view(request: HttpRequest, **place: int) -> HttpResponse:
            return _open(_respond(request, function, wanted, place))

        summary = (function.__doc__ or "").strip().partition("\n")[0]
        OPERATIONS.append(Operation(path, summary, answer, view, wanted, problems))
        return view

    return register


def _respond(
    request: HttpRequest, function: Function, wanted: tuple[Parameter, ...], place: dict[str, int]
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if request.method not in ("GET", "HEAD"):
        refused = problem(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not possible here; GET is")
        refused["Allow"] = "GET, HEAD, OPTIONS"
        return refused
    try:
        answer = function(**place, **parameters.read(wanted, request.GET.dict()))
    except Problem as wrong:
        return problem(wrong.status, wrong.detail, **wrong.more)
    except Exception:
        log.exception("the API failed at %s", request.path)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "we failed, and the failure is in our log; try again later")
    if isinstance(answer, Moved):
        moved = HttpResponse(status=HTTPStatus.MOVED_PERMANENTLY)
        moved["Location"] = answer.url
        return moved
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    response = document(request, body, "application/json; charset=utf-8", cache=CACHE)
    if following := answer.get("next"):
        response["Link"] = f'<{following}>; rel="next"'
    return response


def _open(answer: HttpResponse) -> HttpResponse:
    """Any page of any site may read the API: it has no cookies and says nothing that is not public."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    answer["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    answer["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link"
    answer["Access-Control-Max-Age"] = "86400"
    return answer


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The answer at every address of the API that is none."""
    return _open(problem(HTTPStatus.NOT_FOUND, "no such address; /api/v1/openapi.json lists all"))
