"""A progress bar that stays away from short work and from files."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

import click

_PATIENCE = 2.0


class Progress:
    """`with Progress("Importing", total) as progress: progress.step()`; drawn on stderr after two seconds."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total = label, total
        self._began = time.monotonic()
        self._done = 0
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self._done += count
        if self._bar is not None:
            self._bar.update(count)
        elif time.monotonic() - self._began > _PATIENCE and sys.stderr.isatty():
            self._bar = click.progressbar(length=max(self._total, self._done), label=self._label, file=sys.stderr)
            self._bar.__enter__()
            self._bar.update(self._done)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)
