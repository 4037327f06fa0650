"""Headlines and authors against what was written down by hand."""

from __future__ import annotations

from collections.abc import Iterable


def same_title(found: str, true: str) -> bool:
    """Equal but for white space."""
    return " ".join(found.split()) == " ".join(true.split())


def any_author(found: Iterable[str], true: Iterable[str]) -> bool:
    """Whether one of the authors is among those that were found, whatever the case of the letters."""
    wanted = {_folded(name) for name in true}
    return any(_folded(name) in wanted for name in found)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
