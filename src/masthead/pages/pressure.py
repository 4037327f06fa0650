"""How much of the time goes into making pages, and how long one may therefore be kept: freshness gives way first.

While much comes in, every page is out of date every few seconds; a busy site of many pages would do nothing else but
make them, and readers would wait. So the time that a page may outlive what the pipeline brought grows with the share of
time that is spent making. What must not be seen again (a takedown, an editor's act) waits for nothing.
"""

from __future__ import annotations

import math

from masthead.pages.shelf import LONGEST_LIFE, SOFT_LIFE

WINDOW = 10.0
"""Seconds over which the share is taken; what was spent longer ago fades."""
EASY = 0.25
"""Up to this share of one thread's time, pages are kept no longer than usual."""


class Pressure:
    """Threads may lose a little of the sum between them."""

    def __init__(self) -> None:
        self._spent = 0.0
        self._at = 0.0

    def made(self, seconds: float, now: float) -> None:
        """A page was made, which took so long, by the clock of now."""
        self._spent = self._faded(now) + seconds
        self._at = now

    def share(self, now: float) -> float:
        """Of the last seconds, how much was spent making; above 1 where several threads do."""
        return self._faded(now) / WINDOW

    def soft_life(self, now: float) -> float:
        """Seconds that a page may be kept after it was made, though something came in since."""
        over = self.share(now) / EASY
        return SOFT_LIFE if over <= 1 else min(LONGEST_LIFE, SOFT_LIFE * over * over)

    def _faded(self, now: float) -> float:
        return self._spent * math.exp(min(0.0, (self._at - now) / WINDOW)) if self._spent else 0.0
