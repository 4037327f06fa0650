"""ROUGE-LSum (Lin 2004): longest common subsequences sentence by sentence, united for each sentence of the reference.

As in fundus-evaluation, paragraphs in square brackets may be in the body or not, and the best reading of the reference
counts. Sentences are parted by a rule, not by NLTK's model (which would have to be downloaded), and where several
subsequences are equally long another may be chosen; both move the third digit of a percentage.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from rapidfuzz.distance import LCSseq

_WORD = re.compile(r"[a-z0-9]+")
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_MOST_OPTIONAL = 6


def rouge_lsum(found: str, reference: Sequence[str]) -> float:
    """The F-measure of `found` (paragraphs parted by line ends) against the best reading of `reference`."""
    ours = _sentences(found.split("\n"))
    cache: dict[tuple[int, int], set[int]] = {}
    paragraphs = [_sentences([_bare(paragraph)]) for paragraph in reference]
    numbered: list[list[tuple[int, list[str]]]] = []
    for sentences in paragraphs:
        start = sum(len(before) for before in numbered)
        numbered.append([(start + at, sentence) for at, sentence in enumerate(sentences)])
    return max(_f_measure([pair for at in kept for pair in numbered[at]], ours, cache) for kept in _readings(reference))


def _readings(reference: Sequence[str]) -> Iterator[list[int]]:
    """The paragraphs' indexes, with every choice of the optional ones (all or none of those beyond the sixth)."""
    optional = [at for at, paragraph in enumerate(reference) if _bare(paragraph) != paragraph]
    free, rest = optional[:_MOST_OPTIONAL], optional[_MOST_OPTIONAL:]
    for count in range(len(free) + 1):
        for left_out in combinations(free, count):
            yield [at for at in range(len(reference)) if at not in left_out]
            if rest:
                yield [at for at in range(len(reference)) if at not in left_out and at not in rest]


def _bare(paragraph: str) -> str:
    return paragraph[1:-1] if paragraph.startswith("[") and paragraph.endswith("]") else paragraph


def _sentences(lines: Iterable[str]) -> list[list[str]]:
    found = (_WORD.findall(sentence.lower()) for line in lines for sentence in _END.split(line))
    return [words for words in found if words]


def _f_measure(
    reference: list[tuple[int, list[str]]], ours: list[list[str]], cache: dict[tuple[int, int], set[int]]
) -> float:
    size = sum(len(words) for _, words in reference)
    length = sum(len(words) for words in ours)
    if not size or not length:
        return 0.0
    left = Counter(word for _, words in reference for word in words)
    mine = Counter(word for words in ours for word in words)
    hits = 0
    for number, words in reference:
        for at in sorted(_united(number, words, ours, cache)):
            word = words[at]
            if left[word] > 0 and mine[word] > 0:
                left[word] -= 1
                mine[word] -= 1
                hits += 1
    return 2 * hits / (size + length)


def _united(number: int, words: list[str], ours: list[list[str]], cache: dict[tuple[int, int], set[int]]) -> set[int]:
    """The places of a reference sentence that stand in a common subsequence with some sentence of ours."""
    key = (number, 0)
    if key not in cache:
        known = set(words)
        united: set[int] = set()
        for sentence in ours:
            if known.isdisjoint(sentence):
                continue
            for code in LCSseq.opcodes(words, sentence):
                if code.tag == "equal":
                    united.update(range(code.src_start, code.src_end))
        cache[key] = united
    return cache[key]
