"""Direct quotations of PolNeAR: is the quotation found, and is its speaker named.

A quotation counts as found when one of ours overlaps its whole content (all its spans, quotation marks left out) by at
least 0.8 of the two together. `apart`: all of ours that touch it are taken together, so that "One," she said, "two."
may be two quotations. A speaker counts when ours shares a word of a name with the annotated source; a source that is a
pronoun or a common noun is matched by the same rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from masthead.core.quotes import find_quotes
from masthead.core.types import Block

_WORD = re.compile(r"\w+")
_IDLE = frozenset("the a an of in on and mr mrs ms dr sen rep gov president".split())  # noqa: SIM905
_ENOUGH = 0.8
_SIMPLE = re.compile(r"[“\"]([^“”\"]{3,}?)[”\"]")

Said = tuple[frozenset[int], str]


def score(documents: Iterable[dict[str, Any]], simple: bool = False) -> dict[str, float]:
    """Shares of the annotated direct quotations. `simple`: a regular expression that names nobody, to compare with."""
    count: Counter[str] = Counter()
    for document in documents:
        text = document["text"]
        ours = _simple(text) if simple else _ours(text)
        for attribution in document["attributions"]:
            if attribution["direct"]:
                _count(attribution, text, ours, count)
    total = max(1, count["total"])
    return {name: count[name] / total for name in ("span", "speaker", "apart", "apart speaker")} | {"total": total}


def _ours(text: str) -> list[Said]:
    """Our quotations as the sets of their characters' places."""
    blocks: list[Block] = []
    starts: list[int] = []
    for found in re.finditer(r"\S(?:.(?!\n\s*\n))*.?", text, re.DOTALL):
        blocks.append(Block("paragraph", found[0]))
        starts.append(found.start())
    said: list[Said] = []
    seen: dict[int, int] = {}
    for quote in find_quotes(blocks, "en"):
        paragraph = blocks[quote.block].text
        at = paragraph.find(quote.text, seen.get(quote.block, 0))
        if at < 0:
            continue
        seen[quote.block] = at + len(quote.text)
        start = starts[quote.block] + at
        said.append((_letters(text, start, start + len(quote.text)), quote.speaker or ""))
    return said


def _simple(text: str) -> list[Said]:
    return [(_letters(text, found.start(), found.end()), "") for found in _SIMPLE.finditer(text)]


def _letters(text: str, start: int, end: int) -> frozenset[int]:
    """The places of letters and digits: marks and blanks at the edges of a quotation are no difference."""
    return frozenset(at for at in range(start, end) if text[at].isalnum())


def _count(attribution: dict[str, Any], text: str, ours: list[Said], count: Counter[str]) -> None:
    gold = frozenset().union(*(_letters(text, *span) for part in attribution["content"] for span in part["spans"]))
    if not gold:
        return
    count["total"] += 1
    source = " ".join(part["text"] for part in attribution["source"])
    touching = [(places, speaker) for places, speaker in ours if places & gold]
    if not touching:
        return
    best, speaker = max(touching, key=lambda pair: len(pair[0] & gold) / len(pair[0] | gold))
    together = frozenset().union(*(places for places, _ in touching))
    speakers = [name for _, name in touching if name]
    if len(best & gold) >= _ENOUGH * len(best | gold):
        count["span"] += 1
        count["speaker"] += _named(speaker, source)
    if len(together & gold) >= _ENOUGH * len(together | gold):
        count["apart"] += 1
        count["apart speaker"] += any(_named(name, source) for name in speakers)


def _named(speaker: str, source: str) -> bool:
    one, two = ({word for word in _WORD.findall(name.lower()) if word not in _IDLE} for name in (speaker, source))
    return bool(one & two)
