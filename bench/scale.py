"""How the schedule of a million feeds behaves: simulated in memory by the planner's rules, minute by minute.

    python bench/scale.py [--feeds 1000000] [--hours 48] [--markdown docs/scale.md]

`bench/polling/schedule.py` runs 50,000 feeds in a real database; this one leaves it out, so that a million fit. The
rules are those of `feeds.schedule`, for whole arrays; before it begins, plans of both are compared. Asked is: to how
many polls a second does the crowd come, how uneven are they, and how long after a stop of two hours is everything in
time again.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from masthead.feeds import schedule
from polling.report import put

MARK = "bench-scale"
FLOOR = 3600
# Shares of feeds by how often they bring something new, in hours: a few agencies, papers, magazines, and the long tail.
RHYTHMS = ((0.25, 0.01), (1.0, 0.06), (6.0, 0.18), (24.0, 0.30), (24.0 * 14, 0.45))
NO_VALIDATORS = 0.15
FAILING = 0.10
BIG_HOSTS = 200
"""Platforms, which carry a third of all feeds."""
PER_HOST = 25
"""Requests to one host in a minute, with the gap of two seconds and what an answer takes."""
STOP = 120
Floats = np.ndarray[Any, np.dtype[np.float64]]


def planned(interval: Floats, changed: Any, validated: Any, late: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """The measured interval after an answer, and the seconds until the next poll (`schedule.after_success`)."""
    moved = interval * np.where(changed, schedule._FALL, schedule._RISE)
    measured = np.round(np.clip(moved, FLOOR, FLOOR * schedule.QUIETEST))
    wait = np.maximum(measured, np.where(validated, FLOOR, FLOOR * schedule.UNVALIDATED))
    usual = np.minimum(wait / 10, schedule._MOST_JITTER.total_seconds())
    most = np.minimum(schedule._MOST_LATE_JITTER.total_seconds(), wait)
    return measured, wait + np.maximum(usual, np.minimum(schedule._LATE_SHARE * late, most)) * spread


def compare(times: int = 500) -> None:
    """Raise `SystemExit` when the planner says otherwise than the simulation."""
    chance = np.random.default_rng(5)
    now = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    for _ in range(times):
        interval, late = float(chance.integers(1800, 90_000)), int(chance.integers(0, 3000))
        changed, validated, spread = bool(chance.integers(2)), bool(chance.integers(2)), float(chance.random())
        plan = schedule.after_success(
            now, schedule.Hints(validators=validated, late=late), schedule.History(int(interval)),
            changed=changed, floor=FLOOR, spread=spread,
        )  # fmt: skip
        start = np.array([max(float(FLOOR), interval)])
        measured, wait = planned(start, changed, validated, np.array([float(late)]), np.array([spread]))
        said = (plan.due_at - now).total_seconds()
        if abs(said - wait[0]) > 2 or plan.interval != measured[0]:
            raise SystemExit(f"the planner says {plan}, the simulation {measured[0]} and {wait[0]} for {interval}")


def rank(groups: Any) -> Any:
    """For each, how manyeth of its group it is, in the order given."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ranks = np.empty(len(groups), dtype=int)
    ranks[order] = np.arange(len(groups)) - np.repeat(first, np.diff(np.r_[first, len(groups)]))
    return ranks


def simulate(feeds: int, hours: int, room: int) -> dict[str, float]:
    """`room`: polls that the machines manage in a minute; after three quarters of the time they stop for two hours."""
    chance = np.random.default_rng(1)
    kind = chance.choice(len(RHYTHMS), feeds, p=[share for _, share in RHYTHMS])
    rhythm = np.array([hours_ * 3600 for hours_, _ in RHYTHMS])[kind]
    interval = np.clip(rhythm, FLOOR, FLOOR * schedule.QUIETEST).astype(np.float64)
    validated = chance.random(feeds) >= NO_VALIDATORS
    failing = chance.random(feeds) < FAILING
    host = np.where(chance.random(feeds) < 1 / 3, chance.integers(0, BIG_HOSTS, feeds), BIG_HOSTS + np.arange(feeds))
    due = chance.random(feeds) * np.where(validated, interval, FLOOR * schedule.UNVALIDATED)
    asked = due - interval
    begin = hours * 45
    counts, late_by, held, behind, caught = [], [], 0, 0, -1
    for minute in range(hours * 60):
        now = minute * 60.0
        ready = np.flatnonzero(due <= now)
        behind = max(behind, len(ready))
        if begin <= minute < begin + STOP:
            continue
        ready = ready[np.argsort(due[ready], kind="stable")]
        open_ = rank(host[ready]) < PER_HOST if len(ready) else np.array([], dtype=bool)
        held += int((~open_).sum())
        taken = ready[open_][:room]
        late = now - due[taken]
        changed = chance.random(len(taken)) < 1 - np.exp(-(now - asked[taken]) / rhythm[taken])
        measured, wait = planned(interval[taken], changed, validated[taken], late, chance.random(len(taken)))
        interval[taken] = measured
        # A failing feed backs off to a day.
        wait = np.where(failing[taken], FLOOR * 24.0 * (0.9 + 0.1 * chance.random(len(taken))), wait)
        due[taken], asked[taken] = now + wait, now
        counts.append((minute, len(taken)))
        late_by.append((minute, float(np.quantile(late, 0.99)) / 60 if len(taken) else 0.0))
        if caught < 0 and minute >= begin + STOP and len(ready[open_]) <= room:
            caught = minute - begin - STOP
    settled = np.array([n for minute, n in counts if begin - 720 <= minute < begin]) / 60
    after = np.array([n for minute, n in counts if minute >= begin + STOP]) / 60
    return {
        "mean": settled.mean(), "most": settled.max(), "unevenness": settled.max() / max(settled.mean(), 1e-9),
        "after": after.max(), "caught": caught, "behind": behind, "held": held,
        "late": max(late for minute, late in late_by if begin - 720 <= minute < begin), "room": room / 60,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1_000_000)
    parser.add_argument("--hours", type=int, default=48)
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    compare()
    lines = [
        f"{given.hours} simulated hours, the figures from the twelve before a stop of two hours. A third of the feeds "
        f"lie on {BIG_HOSTS} hosts, of one of which {PER_HOST} are asked a minute; {FAILING:.0%} fail, "
        f"{NO_VALIDATORS:.0%} give nothing to ask conditionally with.",
        "",
        "| feeds | room, polls/s | polls/s, mean | most in a minute | most by mean | late, minutes (p99 of the worst "
        "minute) | after the stop: behind | polls/s | in time again after, minutes |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for feeds in sorted({given.feeds // 20, given.feeds}):
        for room in (feeds / 20_000, feeds / 8_000):
            began = time.monotonic()
            told = simulate(feeds, given.hours, int(room * 60))
            caught = "not within the run" if told["caught"] < 0 else f"{told['caught']:.0f}"
            lines.append(
                f"| {feeds:,} | {told['room']:.0f} | {told['mean']:.1f} | {told['most']:.1f} "
                f"| {told['unevenness']:.2f} | {told['late']:.1f} | {told['behind']:,.0f} "
                f"| {told['after']:.1f} | {caught} |"
            )
            print(f"{feeds} feeds, room {room:.0f}/s: {time.monotonic() - began:.0f} s", file=sys.stderr)
    text = "\n".join(lines)
    print(text)
    if given.markdown:
        put(given.markdown, MARK, text)


if __name__ == "__main__":
    main()
