"""What a worker is asked for, and how it may end."""

from __future__ import annotations

import importlib
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar, get_type_hints

Asked = TypeVar("Asked")
Result = TypeVar("Result")

_MEGABYTE = 1_000_000
# A machine that is busy with something else may take so many times as long by the clock on the wall.
_PATIENCE = 12


@dataclass(frozen=True, slots=True)
class Task(Generic[Asked, Result]):
    """A pure function of one argument, named "module:function", which a worker imports by itself.

    Argument and result are records that msgspec reads (dataclasses, bytes, numbers, ...), so that an answer of a
    worker that somebody took over is checked data and nothing that can act (as a pickle would). `seconds`: processor
    time for a document of up to a megabyte; a longer one has as much more for each further megabyte.
    """

    function: str
    asked: type[Asked]
    result: type[Result]
    seconds: float = 5.0

    def limits(self, size: int) -> tuple[float, float]:
        """Seconds of processor time, and by the clock on the wall, for an argument of `size` bytes."""
        processor = self.seconds * max(1.0, size / _MEGABYTE)
        return processor, processor * _PATIENCE


class Failed(Exception):
    """A document could not be read; the message says why, in words for the desk. `report`: the traceback, if any."""

    def __init__(self, reason: str, report: str = "") -> None:
        super().__init__(reason)
        self.report = report


class Unavailable(RuntimeError):
    """No worker can be had: that says nothing about the documents, which wait."""


@lru_cache(maxsize=64)
def resolve(function: str) -> tuple[Callable[[Any], Any], Any]:
    """The function of that name and the type of its argument."""
    module, _, name = function.partition(":")
    found = getattr(importlib.import_module(module), name)
    hints = get_type_hints(found)
    hints.pop("return", None)
    [asked] = hints.values()
    return found, asked


def death(status: int, processor: float, wall: float, megabytes: int) -> tuple[str, bool]:
    """Why a worker ended, by its wait status, in words; and whether another try could end otherwise."""
    if not (0 <= status < 65536):
        return "its worker was lost", True
    number = status & 0x7F
    if number == signal.SIGPROF:
        return f"it took more than {processor:.3g} s of processor time and was stopped", False
    if number == signal.SIGALRM:
        return f"it took more than {wall:.3g} s and was stopped", True
    if number:
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = f"signal {number}"
        return f"its worker was ended by {name} (a fault in a library, or more than {megabytes} MB of memory)", True
    return f"its worker ended with status {status >> 8}", True
