"""The site with a switch: what it answers is counted, or nobody is told of it. Everything else is the same process.

The switch lies behind the page cache, so that ready pages do not pass it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from masthead import wsgi
from readers.script import COUNTED, SILENT

_behind = wsgi.cache._application


def _switch(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path not in (COUNTED, SILENT):
        return _behind(environ, start_response)
    wsgi.counter.flush()  # with what was noted until now settled and written, so that each side bears its own
    wsgi.cache._observer = wsgi.counter if path == COUNTED else None
    start_response("200 OK", [("Content-Length", "0")])
    return []


wsgi.cache._application = _switch
application = wsgi.application

__all__ = ["application"]
