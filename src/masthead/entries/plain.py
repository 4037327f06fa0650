"""The words of an item's markup, read once for all who ask while it is ingested. Pure."""

from __future__ import annotations

from functools import lru_cache

from masthead.core.sanitize import to_text

# What is longer is read anew each time, so that the memory is bounded: so many characters in so many texts.
_LONGEST, _TEXTS = 10_000, 2048

_kept = lru_cache(maxsize=_TEXTS)(to_text)


def plain_of(html: str) -> str:
    """`to_text`."""
    return _kept(html) if len(html) <= _LONGEST else to_text(html)
