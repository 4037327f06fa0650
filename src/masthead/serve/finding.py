"""What an examination of the site says."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, WRONG = "ok", "warning", "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is "ok", "warning" or "wrong"; `advice` says what to do."""

    check: str
    state: str
    what: str
    advice: str = ""
