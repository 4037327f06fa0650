"""What the readers of this package hand to each other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words, without marks: `pieces` are (block, start, end) in the blocks' texts, one for each block.

    `mention`: the speaker as the text names them beside the words ("she", "Ruiz"); `speaker`: the fullest name the text
    has for them, or None. `open`: no mark closed it.
    """

    block: int
    text: str
    pieces: tuple[tuple[int, int, int], ...]
    speaker: str | None
    mention: str
    cue: str
    confidence: float
    open: bool = False
