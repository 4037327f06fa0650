"""`docs/reliability.md`: the table of the last long round, between its marks."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from chaos.result import Result

BEGIN, END = "<!-- chaos: begin -->", "<!-- chaos: end -->"
HEAD = (
    "| fault | rounds (struck) | kept | acknowledged | pages asked, unanswered | longest silence | recovery, at most |"
)


def row(result: Result) -> str:
    """A line of the table."""
    pages = f"{result.asked:,}, {result.unanswered:,}" if result.asked else "–"
    silence = f"{result.silence:.1f} s" if result.asked else "–"
    recovery = f"{result.recovery:.1f} s" if result.recovery else "–"
    kept = "all" if result.kept else f"**no: {len(result.broken)} broken**"
    return (
        f"| {result.fault} | {result.rounds:,} ({result.hits:,}) | {kept} | {result.acknowledged:,} | {pages} |"
        f" {silence} | {recovery} |"
    )


def table(results: Sequence[Result], *, seed: int, seconds: float, load: float) -> str:
    """The table with how it was made, and what broke below it."""
    lines = [
        f"Seed {seed}, {date.today().isoformat()}, {seconds / 60:.0f} minutes on {os.cpu_count()} cores"
        f" (load average {load:.1f}), Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.",
        "",
        HEAD,
        "|---|---|---|---|---|---|---|",
        *map(row, results),
        "",
        *(f"- {result.fault}: {result.note}" for result in results if result.note),
        *(f"- **{result.fault}**: {broken.splitlines()[0][:300]}" for result in results for broken in result.broken),
    ]
    return "\n".join(lines).rstrip()


def put(path: Path, text: str) -> None:
    """Put the table between the marks of a page."""
    page = path.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
