"""The table on the terminal, and the page that keeps the last one."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import date

from correctness.measures import Row

_ABOUT = """# How right we are

Pages whose text, headline, author and date were written down by hand, and articles whose quotations were, read by
Masthead and by other programs in one run:

    make bench-correctness CORPORA=DIR

The sets belong to their publishers and are not part of Masthead. Only the development part of each is read here; the
rules name no publisher, no host and no page of a set. What each measure counts is said at the top of its file in
`bench/correctness`.
"""


def columns(rows: Sequence[Row]) -> list[str]:
    """The programs that appear in some row, in order of appearance."""
    return list(dict.fromkeys(name for row in rows for name in row.figures))


def cell(row: Row, name: str) -> str:
    """A figure as text; a dash where the program was not asked."""
    value = row.figures.get(name)
    if value is None:
        return "–"
    return f"{value:.3f}" if row.share else f"{value:.0f}"


def lines(rows: Sequence[Row]) -> list[str]:
    """The table in Markdown, its columns aligned."""
    names = columns(rows)
    cells = [["measure", *names], *([row.measure, *(cell(row, name) for name in names)] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(names) + 1)]

    def joined(line: list[str]) -> str:
        first, *rest = (text.ljust(widths[at]) if not at else text.rjust(widths[at]) for at, text in enumerate(line))
        return "| " + " | ".join([first, *rest]) + " |"

    rule = (
        "|"
        + "|".join("-" * (width + 2) if not at else "-" * (width + 1) + ":" for at, width in enumerate(widths))
        + "|"
    )
    return [joined(cells[0]), rule, *map(joined, cells[1:])]


def page(rows: Sequence[Row], sizes: dict[str, int], versions: dict[str, str], today: date) -> str:
    """docs/correctness.md: the table with the day, the versions and the sizes of the sets."""
    programs = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()) if version)
    sets = ", ".join(f"{name} {count}" for name, count in sizes.items())
    run = f"Run on {today.isoformat()} with Python {platform.python_version()}; {programs}.\nItems read: {sets}.\n"
    return "\n".join([_ABOUT, run, *lines(rows), ""])
