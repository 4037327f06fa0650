"""A piece of a text around what was found in it. Costs no more than the text is long, however often a word is there.

(`snippet()` of FTS5 compares every place with every other: a text in which a word stood five thousand times took
minutes.)
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from masthead.articles.search.document import fold
from masthead.articles.search.query import Term

WORDS = 32
CHARACTERS = 400
"""A piece has no more than either."""
LEAD = 6
"""Words before the first found one, at most; fewer where a sentence begins among them."""
MOST = 200
"""So many found places, from the first, are looked at."""
# Longer ones are cut: some scripts know no spaces.
_WORD = re.compile(r"\S{1,40}")
_LETTERS = re.compile(r"\w+")
_ENDS = ".!?…。！？؟।"


def piece(text: str, start: str, stop: str) -> str:
    """The piece in which most different found words are, the first of several. Found words stand in `text` between
    `start` and `stop`, one character each; they do in the piece, and none is left open. "…": where it was cut."""
    hits = _places(text, start)
    # The words that a lead may have are within this many characters of the first.
    near, reach = (max(0, hits[0] - CHARACTERS), hits[-1] + CHARACTERS) if hits else (0, 2 * CHARACTERS)
    spans = [found.span() for found in _WORD.finditer(text, near, min(len(text), reach))]
    if not spans:
        return ""
    ends = [end for _, end in spans]
    # Which word each place is in; and what was found there.
    places = [(bisect_left(ends, hit + 1), _found(text, hit, stop)) for hit in hits]
    first = _best(places) if places else 0
    begin = _lead(text, spans, first) if places else 0
    last = min(begin + WORDS, len(spans)) - 1
    while last > begin and spans[last][1] - spans[begin][0] > CHARACTERS:
        last -= 1
    cut = text[spans[begin][0] : spans[last][1]]
    if cut.rfind(start) > cut.rfind(stop):
        cut += stop
    if 0 <= cut.find(stop) < (cut.find(start) if start in cut else len(cut)):
        cut = start + cut
    before, after = (
        "…" if text[: spans[begin][0]].strip() else "",
        "…" if text[spans[last][1] :].strip(stop).strip() else "",
    )
    return f"{before}{cut}{after}"


def marked(text: str, terms: Iterable[Term], start: str, stop: str) -> str:
    """The text with the first found words between `start` and `stop`; of a phrase, each of its words."""
    whole: set[str] = set()
    beginnings: tuple[str, ...] = ()
    for term in terms:
        *words, last = _LETTERS.findall(fold(term.text)) or [""]
        whole |= {*words} if term.prefix else {*words, last}
        beginnings += (last,) if term.prefix and last else ()
    parts: list[str] = []
    known: dict[str, str] = {}
    reached = 0
    for found in _LETTERS.finditer(text):
        word = known.get(found[0])
        if word is None:
            word = known[found[0]] = found[0].lower() if found[0].isascii() else fold(found[0])
        if word in whole or (beginnings and word.startswith(beginnings)):
            parts += (text[reached : found.start()], start, found[0], stop)
            reached = found.end()
            if len(parts) >= 4 * MOST:
                break
    return "".join([*parts, text[reached:]])


def _places(text: str, start: str) -> list[int]:
    hits: list[int] = []
    at = text.find(start)
    while at >= 0 and len(hits) < MOST:
        hits.append(at)
        at = text.find(start, at + 1)
    return hits


def _found(text: str, at: int, stop: str) -> str:
    end = text.find(stop, at, at + CHARACTERS)
    return text[at + 1 : end].lower()


def _best(places: list[tuple[int, str]]) -> int:
    """The number of the word with which the best piece begins to find."""
    best, most = places[0][0], 0
    for n, (word, _) in enumerate(places):
        different = {found for other, found in places[n : n + WORDS] if other < word + WORDS - LEAD}
        if len(different) > most:
            best, most = word, len(different)
    return best


def _lead(text: str, spans: list[tuple[int, int]], first: int) -> int:
    """The number of the word with which the piece begins."""
    for word in range(first, max(0, first - LEAD), -1):
        if text[spans[word - 1][1] - 1] in _ENDS:
            return word
    return max(0, first - LEAD)
