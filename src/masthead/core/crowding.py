"""How crowded it is around a report, and what a likeness is worth there. Pure.

Where a subject fills the news (a war, an election), reports of different events share most of their words; where a
subject stands alone, two reports of one event may share few. One threshold serves both when a likeness is measured
against those that the two reports have anyway: to their nearest neighbours, copies left aside. (Local scaling,
Zelnik-Manor and Perona 2004.)
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable

NEAREST = 10
"""The crowd of a report is its mean likeness to so many of its nearest neighbours."""
ALONE = 0.06
"""The crowd of a report that resembles nothing; no crowd is taken for less."""
DAMPING = 0.8
"""How much the crowd matters: with 0 a likeness is worth the same everywhere, with 1 its ratio to the crowd alone
counts."""


def crowd(likenesses: Iterable[float]) -> float:
    """The crowd around a report with these likenesses to others. Copies of it (1) are the same report again."""
    nearest = heapq.nlargest(NEAREST, (value for value in likenesses if 0 < value < 1))
    return max(ALONE, sum(nearest) / NEAREST)


def relative(likeness: float, one: float, other: float) -> float:
    """What a likeness of two reports is worth, given their crowds: all of it where both stand alone, else less."""
    if likeness <= 0:
        return likeness
    return likeness * math.pow(ALONE * ALONE / (one * other), DAMPING / 2)


def so_far(likeness: float, younger: float, older: float) -> float:
    """The same as reports arrive. Of the older report's neighbours some had not come when its crowd was measured, so
    that it is taken for at least as crowded as the younger one, which stands beside it.
    """
    return relative(likeness, younger, max(younger, older))
