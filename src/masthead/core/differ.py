"""How one text became another, by words and by paragraphs, for people to read. Pure.

Words are those of Unicode (UAX 29): scripts that part no words are compared sign by sign. The longest common
subsequence comes from rapidfuzz, whose time and memory are the product of both lengths over the width of a machine
word; what is longer than the caps is shown as replaced, never as a page that does not come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from masthead.core.churn import settled

PartKind = Literal["same", "added", "removed"]
ParagraphKind = Literal["changed", "added", "removed", "moved"]

_BOUNDARY = regex.compile(r"(?w)\b")
_SPACE = regex.compile(r"\s+")
_MOST_PAIRS = 40_000_000  # of words, in one comparison: about 6,000 words against as many
_MOST_COUPLES = 2_500  # of paragraphs that are held against each other for likeness
_LIKENESS_READ = 1_500  # characters of a paragraph that are read for it
_SAME_PARAGRAPH = 50.0  # of 100: below, one was removed and another written
_SAME_ELSEWHERE = 80.0  # of 100: a paragraph that also moved must resemble more


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text that is in both states, or in one alone."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What became of one paragraph. "moved": it stands elsewhere now; `parts` tell whether it was changed as well."""

    kind: ParagraphKind
    parts: tuple[Part, ...]


def words_of(text: str) -> list[str]:
    """A text as words, marks and single spaces; joined they are the text with its white space made plain."""
    return [token for token in _BOUNDARY.split(_SPACE.sub(" ", text.strip())) if token]


def words_changed(before: str, after: str) -> tuple[Part, ...]:
    """The way from one text to another in runs of words. Typography alone (forms of quotes, dashes) is no change."""
    old, new = words_of(before), words_of(after)
    if len(old) * len(new) > _MOST_PAIRS:
        runs = list(_ends_only(old, new))
    else:
        codes = LCSseq.opcodes(_keys(old), _keys(new))
        runs = [(old[c.src_start : c.src_end], new[c.dest_start : c.dest_end], c.tag == "equal") for c in codes]
    return tuple(_parts(_readable(runs)))


_Run = tuple[list[str], list[str], bool]


def _keys(tokens: Sequence[str]) -> list[str]:
    return [settled(token) or token for token in tokens]


