"""What a run found, as a table."""

from __future__ import annotations

from attack.rounds import STAGES, Rounds


def table(rounds: Rounds, minutes: float) -> tuple[str, list[str]]:
    """The table in Markdown, and all findings."""
    packed, lone, listed = (rounds.done(stage) for stage in STAGES)
    every = [*packed.values(), *lone.values(), *listed.values()]
    lost = {number for result in packed.values() for number in result.missing}
    still = {number for result in lone.values() for number in result.missing}
    faults = [fault for result in every for fault in result.faults]
    outlets = {name for result in every for name in result.marks}
    letters: dict[str, int] = {}
    for result in packed.values():
        for letter, count in result.fields.items():
            letters[letter] = letters.get(letter, 0) + count
    rows: list[tuple[str, object]] = [
        ("payloads (own and of the corpora)", len({pair.payload for pair in rounds.pairs})),
        ("each escaped so many times", "0, 1, 2, 3"),
        ("payloads x escapes", len(rounds.pairs)),
        ("batches of packs tried", f"{len(packed):,} of {len(rounds.wanted('packed')):,}"),
        ("batches of lists of feeds (OPML) tried", f"{len(listed):,} of {len(rounds.wanted('lists')):,}"),
        ("reports published out of three formats", sum(result.articles for result in every)),
        ("fields of feeds and items with marks that were seen again", len(letters)),
        ("outlets at which marks were seen", len(outlets)),
        ("payload x escape x field x outlet, by marks seen", sum(sum(result.marks.values()) for result in every)),
        ("tried again alone, as company may have hidden them", len(lost)),
        ("of those, leave nothing of a title or body even alone", len(still)),
        ("answers judged by html5lib, lxml and json", sum(result.answers for result in every)),
        ("pages opened in Chromium without our policy", sum(result.opened for result in every)),
        ("findings", len(faults)),
        ("minutes", round(minutes, 1)),
    ]
    lines = [f"| {name} | {value:,} |" if isinstance(value, int) else f"| {name} | {value} |" for name, value in rows]
    return "\n".join(["| what | figure |", "|---|---|", *lines]), faults
