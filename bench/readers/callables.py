"""Requests straight to the WSGI callable of a web process, as the server would make them; no network in between."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from readers.script import Ask
from readers.sockets import PROXY, STRANGER, _forged

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def environ(ask: Ask) -> dict[str, Any]:
    """What Granian hands over for such a request."""
    made = {
        "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_SOFTWARE": "Granian",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SCRIPT_NAME": "", "QUERY_STRING": "",
        "REQUEST_METHOD": ask.method, "PATH_INFO": ask.path, "HTTP_HOST": "localhost", "HTTP_ACCEPT_ENCODING": "br",
        "REMOTE_ADDR": STRANGER if _forged(ask) else PROXY,
        "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    if ask.agent:
        made["HTTP_USER_AGENT"] = ask.agent
    for name, value in ask.headers:
        made["HTTP_" + name.upper().replace("-", "_")] = value
    if not _forged(ask):
        made["HTTP_X_FORWARDED_FOR"] = ask.address
    return made


def send(application: Application, asks: list[Ask]) -> None:
    """Make these requests. Raises where an answer is not what it has to be."""
    told: list[str] = []
    for ask in asks:
        answer = application(environ(ask), lambda status, headers, *rest: told.append(status))
        for _ in answer:
            pass
        if hasattr(answer, "close"):
            answer.close()
        expected = "404" if "-gone" in ask.path else "302" if ask.path.startswith("/s/") else "200"
        if not told.pop().startswith(expected):
            raise ValueError(f"{ask} was not answered with {expected}")
