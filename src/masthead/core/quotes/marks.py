"""Where a quotation begins and ends: curly and straight marks, guillemets, low-high ones, nested and unclosed ones.

Only outermost quotations are reported. What a mark is, opening or closing, follows from the mark itself where it says
so (“ ”), from what is open („ “, » «) and from its neighbours where it does not ("). An apostrophe is never a mark, but
two of them in a row ('') are the double mark of text that came through a wire.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

# Feet and inches (6’2”) are read first, and left.
_MARK = re.compile(r"""(?<=\d)[’'′]\d{1,2}[”"″]|''|``|[“”„‟«»‹›"‘’‚']""")
# What may close what is open. An opening “ that was typed as " happens, and so does the other way round.
_CLOSERS: dict[str, tuple[str, ...]] = {
    "“": ("”", '"'),
    "”": ("”", '"'),
    "„": ("“", "”", '"'),
    "‟": ("”", '"'),
    '"': ('"', "”"),
    "«": ("»",),
    "»": ("«",),
    "‹": ("›",),
    "›": ("‹",),
    "''": ("''",),
    "``": ("''", '"'),
}
_SINGLE = {"‘": "’", "‚": "‘", "'": "'"}
_ALWAYS_OPEN = ("“", "„", "«", "‹", "``")
_EITHER = ('"', "”", "''")
_OPENERS = "([{<—–-/“„«‘\"'¿¡"
_PUNCTUATION = ",.?!…"
_MOST_MARKS = 80
"""Within one quotation; keeps the reading linear where the marks do not add up."""
_MOST_SINGLES = 20


@dataclass(frozen=True, slots=True)
class Span:
    """A quotation in a text: [start, end) with its marks, [inner, inner_end) without. Not `closed`: ran to the end."""

    start: int
    end: int
    inner: int
    inner_end: int
    closed: bool = True

    def words(self, text: str) -> str:
        """What is said, without marks and the blanks beside them."""
        return text[self.inner : self.inner_end].strip()


class Mark(NamedTuple):
    """A mark and its place; `opens`: it has the neighbours of an opening one, a blank or bracket before, none after."""

    at: int
    text: str
    opens: bool

    @property
    def end(self) -> int:
        """Position behind the mark."""
        return self.at + len(self.text)


def _mark(text: str, found: re.Match[str]) -> Mark:
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    opens = (not before or before.isspace() or before in _OPENERS) and bool(after) and not after.isspace()
    return Mark(found.start(), found.group(), opens)


def spans(text: str) -> list[Span]:
    """The outermost quotations of one paragraph, in order, without overlap. Linear in the length of `text`."""
    marks = [_mark(text, found) for found in _MARK.finditer(text)]
    singles = _SingleClosers(text, marks)
    found: list[Span] = []
    index = 0
    while index < len(marks):
        mark = marks[index]
        if mark.text in _SINGLE:
            end = singles.closing(mark) if mark.opens else -1
            if end > 0:
                found.append(Span(mark.at, end + 1, mark.end, end))
                while index < len(marks) and marks[index].at <= end:
                    index += 1
                continue
        elif mark.text in _CLOSERS and _may_open(text, mark):
            last, closed = _closing(text, marks, index)
            end = marks[last].at if last < len(marks) else len(text)
            found.append(Span(mark.at, marks[last].end if closed else end, mark.end, end, closed))
            index = last if closed or last == len(marks) else last - 1
        index += 1
    return found


def _may_open(text: str, mark: Mark) -> bool:
    if mark.text in ('"', "''", "‟"):
        return mark.opens
    if mark.text in "”»›":
        # These open in some countries; elsewhere a lone one is the end of something.
        closers = _CLOSERS[mark.text]
        return mark.opens and any(text.find(closer, mark.end, mark.end + 2000) > 0 for closer in closers)
    return True


def _closing(text: str, marks: list[Mark], first: int) -> tuple[int, bool]:
    """Index of the mark that closes the quotation opened by marks[first]; (index where it stops, False): none does."""
    opened = marks[first].text
    stack = [opened]
    flat = -1  # the first mark that would close it if nothing were nested: what holds when nesting does not add up
    last = min(len(marks), first + _MOST_MARKS)
    for index in range(first + 1, last):
        mark = marks[index]
        if mark.text not in _CLOSERS:
            continue
        if mark.text == opened and text[mark.at - 1] == "\n":
            return (flat, True) if flat > 0 else (index, False)
        opens = mark.opens and mark.text in _EITHER
        if not opens and mark.text in _CLOSERS[opened]:
            flat = index if flat < 0 else flat
            if len(stack) > 1 and mark.text not in _CLOSERS[stack[-1]]:
                return index, True
        if not opens and mark.text in _CLOSERS[stack[-1]]:
            stack.pop()
            if not stack:
                return index, True
        elif opens or mark.text in _ALWAYS_OPEN:
            stack.append(mark.text)
    return (flat, True) if flat > 0 else (last, False)


class _SingleClosers:
    """The places where a single mark may close: after punctuation or before it, never inside a word."""

    def __init__(self, text: str, marks: list[Mark]) -> None:
        self._places = [mark for mark in marks if mark.text in "’‘'" and self._closes(text, mark)]
        self._next = 0

    @staticmethod
    def _closes(text: str, mark: Mark) -> bool:
        before, after = text[mark.at - 1 : mark.at], text[mark.end : mark.end + 1]
        if after.isalnum() or not before.strip():
            return False
        return before in _PUNCTUATION or (after != "" and after in _PUNCTUATION + ";:")

    def closing(self, opening: Mark) -> int:
        """Position of the first place behind `opening` that closes it, or -1. Calls come in the order of the text."""
        while self._next < len(self._places) and self._places[self._next].at <= opening.at:
            self._next += 1
        for place in self._places[self._next : self._next + _MOST_SINGLES]:
            if place.text == _SINGLE[opening.text]:
                return place.at
        return -1
