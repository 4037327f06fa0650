"""The process that settles the readings of all web processes of a machine, where there is more than one.

Started beside them by `masthead serve`. When it is stopped, it stays until the web processes have handed over their
last notes. When it is killed, they keep theirs for a while and hand them to its successor.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from pathlib import Path

from masthead.audience.count import FLUSH_SECONDS, Counter, Note
from masthead.audience.keep import Keeper
from masthead.audience.relay import TAKEN, reachable, receive

LAG = 2.5
"""Notes wait so many seconds, so that those of other processes that were made before are there too."""
GRACE = 6.0
log = logging.getLogger(__name__)


class Settler:
    """Takes notes from connections, brings them into the order of their time, settles and writes them."""

    def __init__(self, path: Path) -> None:
        self.counter = Counter()
        self._waiting: list[Note] = []
        self._lock = threading.Lock()
        self._connections = 0
        self._finished = False
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        old = os.umask(0o177)
        try:
            with reachable(path) as name:
                self._listener.bind(name)
        finally:
            os.umask(old)
        self._listener.listen(64)
        threading.Thread(target=self._accept, name="accept", daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._connections += 1
            threading.Thread(target=self._take, args=(connection,), name="take", daemon=True).start()

    def _take(self, connection: socket.socket) -> None:
        try:
            with connection:
                while (notes := receive(connection)) is not None:
                    with self._lock:
                        if self._finished:
                            return  # unconfirmed: the web process settles them itself
                        self._waiting += notes
                    connection.sendall(TAKEN)
        except Exception:
            log.warning("a web process broke off while handing over its readings", exc_info=True)
        finally:
            with self._lock:
                self._connections -= 1

    def settle(self, lag: float = LAG) -> None:
        """Judge what was noted more than `lag` seconds ago."""
        until = time.monotonic() - lag
        with self._lock:
            waiting = sorted(self._waiting)
            ready = next((n for n, note in enumerate(waiting) if note[0] > until), len(waiting))
            self._waiting = waiting[ready:]
        self.counter.settle(waiting[:ready])

    @property
    def connections(self) -> int:
        """How many web processes are there now."""
        with self._lock:
            return self._connections

    def finish(self) -> None:
        """Wait until the web processes have gone (GRACE seconds at most), then settle the rest; take nothing more."""
        deadline = time.monotonic() + GRACE
        while self.connections and time.monotonic() < deadline:
            time.sleep(0.05)
        with self._lock:
            self._finished = True
        # Closing alone would not wake the thread that accepts: connections would go on being made, to nobody.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.settle(lag=0.0)


def run(path: Path, stopping: threading.Event) -> None:
    """Settle until `stopping` is set, then what is left."""
    settler = Settler(path)
    keeper = Keeper(settler.counter)
    due = time.monotonic() + FLUSH_SECONDS
    while not stopping.wait(0.5):
        settler.settle()
        if time.monotonic() >= due:
            keeper.flush()
            due = time.monotonic() + FLUSH_SECONDS
    settler.finish()
    keeper.flush(last=True)