def _ends_only(old: list[str], new: list[str]) -> Iterator[_Run]:
    """Texts too long to be compared: what they begin and end with in common, and the rest as replaced."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    yield old[:head], new[:head], True
    yield old[head : len(old) - tail], new[head : len(new) - tail], False
    yield old[len(old) - tail :], new[len(new) - tail :], True


def _readable(runs: Sequence[_Run]) -> list[_Run]:
    """Runs without the crumbs that two different sentences have in common: spaces, commas, a "the".

    What is the same between two changes is given up when it is shorter than both of them.
    """
    kept: list[_Run] = []
    for old, new, same in runs:
        if not old and not new:
            continue
        if kept and not same and not kept[-1][2]:
            kept[-1] = (kept[-1][0] + old, kept[-1][1] + new, False)
        else:
            kept.append((old, new, same))
        while len(kept) >= 3 and not kept[-1][2] and kept[-2][2] and not kept[-3][2] and _crumb(*kept[-3:]):
            last = kept[-3:]
            kept[-3:] = [([t for run in last for t in run[0]], [t for run in last for t in run[1]], False)]
    return kept


def _crumb(before: _Run, same: _Run, after: _Run) -> bool:
    size = _size(same[1])
    return size == 0 or size < min(max(_size(run[0]), _size(run[1])) for run in (before, after))


def _size(tokens: Sequence[str]) -> int:
    return sum(len(token) for token in tokens if any(letter.isalnum() for letter in token))


def _parts(runs: Sequence[_Run]) -> Iterator[Part]:
    for old, new, same in runs:
        if same:
            yield Part("same", "".join(new))
            continue
        if old:
            yield Part("removed", "".join(old))
        if new:
            yield Part("added", "".join(new))


def paragraphs_changed(before: Sequence[str], after: Sequence[str]) -> list[Paragraph]:
    """What became of the paragraphs of a text, in the order of the new one; those that stayed are left out."""
    old, new = [text for text in before if text.strip()], [text for text in after if text.strip()]
    codes = LCSseq.opcodes([settled(text) for text in old], [settled(text) for text in new])
    hunks = [(range(c.src_start, c.src_end), range(c.dest_start, c.dest_end)) for c in codes if c.tag != "equal"]
    joined = _joined(hunks)
    pairs: dict[int, int] = {}  # new -> old
    for sources, targets in joined:
        pairs |= _alike(old, new, list(sources), list(targets))
    taken = set(pairs.values())
    gone = [i for sources, _ in joined for i in sources if i not in taken]
    come = [j for _, targets in joined for j in targets if j not in pairs]
    moved = _moved(old, new, gone, come)
    left = set(moved.values())
    found: list[Paragraph] = []
    for sources, targets in joined:
        waiting = [i for i in sources if i not in taken and i not in left]
        for j in targets:
            if j in pairs:
                found += [_removed(old[i]) for i in waiting if i < pairs[j]]
                waiting = [i for i in waiting if i > pairs[j]]
                found.append(Paragraph("changed", words_changed(old[pairs[j]], new[j])))
            elif j in moved:
                found.append(Paragraph("moved", words_changed(old[moved[j]], new[j])))
            else:
                found.append(Paragraph("added", (Part("added", new[j].strip()),)))
        found += [_removed(old[i]) for i in waiting]
    return found


def _removed(text: str) -> Paragraph:
    return Paragraph("removed", (Part("removed", text.strip()),))


def _joined(hunks: Sequence[tuple[range, range]]) -> list[tuple[range, range]]:
    """Neighbouring hunks (a deletion beside an insertion) as one."""
    found: list[tuple[range, range]] = []
    for sources, targets in hunks:
        if found and found[-1][0].stop == sources.start and found[-1][1].stop == targets.start:
            found[-1] = (range(found[-1][0].start, sources.stop), range(found[-1][1].start, targets.stop))
        else:
            found.append((sources, targets))
    return found


def _likeness(one: str, other: str, least: float) -> float:
    return fuzz.ratio(settled(one[:_LIKENESS_READ]), settled(other[:_LIKENESS_READ]), score_cutoff=least)


def _alike(old: Sequence[str], new: Sequence[str], sources: list[int], targets: list[int]) -> dict[int, int]:
    """Which new paragraph is which old one's next state, in order: the pairs whose likeness together is greatest."""
    if len(sources) * len(targets) > _MOST_COUPLES:
        return dict(zip(targets, sources, strict=False))
    likeness = {(i, j): _likeness(old[i], new[j], _SAME_PARAGRAPH) for i in sources for j in targets}
    best = [[0.0] * (len(targets) + 1) for _ in range(len(sources) + 1)]
    for a in range(len(sources) - 1, -1, -1):
        for b in range(len(targets) - 1, -1, -1):
            paired = likeness[sources[a], targets[b]]
            best[a][b] = max(best[a + 1][b], best[a][b + 1], best[a + 1][b + 1] + paired if paired else 0.0)
    pairs: dict[int, int] = {}
    a = b = 0
    while a < len(sources) and b < len(targets):
        paired = likeness[sources[a], targets[b]]
        if paired and best[a][b] == best[a + 1][b + 1] + paired:
            pairs[targets[b]] = sources[a]
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _moved(old: Sequence[str], new: Sequence[str], gone: list[int], come: list[int]) -> dict[int, int]:
    """Which of the paragraphs that came are ones that went elsewhere in the text: first those left word for word."""
    found: dict[int, int] = {}
    free = list(gone)
    words = {settled(old[i]): i for i in reversed(gone)}
    for j in come:
        i = words.get(settled(new[j]))
        if i in free:
            found[j] = i
            free.remove(i)
    rest = [j for j in come if j not in found]
    if len(rest) * len(free) > _MOST_COUPLES:
        return found
    likeness = [(_likeness(old[i], new[j], _SAME_ELSEWHERE), j, i) for j in rest for i in free]
    for paired, j, i in sorted(likeness, reverse=True):
        if paired and j not in found and i in free:
            found[j] = i
            free.remove(i)
    return found
