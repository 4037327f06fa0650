"""The process that settles what several web processes noted of their readers."""

from __future__ import annotations

import os
import signal
import threading


def main() -> None:
    """Settle until SIGTERM; the web processes hand over their last notes first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from masthead.audience import settle
    from masthead.audience.relay import SOCKET_FILE

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    settle.run(settings.MASTHEAD.home / SOCKET_FILE, stopping)
    connections.close_all()
