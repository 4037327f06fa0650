"""One door: nothing of the house but `core/fetch` speaks to other people's servers."""

from __future__ import annotations

import ast
from pathlib import Path

import masthead
from masthead.core.characters import words

HOUSE = Path(masthead.__file__).parent
# What can open a connection. `asyncio` is asked for by name: only some of it can.
NETWORK = words(
    "aiohttp aiosmtplib ftplib http.client http.server httpx imaplib nntplib poplib pycurl requests smtplib socket"
    " socketserver telnetlib urllib.request urllib3 websockets xmlrpc.client xmlrpc.server"
)
OPENERS = words(
    "create_connection create_server create_datagram_endpoint open_connection start_server sock_connect"
    " open_unix_connection start_unix_server"
)
# Whoever may, and what for. A line that is no longer needed is a fault as well.
MAY = {
    "audience/relay.py": "notes over a socket in the home, to the process that settles",
    "audience/settle.py": "takes these notes",
    "core/fetch/client.py": "the door itself",
    "core/fetch/connect.py": "the door itself",
    "core/fetch/errors.py": "names of errors only",
    "demo/hosts.py": "serves the sample publishers on loopback",
    "demo/publishers.py": "serves the sample publishers on loopback",
    "demo/state.py": "looks for a free port on loopback",
    "serve/run.py": "tries and greets the site's own port",
    "store/bodies.py": "asks the kernel about connections that clients opened, and shuts them",
    "store/workers/cell.py": "the socket pair between pool and worker",
    "store/workers/crew.py": "the socket pair by which a waiting crew is woken",
    "store/workers/nursery.py": "the socket pair between pool and worker",
    "store/workers/stream.py": "the socket pair by which a waiting crew is woken",
    "store/workers/wire.py": "the socket pair between pool and worker",
    "store/workers/worker.py": "the socket pair between pool and worker",
}


def reaches_out(tree: ast.AST) -> bool:
    """Whether a module imports what can open a connection, or calls what does."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and node.attr in OPENERS:
            return True
        if any(name in NETWORK or name.split(".")[0] in NETWORK for name in names):
            return True
    return False


def test_nothing_else_opens_a_connection() -> None:
    found = {
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.py")
        if reaches_out(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found - set(MAY) == set(), "fetch through masthead.feeds.client"
    assert set(MAY) - found == set(), "no longer needed in MAY"


def test_the_test_would_see_it() -> None:
    for line in (
        "import socket",
        "from urllib import request",
        "import urllib.request as r",
        "from http.client import HTTPConnection",
        "import asyncio\nasync def f(): await asyncio.open_connection('a', 1)",
        "def f():\n    import requests",
    ):
        assert reaches_out(ast.parse(line)), line
    for line in ("from urllib.parse import urlsplit", "from http import HTTPStatus", "import asyncio"):
        assert not reaches_out(ast.parse(line)), line
