"""The batches of a run, shared out among processes.

First in packs, then alone what lost its mark in company, then through lists of feeds (OPML).
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from attack import journal
from attack.batch import Press, Result
from attack.packs import Pack, Pair

STAGES = ("packed", "alone", "lists")
NARROWED = 10
"""So many batches with findings are narrowed down to single payloads by one process; the rest are told as they are."""


class Rounds:
    """What is tried of `pairs`, and what is known of it by the journal."""

    def __init__(self, pairs: Sequence[Pair], file: Path) -> None:
        self.pairs, self.file = pairs, file
        self._program = journal.program()
        self._first = self._keyed("packed", journal.plan(pairs))
        self._lists = self._keyed("lists", journal.lists(pairs))

    def _keyed(self, stage: str, batches: Sequence[list[Pack]]) -> dict[str, list[Pack]]:
        return {journal.key(batch, stage + self._program): batch for batch in batches}

    def wanted(self, stage: str) -> dict[str, list[Pack]]:
        """The batches of a stage by their keys; those alone follow from what is known of the packs."""
        if stage == "alone":
            return self._keyed("alone", journal.again(self.pairs, self.done("packed")))
        return self._first if stage == "packed" else self._lists

    def done(self, stage: str) -> dict[str, Result]:
        known = journal.read(self.file)
        return {name: known[name] for name in self.wanted(stage) if name in known}

    def left(self, stage: str) -> list[tuple[str, list[Pack]]]:
        known = journal.read(self.file)
        return [(name, batch) for name, batch in self.wanted(stage).items() if name not in known]

    def work(self, stage: str, part: int, of: int, *, chromium: bool, until: float) -> None:
        """Try every `of`-th batch, and write down what became of it; none is begun when it is past `until`."""
        press, narrowed = Press(chromium=chromium), 0
        try:
            for name, batch in self.left(stage)[part::of]:
                if time.time() > until:
                    return
                result = press.run_list(batch) if stage == "lists" else press.run(batch)
                if stage != "lists" and result.faults and narrowed < NARROWED:
                    narrowed += 1
                    for pair, faults in press.narrow(batch):
                        result.faults.append(f"by itself: {pair.payload!r} escaped {pair.times} times: {faults[:4]}")
                journal.write(self.file, name, result)
        finally:
            press.close()

    def together(self, stage: str, workers: int, arguments: Sequence[str], until: float) -> None:
        """Have the batches of a stage tried by processes of their own, with a bar of what is done."""
        left = {name for name, _ in self.left(stage)}
        if not left:
            return
        workers = min(workers, len(left))
        command = [sys.executable, "-m", "attack", *arguments]
        names = [f"{stage}:{n}:{workers}:{until}" for n in range(workers)]
        running = [subprocess.Popen([*command, "--worker", name]) for name in names]
        hidden = not sys.stderr.isatty()
        try:
            with click.progressbar(length=len(left), label=f"batches, {stage}", file=sys.stderr, hidden=hidden) as bar:
                while any(process.poll() is None for process in running):
                    time.sleep(1)
                    bar.update(len(left & journal.read(self.file).keys()) - bar.pos)
        finally:
            # Stopped by hand: each leaves its batch, and the browser that it started.
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)
        if any(process.returncode for process in running) or (self.left(stage) and time.time() < until):
            raise SystemExit(
                "a process of the run failed; what is in the journal is kept, and a new start goes on there"
            )
