"""The long round: every payload through every field to every outlet.

    python -m attack [--corpora DIR] [--share PART/OF] [--minutes N] [--workers N] [--journal FILE] [--no-browser]
                     [--markdown FILE]

Without --corpora only our own list runs. --share 1/8 tries every eighth payload, 3/8 those after the third, and so on.
Each payload runs escaped zero to three times. What comes out is judged by html5lib, lxml and json; what readers see
is opened in Chromium besides, with the policy of our pages switched off, so that only clean markup stands between a
payload and its canary. Payloads run in packs; what makes a finding or loses its mark in company runs again alone. A run
that is started again with the same --journal goes on where it was. Exit status 1: a finding.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path

from attack import payloads
from attack.packs import Pair, pairs

CANARY = "http://canary.example"
MARKS = ("<!-- bench-attack -->", "<!-- /bench-attack -->")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="folder of the sets of attacks")
    parser.add_argument("--share", default="1/1", help="which part of the payloads")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes")
    parser.add_argument("--minutes", type=float, default=0, help="begin nothing more after so long; 0: run whole")
    parser.add_argument("--journal", type=Path, help="file that remembers what was tried")
    parser.add_argument("--no-browser", action="store_true", help="without Chromium")
    parser.add_argument("--markdown", type=Path, help="keep the table in this file")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="html5lib")
    began = time.monotonic()
    home = Path(tempfile.mkdtemp(prefix="masthead-attack-"))
    try:
        _open_site(home)
        return _worker(options) if options.worker else _run(options, home, began)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(options: argparse.Namespace, home: Path, began: float) -> int:
    from attack.report import table
    from attack.rounds import STAGES, Rounds

    options.journal = options.journal or home / "journal.jsonl"
    rounds = Rounds(_pairs(options), options.journal)
    arguments = ["--share", options.share, "--journal", str(options.journal)]
    arguments += ["--corpora", str(options.corpora)] if options.corpora else []
    arguments += ["--no-browser"] if options.no_browser else []
    until = time.time() + options.minutes * 60 if options.minutes else math.inf
    for stage in STAGES:
        rounds.together(stage, options.workers, arguments, until)
    text, faults = table(rounds, (time.monotonic() - began) / 60)
    print(text)
    for fault in faults[:60]:
        print(fault)
    if options.markdown:
        _keep(options.markdown, text)
    return 1 if faults else 0


def _worker(options: argparse.Namespace) -> int:
    from attack.rounds import Rounds

    # Parsing makes a great many objects that live together and die together.
    gc.set_threshold(50_000, 20, 50)
    stage, part, of, until = options.worker.split(":")
    rounds = Rounds(_pairs(options), options.journal)
    rounds.work(stage, int(part), int(of), chromium=not options.no_browser, until=float(until))
    return 0


def _pairs(options: argparse.Namespace) -> list[Pair]:
    part, of = (int(number) for number in options.share.split("/"))
    every = [*payloads.OWN, *(payloads.corpora(options.corpora) if options.corpora else [])]
    # By the name under which Chromium finds the canary.
    return pairs(dict.fromkeys(text.replace(payloads.CANARY, CANARY) for text in every[part - 1 :: of]))


def _open_site(home: Path) -> None:
    """A home of its own for this process, and Django on it."""
    os.environ |= {"MASTHEAD_HOME": str(home), "MASTHEAD_EDITIONS": "en, de", "MASTHEAD_BASE_URL": "http://testserver"}
    os.environ |= {"MASTHEAD_LOG_LEVEL": "error", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    from masthead.serve.home import open_site

    open_site(upgrade=True)
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def _keep(path: Path, table: str) -> None:
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition(MARKS[0])
    path.write_text(f"{head}{MARKS[0]}\n{table}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
