"""A million damaged documents, addresses, dates and lists: does anything but a declared error ever come out?

    make fuzz CORPORA=DIR
    PYTHONPATH=bench python bench/fuzz.py [--inputs N] [--seed S] [--corpora DIR] [--only parse,url,...]
    PYTHONPATH=bench python bench/fuzz.py --again SEED:NUMBER [--corpora DIR] [--keep FILE]

A failure is: an exception that is not declared, a call of over 2 s of CPU time, a dead process, or a broken promise
(items that get lost or change when a document is written in another way that means the same, when it breaks off behind
them, or when another item is damaged; addresses and dates that read otherwise the second time). Each is printed with
its seed and number. Exit status 1 when there was one. Without `--corpora` only invented documents are mutated; the
numbers name other inputs then.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from pathlib import Path

import click

from fuzzing import run
from fuzzing.areas import AREAS
from fuzzing.seeds import gather

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "feeds"
_SHOWN = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [area.name for area in AREAS]
    parser.add_argument("--inputs", type=int, default=100_000, help="so many in all (default: 100,000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other inputs (default: 1)")
    parser.add_argument("--corpora", type=Path, help="folder of the corpora, whose documents are mutated besides")
    parser.add_argument("--only", default="", help=f"these areas, parted by commas: {', '.join(names)}")
    parser.add_argument("--again", metavar="SEED:NUMBER", help="one input again, whole")
    parser.add_argument("--keep", type=Path, help="with --again: write the input's bytes to this file")
    options = parser.parse_args()
    only = [name for name in options.only.split(",") if name]
    if unknown := set(only) - set(names):
        parser.error(f"no such area: {', '.join(sorted(unknown))}")
    pool = gather(options.corpora, FIXTURES)
    if options.again:
        seed, _, number = options.again.partition(":")
        return _again(int(seed), int(number), run.given(int(seed), int(number), pool), options.keep)
    shown: Counter[tuple[str, str]] = Counter()

    def found(failure: run.Failure) -> None:
        shown[failure.area, failure.kind] += 1
        if shown[failure.area, failure.kind] <= _SHOWN:
            print(
                f"\n{failure.area}: {failure.kind} (--again {options.seed}:{failure.number})\n  {failure.words[:1200]}"
            )
            print(f"  {failure.given[:400]}", flush=True)

    hidden = not sys.stderr.isatty()
    with click.progressbar(length=options.inputs, label="reading", file=sys.stderr, hidden=hidden) as bar:
        tallies = run.run(options.seed, options.inputs, pool, only, bar.update, found)
    print(table(tallies))
    return 1 if any(tally.failed for tally in tallies.values()) else 0


def table(tallies: run.Tallies) -> str:
    """The tallies as a table in Markdown."""
    rows = [
        "| area | inputs | declared errors | undeclared or broken | slowest, s (number) | mean, ms |",
        "|---|---:|---|---|---:|---:|",
    ]
    for area in AREAS:
        if (tally := tallies.get(area.name)) is not None and tally.inputs:
            declared = ", ".join(f"{name} {count:,}" for name, count in tally.declared.most_common()) or "none"
            failed = ", ".join(f"{name} ({count:,})" for name, count in tally.failed.most_common()) or "none"
            mean = tally.spent / tally.inputs * 1000
            slow = f"{tally.slowest:.2f} ({tally.slowest_number})"
            rows.append(f"| {area.name} | {tally.inputs:,} | {declared} | {failed} | {slow} | {mean:.2f} |")
    total = sum(tally.inputs for tally in tallies.values())
    spent = sum(tally.spent for tally in tallies.values())
    rows.append(
        f"| all | {total:,} | | {sum(sum(tally.failed.values()) for tally in tallies.values()):,} | | {spent:.0f} s |"
    )
    return "\n".join(rows)


def _again(seed: int, number: int, made: object, keep: Path | None) -> int:
    signal.signal(signal.SIGVTALRM, run._end)
    print(f"{seed}:{number}, {run.area_of(number).name}: {made!r}"[:20_000])
    body = next((part for part in (made if isinstance(made, tuple) else (made,)) if isinstance(part, bytes)), b"")
    if keep is not None:
        keep.write_bytes(body)
    declared, failure, spent = run.judged(number, made)
    print(f"\n{spent:.3f} s; {declared or 'no error'}" if failure is None else f"\n{failure.kind}\n{failure.words}")
    return 0 if failure is None else 1


if __name__ == "__main__":
    sys.exit(main())
