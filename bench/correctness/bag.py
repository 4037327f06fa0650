"""F1 over the words of a page as a bag, as the Web Content Extraction Benchmark defines it."""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"\w+")


def word_f1(found: str, true: str) -> float:
    """Harmonic mean of precision and recall over lower-cased words, with multiplicity."""
    ours, gold = (Counter(_WORD.findall(text.lower())) for text in (found, true))
    if not gold or not ours:
        return float(not gold and not ours)
    hits = (ours & gold).total()
    return 2 * hits / (ours.total() + gold.total())
