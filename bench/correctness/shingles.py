"""F1 over runs of four words, as scrapinghub/article-extraction-benchmark defines it.

True and false positives and negatives are counted with multiplicity and divided by their sum, page by page; precision
and recall are means over the pages on which they are defined; F1 is the harmonic mean of the two means.
"""

from __future__ import annotations

import re
from collections import Counter
from statistics import fmean

_LENGTH = 4
_WORD = re.compile(r"\w+")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words; a text of fewer words is one run."""
    words = _WORD.findall(text)
    runs = (tuple(words[at : at + _LENGTH]) for at in range(max(1, len(words) - _LENGTH + 1)))
    return Counter(run for run in runs if run)


def page_score(found: str, true: str) -> tuple[float | None, float | None]:
    """(precision, recall) of a page; None where it is not defined."""
    ours, gold = shingles(found), shingles(true)
    hits = sum((ours & gold).values())
    precision = hits / ours.total() if ours else None
    recall = hits / gold.total() if gold else None
    return precision, recall


def f1(pages: list[tuple[float | None, float | None]]) -> float:
    """The measure over all pages."""
    precisions = [precision for precision, _ in pages if precision is not None]
    recalls = [recall for _, recall in pages if recall is not None]
    if not precisions or not recalls:
        return 0.0
    precision, recall = fmean(precisions), fmean(recalls)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
