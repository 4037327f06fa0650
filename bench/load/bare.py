"""The least that a WSGI callable can do with a page: the ceiling of what any can reach under the same server."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_folder = Path(os.environ["BENCH_BARE_ROOT"])
_pages = {f"/{path.name}": [path.read_bytes()] for path in _folder.iterdir() if path.is_file()}
_headers = {
    name: [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body[0])))]
    for name, body in _pages.items()
}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The page of this name, ready in memory."""
    path = environ["PATH_INFO"]
    start_response("200 OK", _headers[path])
    return _pages[path]
