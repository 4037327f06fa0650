"""Work that must not grow faster than the text: told by a ratio within one run, as seconds say more of the machine."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

_NOTHING = 0.004
# Four times the text: a line costs 4 times as much, a square 16 times.
_MOST = 9.0


def assert_linear(work: Callable[[str], object], text: str) -> None:
    """Fails when `work` needs more than nine times the processor for `text` than for its last quarter."""
    part, whole = text[-(len(text) // 4) :], text
    for attempt in range(3):
        small, large = _seconds(work, part), _seconds(work, whole)
        if large < _MOST * max(small, _NOTHING):
            return
        if attempt == 2:
            raise AssertionError(f"four times the text costs {large / max(small, _NOTHING):.1f} times as much: {large}")


def _seconds(work: Callable[[str], object], text: str) -> float:
    """Processor seconds, of the better of two runs."""
    best = float("inf")
    gc.collect()
    for _ in range(2):
        began = time.process_time()
        work(text)
        best = min(best, time.process_time() - began)
        if best > 2:
            break
    return best
