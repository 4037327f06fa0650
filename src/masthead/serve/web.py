"""The web processes: Granian, whose workers each hold a page cache."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from masthead.options import load
from masthead.serve.run import parse_bind
from masthead.store import logs
from masthead.store.lifeline import GRACE, PARENT


def main() -> None:
    """Serve until SIGTERM; requests under way are finished."""
    options = load()
    host, port = parse_bind(options.bind)
    os.environ[PARENT] = str(os.getpid())  # of the workers
    Granian(
        "masthead.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.auto,
        websockets=False,
        workers=max(1, options.web_workers),
        blocking_threads=options.web_threads,
        backlog=1024,
        backpressure=512,
        respawn_failed_workers=True,
        workers_kill_timeout=int(GRACE) - 1,
        log_level=LogLevels.warning,
        log_dictconfig=logs.configuration(
            options.log_format, options.log_level, terminal=logs.on_terminal(), process="web"
        ),
    ).serve()
