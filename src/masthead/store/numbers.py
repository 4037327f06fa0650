"""The numbers of all processes of one home: each writes its own down every few seconds, so that any may tell all.

A file a process, in `numbers/` of the home, replaced as a whole. A process that ended keeps its counters there until
the site is started again, so that no counter falls when one is replaced; its gauges end with it.
"""

from __future__ import annotations

import os
import resource
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec

from masthead.store import metrics
from masthead.store.metrics import Family

FOLDER = "numbers"
PUBLISH_SECONDS = 5.0
FRESH_SECONDS = 20.0
"""What is older was written by a process that has ended or hangs: its gauges are not told any more."""

_PAGE = os.sysconf("SC_PAGE_SIZE")


def watch_process(name: str) -> None:
    """Register what this process takes of the machine, under its name ("web", "pipeline")."""
    for what, kind, help, read in _PROCESS:
        metrics.register(f"masthead_{what}", kind, help, partial(_named, name, read), label="process")


def _named(name: str, read: Callable[[], float]) -> dict[str, float]:
    return {name: read()}


def publish(home: Path, name: str) -> None:
    """Write this process's numbers down for the others."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name}-{os.getpid()}.json"
    fresh = path.with_suffix(".part")
    fresh.write_bytes(msgspec.json.encode(metrics.collect()))
    fresh.replace(path)


def forget(home: Path) -> None:
    """Before the first process of a site starts: what earlier ones left is over."""
    shutil.rmtree(home / FOLDER, ignore_errors=True)


def everybody(home: Path) -> list[Family]:
    """The numbers of all processes of the home together, this one's as they are now."""
    own = f"-{os.getpid()}.json"
    found: dict[str, Family] = {one.name: one for one in metrics.collect()}
    for path in sorted((home / FOLDER).glob("*.json")):
        if path.name.endswith(own):
            continue
        with suppress(OSError, msgspec.DecodeError):
            lives = time.time() - path.stat().st_mtime < FRESH_SECONDS
            _add(found, msgspec.json.decode(path.read_bytes(), type=list[Family]), lives)
    return [found[name] for name in sorted(found)]


def _add(found: dict[str, Family], families: Iterable[Family], lives: bool) -> None:
    for one in families:
        if one.kind == "gauge" and not lives:
            continue
        known = found.get(one.name)
        values = dict(known.values) if known is not None else {}
        for key, value in one.values.items():
            values[key] = values.get(key, 0.0) + value
        found[one.name] = replace(one, values=values)


def _resident() -> float:
    """Bytes; where there is no `/proc`, the most that this process ever held."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def _processor() -> float:
    times = os.times()
    return times.user + times.system


def _open_files() -> float:
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            return sum(1 for _ in Path(folder).iterdir())
    return 0.0


_PROCESS: tuple[tuple[str, str, str, Callable[[], float]], ...] = (
    ("processes", "gauge", "Processes of this name.", lambda: 1.0),
    ("process_resident_bytes", "gauge", "Memory that the processes hold.", _resident),
    ("process_cpu_seconds_total", "counter", "Processor time, user and system.", _processor),
    ("process_open_files", "gauge", "Open files, sockets and pipes.", _open_files),
)
