"""A stream of XML cut into its items, so that a file of any size is read in the memory that one item takes.

The cutter knows tags, CDATA and comments and nothing more: no parser sees the whole document, so no DOCTYPE and no
entity of it has any effect, and an item that is broken spoils no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from masthead.core.archive.pieces import Stream
from masthead.core.archive.types import Unreadable

MOST_OF_AN_ITEM = 10_000_000
MOST_OF_A_HEAD = 30_000_000
_CHUNK = 262_144
_LONGEST_TOKEN = 4_096


@dataclass(frozen=True, slots=True)
class Part:
    """`kind` "head": all before the first item. "item": one, whole. "broken": bytes that end no item, with the reason.

    `at` is where it begins in the (unpacked) file, in bytes; `dropped` counts the comments that were cut out.
    """

    kind: Literal["head", "item", "broken"]
    data: bytes
    at: int
    dropped: int = 0
    reason: str = ""


class Splitter:
    """Cuts a stream at the elements named `tag`; elements named `drop` inside them are left out and counted."""

    def __init__(self, stream: Stream, tag: str, drop: str = "") -> None:
        self._stream = stream
        names = "|".join(re.escape(name) for name in (tag, drop) if name)
        self._token = re.compile(rf"<!\[CDATA\[|<!--|<(/?)({names})(?=[\s>/])[^>]*>".encode())
        self._again = re.compile(rf"\n[ \t]*<{re.escape(tag)}[\s>]".encode())
        self._drop = drop.encode()
        self._buffer = bytearray()
        self._base = 0  # where the buffer begins in the file
        self._at = 0  # how far the buffer has been looked at
        self._start = -1  # where the item under way begins in the buffer
        self._cut = -1  # where the element to be dropped begins
        self._until = b""  # what ends the CDATA or comment under way
        self._dropped = 0
        self._lost = 0  # bytes cut out of the item under way
        self._headless = True

    def parts(self) -> Iterator[Part]:
        """The parts in their order. Raises `Unreadable` where the stream breaks; what came before was given."""
        while True:
            yield from self._scan()
            over = len(self._buffer) - max(self._start, 0)
            if over > (MOST_OF_A_HEAD if self._headless else MOST_OF_AN_ITEM):
                if self._headless:
                    raise Unreadable(f"no item begins within the first {MOST_OF_A_HEAD // 1_000_000} MB")
                yield from self._give_up(f"it does not end within {MOST_OF_AN_ITEM // 1_000_000} MB")
                continue
            chunk = self._stream.read(_CHUNK)
            if chunk:
                self._buffer += chunk
            elif self._start >= 0:
                yield from self._give_up("the file ends before the item does")
            else:
                return

    def _scan(self) -> Iterator[Part]:
        while True:
            if self._until:
                end = self._buffer.find(self._until, self._at)
                if end < 0:
                    self._at = max(self._at, len(self._buffer) - 2)
                    return
                self._at, self._until = end + len(self._until), b""
                continue
            found = self._token.search(self._buffer, self._at)
            if found is None:
                self._rest()
                return
            self._at = found.end()
            if found[0].startswith(b"<!"):
                self._until = b"]]>" if found[0] == b"<![CDATA[" else b"-->"
            elif self._drop and found[2] == self._drop:
                self._comment(found)
            elif found[1]:
                if self._start >= 0:
                    yield self._take("item", found.end())
            elif found[0].endswith(b"/>"):
                continue
            else:
                yield from self._open(found.start(), found.end())

    def _rest(self) -> None:
        """Nothing more is known of what is in the buffer: keep what may be the beginning of a token."""
        last = self._buffer.rfind(b"<", max(self._at, len(self._buffer) - _LONGEST_TOKEN))
        begun = last >= 0 and self._buffer.find(b">", last) < 0
        self._at = last if begun else len(self._buffer)
        if self._start < 0 and not self._headless:
            self._forget(self._at)

    def _open(self, start: int, end: int) -> Iterator[Part]:
        if self._headless:
            self._headless = False
            yield Part("head", bytes(self._buffer[:start]), self._base)
        elif self._start >= 0:
            yield self._take("broken", start, "it does not end before the next one begins")
            start, end = 0, end - start
        self._forget(start)
        self._start, self._at, self._cut = 0, end - start, -1

    def _comment(self, found: re.Match[bytes]) -> None:
        if self._start < 0:
            return
        if not found[1]:
            self._cut = found.start() if self._cut < 0 else self._cut
        elif self._cut >= 0:
            self._lost += found.end() - self._cut
            del self._buffer[self._cut : found.end()]
            self._at, self._cut = self._cut, -1
            self._dropped += 1

    def _take(self, kind: Literal["item", "broken"], end: int, reason: str = "") -> Part:
        part = Part(kind, bytes(self._buffer[self._start : end]), self._base + self._start, self._dropped, reason)
        lost = self._lost
        self._dropped = self._lost = 0
        self._start = self._cut = -1
        self._forget(end)
        self._base += lost
        return part

    def _forget(self, end: int) -> None:
        del self._buffer[:end]
        self._base += end
        self._at = max(0, self._at - end)

    def _give_up(self, reason: str) -> Iterator[Part]:
        """The item under way is broken: go on at the next line that begins one."""
        if self._start < 0:
            # Between two items, inside a CDATA section or comment that does not end.
            self._until = b""
            self._forget(len(self._buffer))
            return
        found = self._again.search(self._buffer, self._start + 1)
        yield self._take("broken", found.start() if found else len(self._buffer), reason)
        self._at, self._until = 0, b""
