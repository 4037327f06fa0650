"""What one run of a pipeline step says about itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """`done` and `failed` count rows; `more`: there is work left right now, so run again without waiting."""

    done: int = 0
    failed: int = 0
    more: bool = False
