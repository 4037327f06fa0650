"""Faults on purpose.

    python -m chaos [--scale 0.02 | --rounds N] [--only NAME ...] [--seed 1] [--minutes M]
                    [--json FILE] [--markdown docs/reliability.md]

A scale of 1 is the full round: 1,000 kills, 500 cuts of power, errors at each of the first 200 writes, and so on. With
`--minutes` no further kind of fault begins after so many. Exit status 1 when anything did not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from chaos import errors, kills, postgres, power, report, troubles
from chaos.result import Result

Run = Callable[[Path, int, int], Result]
# What is done, and how often in a full round: kills come to 1,000, cuts of power to 500.
FAULTS: dict[str, tuple[Run, int]] = {
    "kill-ingest": (kills.ingest, 500),
    "kill-migration": (kills.migration, 100),
    "kill-backup": (kills.backup, 150),
    "kill-replay": (kills.replay, 150),
    "kill-site": (troubles.kills, 100),
    "power-ingest": (power.ingest, 300),
    "power-first-start": (power.first_start, 100),
    "power-backup": (power.backup, 100),
    "errors": (errors.writes, 200),
    "full-backup": (errors.backups, 50),
    "locked": (lambda folder, seconds, seed: troubles.locked(folder, seconds, seed), 30),
    "stopped": (troubles.stopped, 20),
    "clock": (troubles.clock, 8),
    "memory": (troubles.memory, 10),
    "schedulers": (troubles.schedulers, 100),
    "postgres-crash": (postgres.crashes, 100),
    "postgres-away": (postgres.away, 10),
}
WHOLE = {"locked", "clock"}
"""Their number is no number of rounds: it is not scaled."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="chaos", description="Faults on purpose, and what is left afterwards.")
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--rounds", type=int, default=0, help="so many of each kind, instead of a share")
    parser.add_argument("--only", nargs="*", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--json", type=Path, help="append each result as a line of JSON")
    given = parser.parse_args()
    results: list[Result] = []
    started = time.monotonic()
    for name in given.only:
        if given.minutes and time.monotonic() - started > 60 * given.minutes:
            break
        run, full = FAULTS[name]
        folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        try:
            number = given.rounds or (full if name in WHOLE else max(1, round(full * given.scale)))
            result = run(folder, number, given.seed)
        except Exception as error:
            result = Result(name, broken=[f"the round itself failed: {type(error).__name__}: {error}"])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        results.append(result)
        print(report.row(result), *result.broken, sep="\n  ", flush=True)
        if given.json:
            with given.json.open("a") as lines:
                lines.write(json.dumps(asdict(result)) + "\n")
    minutes, load = (time.monotonic() - started) / 60, os.getloadavg()[2]
    if given.markdown:
        told = f"seed {given.seed}, {minutes:.0f} minutes, load average {load:.1f}"
        report.put(given.markdown, report.table(results, told))
    return 1 if any(result.broken for result in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
