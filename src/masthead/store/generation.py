"""The change counter of the public pages: how the page cache of every process learns that something changed.

The database row counts for all machines. A file of 32 bytes in the home, mapped into memory, shows every change to
the other processes of this machine at once and costs nothing to read; it also holds the row as last seen, so that a
change made on another machine is noticed by `refresh`.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from masthead.options import Options
from masthead.store.models import Generation

FILE_NAME = "generation"
_NUMBERS = struct.Struct("<QQ")  # soft, hard
_SIZE = 2 * _NUMBERS.size  # this machine's counter, then the row as last seen
_opening = threading.Lock()
_maps: dict[Path, mmap.mmap] = {}
_last: tuple[Options | None, mmap.mmap | None] = (None, None)
"""The map that was read last, and the settings that it goes by: to make its path anew took half of a ready page."""


def current() -> tuple[int, int]:
    """The counter (soft, hard) as this machine knows it. A page made under another counter is out of date.

    Costs well under a microsecond; asks neither the database nor the file system.
    """
    global _last
    options = settings.MASTHEAD
    known, shared = _last
    if shared is None or known is not options:
        shared = _map(options.home / FILE_NAME)
        _last = options, shared
    soft, hard = _NUMBERS.unpack_from(shared)
    return soft, hard


def bump(hard: bool = False) -> None:
    """Say that what readers can see has changed; takes effect once the transaction under way is committed.

    Soft (what the pipeline brings): cached pages may live a few seconds longer. Hard (takedown, rights, an editor's
    act): every cached page of every process is out of date at once.
    """
    transaction.on_commit(partial(_bump, hard))


def refresh() -> None:
    """Take over what other machines changed, from the database row. One small read."""
    with _counter() as counter:
        counter.see(_row())


def _row() -> tuple[int, int]:
    return Generation.objects.filter(pk=1).values_list("soft", "hard").first() or (0, 0)


def _bump(hard: bool) -> None:
    with _counter() as counter:
        counter.count(hard)
    field = "hard" if hard else "soft"
    if not Generation.objects.filter(pk=1).update(**{field: F(field) + 1}):
        Generation.objects.get_or_create(pk=1)
        Generation.objects.filter(pk=1).update(**{field: F(field) + 1})
    with _counter() as counter:
        counter.see(_row(), own=(0, 1) if hard else (1, 0))


class _Counter:
    """The file's numbers, while its lock is held."""

    def __init__(self, shared: mmap.mmap) -> None:
        self._shared = shared

    def count(self, hard: bool) -> None:
        numbers = list(_NUMBERS.unpack_from(self._shared))
        numbers[hard] += 1
        _NUMBERS.pack_into(self._shared, 0, *numbers)

    def see(self, row: tuple[int, int], own: tuple[int, int] = (0, 0)) -> None:
        """Count what the row counted since it was last seen, but for what this process has counted already."""
        seen = _NUMBERS.unpack_from(self._shared, _NUMBERS.size)
        for hard in (False, True):
            if row[hard] > seen[hard] + own[hard]:
                self.count(hard)
        _NUMBERS.pack_into(self._shared, _NUMBERS.size, *row)


@contextmanager
def _counter() -> Iterator[_Counter]:
    path = settings.MASTHEAD.home / FILE_NAME
    shared = _map(path)
    with path.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _Counter(shared)


def _map(path: Path) -> mmap.mmap:
    shared = _maps.get(path)
    if shared is not None:
        return shared
    with _opening:
        if path not in _maps:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if os.fstat(descriptor).st_size < _SIZE:
                    os.ftruncate(descriptor, _SIZE)
                _maps[path] = mmap.mmap(descriptor, _SIZE)
            finally:
                # The map keeps a copy of the descriptor, and with it a lock that is not given back by name.
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                os.close(descriptor)
        return _maps[path]
