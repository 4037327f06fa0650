"""Whether the same reader reads the same again, without knowing who reads: hashes under a salt, in memory alone."""

from __future__ import annotations

import os

REPEAT_SECONDS = 30.0
SALT_SECONDS = 12 * 3600.0
"""After so long a new salt is drawn; with the half minute that the old one is still needed, well within a day."""
REMEMBERED = 500_000
"""So many readings are remembered in each half minute at most; beyond, the oldest are forgotten."""


class Readings:
    """The readings of the last half minute, in two sets of which the older one is dropped as a whole.

    Times are seconds of the machine's steady clock, so that a clock that is set wrong or right again hides no repeat.
    Not safe for threads.
    """

    def __init__(self) -> None:
        self._salt = self._older_salt = os.urandom(32)
        self._recent: dict[int, float] = {}
        self._older: dict[int, float] = {}
        self._began = self._salted = float("-inf")

    def repeated(self, at: float, reader: tuple[str, str], what: object) -> bool:
        """Whether `reader` read `what` within half a minute before `at`. Each repeat begins that time anew."""
        if at - self._began > REPEAT_SECONDS or len(self._recent) >= REMEMBERED:
            self._turn(at)
        # SipHash under a key of the process that nobody knows, and the salt. 64 bits: of ten million million readings
        # one is taken for another one's repeat.
        key = hash((self._salt, reader, what))
        before = self._recent.get(key)
        if before is None and self._older:
            same = self._older_salt is self._salt
            before = self._older.get(key if same else hash((self._older_salt, reader, what)))
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
