"""Front page, article and search of the same reports by each program, in one run: rates and processor time.

All stand behind one nginx on one core; another core asks, with eight connections. Programs that are not here are named,
with the command that installs them, and left out.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from load.machine import Rate, wrk
from load.peers import programs, stack
from load.peers.articles import Report, read
from load.peers.programs import Ask, House, Program
from size.words import MEDIUM

MARK = "bench-load-peers"
PAGES = ("list", "article", "search")
PACKAGES = {
    "WordPress": ("wordpress", Path("/usr/share/wordpress/wp-load.php")),
    "its theme": ("wordpress-theme-twentytwentyone", Path("/usr/share/wordpress/wp-content/themes/twentytwentyone")),
    "Tiny Tiny RSS": ("tt-rss", Path("/usr/share/tt-rss/www/api/index.php")),
}
COMMANDS = {"php": "php-cli", "mariadbd": "mariadb-server-core", "mariadb-install-db": "mariadb-server-core"}
FURTHER = ("php-mysql", "php-intl", "php-mbstring", "php-xml")
"""What the PHP programs want of PHP; installed already, `apt-get` leaves them alone."""
Rates = dict[tuple[str, str], list[Rate]]


def missing() -> list[str]:
    """Packages of Debian that the PHP programs need and that are not here."""
    lacking = [package for package, file in PACKAGES.values() if not file.exists()]
    lacking += [package for name, package in COMMANDS.items() if shutil.which(name) is None]
    if stack.php_fpm() is None:
        lacking.append("php-fpm")
    return list(dict.fromkeys(lacking))


def wanted() -> str:
    """One line: what is missing and how to install it; empty if all is here."""
    parts = []
    if lacking := missing():
        parts.append(f"apt-get install --no-install-recommends {' '.join([*lacking, *FURTHER])}")
    if any(importlib.util.find_spec(module) is None for module in ("reader", "flask")):
        parts.append("pip install 'masthead[bench]'")
    return f"peers that are not here: {' && '.join(parts)}" if parts else ""


def measure(folder: Path, *, seconds: float, rounds: int, number: int, words: int) -> str:
    """Make `number` reports of `words` words, give them to all, ask; the table. Raises `SystemExit` with no peer."""
    if said := wanted():
        print(said, file=sys.stderr)
    cores = sorted(os.sched_getaffinity(0))
    folder.chmod(0o755)
    home, file = folder / "home", folder / "reports.jsonl"
    home.mkdir(mode=0o700)
    known = {**os.environ, "MASTHEAD_HOME": str(home), "DJANGO_SETTINGS_MODULE": "masthead.settings"}
    made = [sys.executable, "-m", "load.peers.articles", str(number), str(words), str(file)]
    subprocess.run(made, env=known, check=True, stdout=subprocess.DEVNULL)
    reports = read(file)
    with ExitStack() as running:
        house = House(folder, cores[0], file, reports[-40], running)
        found = _start(house, home)
        if len(found) == 2:
            raise SystemExit(said)
        pid = running.enter_context(stack.nginx(folder, cores[0], house.servers))
        found = [programs.logged_in(one, house.wanted) if "" in one.pages else one for one in found]
        pages = {
            (page, one.name): _look(one.pages[page], page, one.name, reports, house) for page in PAGES for one in found
        }
        rates: Rates = {key: [] for key in pages}
        for turn in range(rounds):
            for page in PAGES:
                for one in found[:: 1 if turn % 2 else -1]:
                    rate = _ask(one.pages[page], (*one.pids, pid), cores[-1], seconds, pages[page, one.name][0])
                    rates[page, one.name].append(rate)
    return _table(rates, pages, number, words, reports)


def _start(house: House, home: Path) -> list[Program]:
    """Ours with ready pages and with every page made anew, and the peers that are here."""
    anew = home.with_name("anew")  # one server a home
    shutil.copytree(home, anew)
    found = [
        programs.masthead(house, home, "Masthead, ready pages"),
        programs.masthead(house, anew, "Masthead, made anew", MASTHEAD_CACHE_MEGABYTES="0"),
    ]
    if not missing():
        database, socket = house.running.enter_context(stack.mariadb(house.folder, house.core))
        pids = (database, house.running.enter_context(stack.fpm(house.folder, house.core)))
        found += [*programs.wordpress(house, pids, socket), programs.ttrss(house, pids, socket)]
    if importlib.util.find_spec("reader") and importlib.util.find_spec("flask"):
        found.append(programs.reader(house))
    return found


def _look(ask: Ask, page: str, name: str, reports: list[Report], house: House) -> tuple[int, int]:
    """Bytes, and how many of the reports that belong on the page it names. Raises `SystemExit` for a wrong page."""
    page_text = programs.post(ask.url, ask.body)
    text = " ".join(re.sub(r"<[^>]*>", " ", page_text).split())
    due = {
        "list": reports[-300:],
        "article": [house.wanted],
        "search": [report for report in reports if MEDIUM in report.text()],
    }[page]
    named = sum(report.title in text for report in due)
    whole = page != "article" or house.wanted.body[-1][-60:] in text
    if not whole or named < min(5, len(due)):
        raise SystemExit(f"{name}: {page} names {named} of {len(due)} reports: {text[:1500]}")
    return len(page_text.encode()), named


def _ask(ask: Ask, pids: tuple[int, ...], core: int, seconds: float, size: int) -> Rate:
    programs.post(ask.url, ask.body)  # warm, whatever was asked before
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(f"wrk.method = 'POST'\nwrk.body = {json.dumps(ask.body)}\n" if ask.body else "")
        file.flush()
        return wrk(ask.url, *pids, core=core, seconds=seconds, connections=8, script=Path(file.name), size=size)


def _table(
    rates: Rates, pages: dict[tuple[str, str], tuple[int, int]], number: int, words: int, reports: list[Report]
) -> str:
    """The best round of each: what others do on the machine only takes away."""
    hits = sum(MEDIUM in report.text() for report in reports)
    rounds = len(next(iter(rates.values())))
    lines = [
        f"{number:,} reports of {words} words; the search is for a word of {hits} of them; load of the machine at the "
        f"end {os.getloadavg()[0]:.1f}; the best and the median of {rounds} rounds each.",
        "",
        "| page | program | bytes | reports named | a second: best | median | processor ms a request: least | median "
        "| times ours made anew | times ours ready |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (page, name), each in rates.items():
        cost = {key: 1000 / max(r.processor for r in rates[page, key]) for _, key in rates}
        ready, anew = (cost[f"Masthead, {kind}"] for kind in ("ready pages", "made anew"))
        size, named = pages[page, name]
        lines.append(
            f"| {page} | {name} | {size:,} | {named} | {max(r.clock for r in each):,.0f} "
            f"| {statistics.median(r.clock for r in each):,.0f} | {cost[name]:.2f} "
            f"| {1000 / statistics.median(r.processor for r in each):.2f} "
            f"| {_ratio(cost[name] / anew)} | {_ratio(cost[name] / ready)} |"
        )
    return "\n".join(lines)


def _ratio(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"
