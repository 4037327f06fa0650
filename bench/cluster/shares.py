"""Who of a site on one machine took how much processor time: workers, database, broker, publisher, the bench itself."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import psutil

from cluster.site import Machine, Papers, Site

EVERY = 0.5


class Shares:
    """Processor time of everybody since this was made, in seconds; of a killed worker, what was seen of it last."""

    def __init__(self, site: Site, papers: Papers, crew: list[Machine], broker: int) -> None:
        [(postmaster,)] = site.sql("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int")
        self._fixed = {postmaster: "database", broker: "broker", papers.service.pid: "publisher"}
        self._crew = crew
        self._began = {root: taken(root) for root in [*self._fixed, *(machine.process.pid for machine in crew)]}
        self._now = dict(self._began)
        self._bench = time.process_time()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="shares", daemon=True)
        self._thread.start()

    def told(self) -> dict[str, float]:
        """The shares. Looks no more."""
        self._over.set()
        self._thread.join()
        self._look()
        shares = {
            "workers": 0.0,
            **dict.fromkeys(self._fixed.values(), 0.0),
            "bench": time.process_time() - self._bench,
        }
        for root, now in self._now.items():
            shares[self._fixed.get(root, "workers")] += now - self._began.get(root, 0.0)
        return shares

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            self._look()

    def _look(self) -> None:
        for root in [*self._fixed, *(machine.process.pid for machine in list(self._crew))]:
            self._now[root] = max(taken(root), self._now.get(root, 0.0))


def taken(root: int) -> float:
    """Processor time of a process and all that came from it, ended ones too."""
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(root)
        for process in [parent, *parent.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total
