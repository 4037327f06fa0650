"""The workers of this process, as its settings want them: what the stages use."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.conf import settings

from masthead.store.workers.pool import Inside, Pool
from masthead.store.workers.task import Failed, Task, Unavailable

__all__ = ["Failed", "Task", "Unavailable", "call", "close", "prepare", "stream"]

Key = TypeVar("Key")
Asked = TypeVar("Asked")
Result = TypeVar("Result")

# Modules of the tasks of the house, imported once in the nursery. Names, as the pipeline's steps are: nothing here
# depends on them, and a task of another module works as well (its worker imports it).
MODULES = (
    "masthead.entries.read",
    "masthead.articles.make",
    "masthead.articles.raster",
    "masthead.core.icons",
    "masthead.feeds.icons.raster",
)


_lock = threading.Lock()
_pool: Pool | None = None


def _current() -> Pool | Inside:
    """The pool of this process; a new one after a fork or when the settings changed."""
    global _pool
    options = settings.MASTHEAD
    if options.workers <= 0:
        return Inside()
    with _lock:
        wanted = (options.workers, options.worker_megabytes, os.getpid())
        if _pool is None or (_pool.width, _pool.megabytes, _pool.pid) != wanted:
            if _pool is not None:
                _pool.close()
            names = {"MASTHEAD_QUOTES_MODEL": options.quotes_model}
            _pool = Pool(options.workers, options.worker_megabytes, MODULES, names)
        return _pool


def prepare() -> None:
    """Begin to start the workers, which takes two seconds, while this process does something else."""
    if isinstance(pool := _current(), Pool):
        pool.prepare()


def stream(task: Task[Asked, Result], asked: Iterable[tuple[Key, Asked]]) -> Iterator[tuple[Key, Result | Failed]]:
    """Do a task for each argument, several at once, and give what became of each under its key, in their order.

    A document that cannot be read gives a `Failed`. Raises `Unavailable` when no worker can be had.
    """
    return _current().stream(task, asked)


def call(task: Task[Asked, Result], asked: Asked) -> Result:
    """Do a task once. Raises `Failed`, `Unavailable`."""
    [(_, outcome)] = stream(task, [(None, asked)])
    if isinstance(outcome, Failed):
        raise outcome
    return outcome


@atexit.register
def close() -> None:
    """End this process's workers."""
    global _pool
    with _lock:
        found, _pool = _pool, None
    if found is not None:
        found.close()
