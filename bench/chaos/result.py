"""What came of one kind of fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chaos.check import Broken


@dataclass
class Result:
    """`rounds`: how often it was done; `hits`: how often it struck while something was under way.

    `asked`, `unanswered`: requests for pages meanwhile, and those that got no whole page; `silence`: the longest time
    in seconds between two pages. `recovery`: the longest time in seconds from the end of a fault until news came out.
    `broken`: what did not hold, each with the number that gives it again.
    """

    fault: str
    rounds: int = 0
    hits: int = 0
    acknowledged: int = 0
    asked: int = 0
    unanswered: int = 0
    silence: float = 0.0
    recovery: float = 0.0
    broken: list[str] = field(default_factory=list)
    note: str = ""

    @contextmanager
    def during(self, where: str) -> Iterator[None]:
        """What does not hold within the block, or does not come, is noted with the words that give it again."""
        try:
            yield
        except (Broken, RuntimeError, OSError) as error:  # a TimeoutError is an OSError
            self.broken.append(f"{where}: {error}")

    def recovered(self, seconds: float) -> None:
        self.recovery = max(self.recovery, seconds)

    def add(self, other: Result) -> None:
        """Take in another part of the same kind."""
        for name in ("rounds", "hits", "acknowledged", "asked", "unanswered"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.silence, self.recovery = max(self.silence, other.silence), max(self.recovery, other.recovery)
        self.broken += other.broken
        self.note = "; ".join(dict.fromkeys(filter(None, (*self.note.split("; "), *other.note.split("; ")))))

    @property
    def kept(self) -> bool:
        return not self.broken


def held(result: Result) -> Result:
    """The result, where everything held. Raises `AssertionError`. Times are figures of the report, not asserted."""
    assert not result.broken, result
    assert result.rounds, result
    return result
