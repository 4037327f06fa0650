"""No orphans: a child process ends when its parent does, even when the parent is killed outright."""

from __future__ import annotations

import os
import signal
import threading
import time

PARENT = "MASTHEAD_PARENT"
"""The variable by which a parent tells its children who it is: one that is killed while a child still starts would
otherwise be unknown to it, and the child would live on for ever."""
GRACE = 8.0
"""Seconds between asking a process to stop and ending it."""


def die_with_parent() -> None:
    """Watch the parent from a thread of its own; once it is gone, stop this process as SIGTERM would, then for good.

    The parent is the one that the environment names (`PARENT`), else whoever it is now.
    """
    parent = int(os.environ.get(PARENT) or os.getppid())

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
