"""`docs/reliability.md`: the table of the last long round, between its marks.

A long round may be made in parts, each of which appends to a file (`python -m chaos --json FILE`):

    python -m chaos.report FILE... --told "how they were made" --markdown docs/reliability.md
"""

from __future__ import annotations

import argparse
import json
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


def table(results: Sequence[Result], told: str) -> str:
    """The table with how it was made, and what broke below it."""
    lines = [
        f"{date.today().isoformat()}, {told}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}.",
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


def parts(paths: Sequence[Path]) -> list[Result]:
    """The results in some files, those of a kind together, in the order of their first part."""
    found: dict[str, Result] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            part = Result(**json.loads(line))
            if part.fault in found:
                found[part.fault].add(part)
            else:
                found[part.fault] = part
    return list(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(prog="chaos.report", description="Puts parts of a long round into one table.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--told", default="in parts")
    parser.add_argument("--markdown", type=Path, required=True)
    given = parser.parse_args()
    put(given.markdown, table(parts(given.files), given.told))


if __name__ == "__main__":
    main()
