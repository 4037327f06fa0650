"""Many payloads in one report, each with a mark behind it: where it arrived, and that it ate none of the others.

A payload that a browser would let swallow what follows (an open comment, script, attribute, ...) stands last in its
pack, and a pack holds one of them. What lost its mark in company is tried once more, alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import html5lib

from attack.payloads import escaped

ROOM = 900
"""So many characters of payloads go into one title, counted as it is kept; 1,000 are kept of it."""
MOST = 16
MARK = re.compile(r"zq(\d+)([a-z])qz")
_KEEPS = frozenset(
    {"iframe", "math", "noembed", "noframes", "noscript", "option", "plaintext", "script", "select", "style"}
    | {"svg", "template", "textarea", "title", "video", "xmp", "audio", "object", "canvas", "button"}
)
_PROBE = "probeprobe"


@dataclass(frozen=True, slots=True)
class Pair:
    """A payload, escaped `times` times; `number` is its own in the whole run."""

    number: int
    payload: str
    times: int

    @property
    def text(self) -> str:
        return escaped(self.payload, self.times)

    def marked(self, field: str) -> str:
        """The text, and behind it the mark of it in a field (one letter)."""
        return f"{self.text} {self.mark(field)}"

    def mark(self, field: str) -> str:
        return f"zq{self.number}{field}qz"


Pack = Sequence[Pair]


def joined(pack: Pack, field: str) -> str:
    return " ".join(pair.marked(field) for pair in pack)


def pairs(payloads: Iterable[str]) -> list[Pair]:
    """Each payload escaped zero to three times."""
    every = [(text, times) for text in payloads for times in range(4)]
    return [Pair(number, text, times) for number, (text, times) in enumerate(every, start=1)]


def alone(payloads: Sequence[str], times: Sequence[int]) -> list[Pack]:
    """One payload to a pack."""
    return [[Pair(n, text, t)] for n, (text, t) in enumerate(zip(payloads, times, strict=True), start=1)]


def packed(found: Sequence[Pair]) -> list[Pack]:
    """All pairs in packs, in their order but for those that swallow what follows."""
    greedy = {text for text in {pair.payload for pair in found} if swallows(text)}
    last = [pair for pair in found if pair.payload in greedy]
    packs: list[list[Pair]] = []
    room = 0
    for pair in found:
        if pair.payload in greedy:
            continue
        length = len(escaped(pair.payload, max(0, pair.times - 1))) + len(pair.mark("t")) + 2
        if not packs or length > room or len(packs[-1]) >= MOST:
            packs.append([])
            room = ROOM
        packs[-1].append(pair)
        room -= length
    for number, pair in enumerate(last):
        if number >= len(packs):
            packs.append([])
        packs[number].append(pair)
    return list(packs)


def swallows(payload: str) -> bool:
    """Whether text behind a payload would be no text of the page any more, as an HTML5 parser reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root = html5lib.parseFragment(f"<div>{payload}{_PROBE}</div>", namespaceHTMLElements=False)

    def shown(element: object) -> bool:
        tag = getattr(element, "tag", None)
        if not isinstance(tag, str) or tag.rpartition("}")[2] in _KEEPS:
            return False
        inside = _PROBE in (element.text or "") or any(shown(child) for child in element)  # type: ignore[attr-defined]
        return inside or any(_PROBE in (child.tail or "") for child in element)  # type: ignore[attr-defined]

    return not shown(root)
