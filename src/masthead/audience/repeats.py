"""Whether the same reader reads the same again, without knowing who reads: hashes under a salt, in memory alone."""

from __future__ import annotations

import hashlib
import os

REPEAT_SECONDS = 30.0
SALT_SECONDS = 12 * 3600.0
"""After so long a new salt is drawn; with the half minute that the old one is still needed, well within a day."""
REMEMBERED = 500_000
"""So many readings are remembered in each half minute at most; beyond, the oldest are forgotten."""


class Readings:
    """The readings of the last half minute. Two sets, of which the older one is dropped as a whole: nothing is searched.

    Times are seconds of the machine's steady clock, so that a clock that is set wrong or right again hides no repeat.
    Not safe for threads.
    """

    def __init__(self) -> None:
        self._salt = self._older_salt = os.urandom(32)
        self._recent: dict[bytes, float] = {}
        self._older: dict[bytes, float] = {}
        self._began = self._salted = float("-inf")

    def repeated(self, at: float, reader: str, what: object) -> bool:
        """Whether `reader` read `what` within half a minute before `at`. Each repeat begins that time anew."""
        if at - self._began > REPEAT_SECONDS or len(self._recent) >= REMEMBERED:
            self._turn(at)
        text = f"{reader}\n{what}".encode("utf-8", "surrogateescape")
        key = hashlib.blake2b(text, digest_size=16, key=self._salt).digest()
        before = self._recent.get(key)
        if before is None and self._older:
            if self._older_salt is not self._salt:
                before = self._older.get(hashlib.blake2b(text, digest_size=16, key=self._older_salt).digest())
            else:
                before = self._older.get(key)
        self._recent[key] = at
        return before is not None and at - before <= REPEAT_SECONDS

    def forget(self, now: float) -> None:
        """Drop what is too old to matter, also while nobody reads."""
        if now - self._began > REPEAT_SECONDS:
            self._turn(now)

    def _turn(self, now: float) -> None:
        stale = now - self._began > 2 * REPEAT_SECONDS
        self._older, self._older_salt = ({}, self._salt) if stale else (self._recent, self._salt)
        self._recent = {}
        self._began = now
        if now - self._salted >= SALT_SECONDS:
            self._salt, self._salted = os.urandom(32), now

    def __len__(self) -> int:
        return len(self._recent) + len(self._older)
