"""The tables of the bench, as Markdown, and their place in a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from polling import documents
from polling.measure import Round
from polling.programs import Program

MARK = "bench-poll"
_HEAD = (
    "| program | feeds/s | items/s | wall s | CPU s | feeds per CPU s | requests | 200 | 304 | connections | most at a "
    "host | KB asked | KB answered | peak MB | items stored |"
)


def put(page: Path, mark: str, text: str) -> None:
    """Put `text` between the marks of `page`, or at its end when it has none yet."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    whole = page.read_text() if page.is_file() else ""
    block = f"{begin}\n\n{text.strip()}\n\n{end}"
    if begin in whole and end in whole:
        whole = whole[: whole.index(begin)] + block + whole[whole.index(end) + len(end) :]
    else:
        whole = f"{whole.rstrip()}\n\n{block}\n".lstrip()
    page.write_text(whole)


def table(
    titles: Sequence[str],
    measured: Sequence[tuple[Program, list[Round]]],
    missing: Sequence[Program],
    ceiling: float,
) -> str:
    """A table a round, what was set, and our ratios to reader."""
    parts: list[str] = []
    for place, title in enumerate(titles):
        rows = [_row(program, rounds, place) for program, rounds in measured]
        parts.append("\n".join([f"**{title}**", "", _HEAD, "|---" + "|---:" * 14 + "|", *rows]))
    notes = [f"- {program.name}: {program.note}." for program, _ in measured]
    notes += [f"- {program.name} is left out: {program.missing}." for program in missing]
    notes.append(
        f"- A bare client that only asks and reads heads gets {ceiling:.0f} answers a second from the server: it "
        "is not what limits anybody."
    )
    failed = [
        f"- {program.name}, {titles[place].lower()}: {done.failed}."
        for program, rounds in measured
        for place, done in enumerate(rounds)
        if done.failed
    ]
    return "\n\n".join([*parts, "\n".join(notes + failed), _ratios(titles, measured)])


def _row(program: Program, rounds: list[Round], place: int) -> str:
    done = rounds[place]
    seen = done.seen
    new = done.items - (rounds[place - 1].items if place else 0)
    cells = [
        program.name,
        f"{seen['requests'] / done.wall:.0f}",
        f"{new / done.wall:.0f}",
        f"{done.wall:.1f}",
        f"{done.cpu:.1f}",
        f"{seen['requests'] / done.cpu:.0f}",
        str(seen["requests"]),
        str(seen["full"]),
        str(seen["unchanged"]),
        str(seen["connections"]),
        str(seen["most_at_a_host"]),
        f"{seen['received'] / 1000:.0f}",
        f"{seen['sent'] / 1000:.0f}",
        f"{done.memory:.0f}",
        str(done.items),
    ]
    return f"| {' | '.join(cells)} |"


def _ratios(titles: Sequence[str], measured: Sequence[tuple[Program, list[Round]]]) -> str:
    """Ours without a gap against reader, wall and CPU."""
    by_name = {program.name: rounds for program, rounds in measured}
    theirs, ours = by_name.get("lemon24/reader"), by_name.get("Masthead, gap 0 s")
    if theirs is None or ours is None:
        return ""
    lines = [
        f"- {title}: {them.wall / us.wall:.1f} times as fast by the clock, {them.cpu / us.cpu:.1f} times by CPU time."
        for title, us, them in zip(titles, ours, theirs, strict=True)
    ]
    return f"Ours with gap 0 beside reader ({documents.FEEDS} feeds each):\n\n" + "\n".join(lines)
