"""What the rounds came to, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from cluster.rounds import Told

PARTS = ("workers", "database", "broker", "publisher", "bench")


def killing(told: Told, feeds: int, items: int, gap: float, load: float) -> str:
    """The round in which workers were killed."""
    left = told.held.homeless + told.held.unread + told.held.waiting
    return (
        f"**Kills.** {feeds:,} feeds, two editions of {items} items, four workers, {told.kills} of them killed while at"
        f" work, in {told.seconds:.0f} s: {told.held.entries:,} of {told.expected:,} items are there once,"
        f" {told.held.doubled} doubled, {left} left over. Most requests at one host at once: {told.seen['most']};"
        f" shortest time from an answer to the next request there: {told.seen['shortest']:.2f} s (setting: {gap} s)."
        f" Processor time: {_shares(told)}. Load of the machine before: {load:.1f}."
    )


def pace(workers: Sequence[int], paced: Sequence[Told], loads: Sequence[float]) -> str:
    """The table of what so many workers do."""
    head = [
        "| workers | items | seconds | items a second | ms of processor an item: workers | database | broker"
        " | publisher | bench | of all processor time, the workers' share | load before |",
        "|" + "--:|" * 11,
    ]
    return "\n".join([*head, *(_row(*row) for row in zip(workers, paced, loads, strict=True))])


def _row(workers: int, told: Told, load: float) -> str:
    items = max(1, told.held.articles)
    each = [f"{1000 * told.shares[part] / items:.1f}" for part in PARTS]
    share = told.shares["workers"] / max(0.001, sum(told.shares.values()))
    cells = [str(workers), f"{items:,}", f"{told.seconds:.1f}", f"{items / told.seconds:.1f}", *each, f"{share:.0%}"]
    cells.append(f"{load:.1f}")
    return f"| {' | '.join(cells)} |"


def _shares(told: Told) -> str:
    whole = max(0.001, sum(told.shares.values()))
    return ", ".join(f"{part} {told.shares[part]:.0f} s ({told.shares[part] / whole:.0%})" for part in PARTS)
