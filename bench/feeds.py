"""How right and how fast feeds are read, beside feedparser in the same run. Prints one table.

    make bench-feeds CORPORA=DIR
    PYTHONPATH=bench python bench/feeds.py --corpora DIR [--show N] [--no-speed]

Rightness: the expressions of feedparser's own test files (bench/feed_expressions.py states which count), gofeed's and
feed-rs's expected values field by field, real feeds and feedvalidator's cases entry by entry against feedparser.
Speed: in each round every program reads the same real feeds in turn; the table has the median of the rounds, in bytes
and feeds a second of CPU time, and as a ratio.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
from lxml import etree

import feed_expressions
import feed_fields
from feed_agreement import compare, expected, read_by_feedparser, real_feeds, validator_feeds
from masthead.cli.inspect_feed import feed_record
from masthead.core.parse import NotAFeed, parse_feed

__all__ = ["main", "real_feeds"]

_REFUSALS = (NotAFeed, etree.XMLSyntaxError, ValueError)


def rightness(corpora: Path, show: int) -> list[str]:
    """Rows "what | cases | masthead | feedparser"."""
    rows = feed_expressions.report(feed_expressions.score(corpora / "feedparser" / "tests"), show)
    fields = feed_fields.score(corpora / "gofeed" / "testdata")
    rows.append(f"gofeed, values in {fields.files} files | {fields.cases} | {fields.right} | ")
    cases, right, wrong = expected(corpora)
    rows.append(f"feed-rs, values | {cases} | {right} | ")
    for line in [*fields.wrong, *wrong][:show]:
        print(f"  wrong: {line[:240]}")
    return rows


def agreement(corpora: Path, show: int) -> list[str]:
    """Rows of what agrees with feedparser on real feeds and on feedvalidator's cases."""
    rows = []
    for name, feeds in (("real feeds", real_feeds(corpora)), ("feedvalidator", validator_feeds(corpora))):
        found = compare(feeds)
        rows.append(f"{name}: feeds with as many entries as feedparser finds | {found.feeds} | {found.same_number} | ")
        rows += [
            f"{name}: {part} agrees with feedparser | {found.entries} | {number} | "
            for part, number in found.agree.items()
        ]
        rows += [f"{name}: judged, {reason} | {number} | {number} | " for reason, number in found.judged.most_common()]
        rows.append(f"{name}: disagreements without an explanation | {len(found.unexplained)} | | ")
        for line in found.unexplained[: max(show, 10)]:
            print(f"  unexplained: {line[:240]}")
    return rows


def tree_alone(body: bytes) -> object:
    """What lxml needs for the tree, of which nothing is read."""
    return etree.fromstring(body, etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False))


def printed(body: bytes) -> object:
    """What `masthead inspect feed` does: read, sanitise, make a record."""
    return feed_record(parse_feed(body), "")


def speed(feeds: list[tuple[str, bytes]], rounds: int) -> list[str]:
    """Rows "program | MB/s | feeds/s | times feedparser | times feedparser without sanitising"."""
    readers: dict[str, Callable[[bytes], Any]] = {
        "masthead: parse_feed": parse_feed,
        "masthead: parse_feed, sanitised": printed,
        "feedparser": feedparser.parse,
        "feedparser, sanitising off": read_by_feedparser,
        "lxml, the tree alone": tree_alone,
    }
    try:
        import fastfeedparser
    except ImportError:
        pass
    else:
        readers["fastfeedparser"] = fastfeedparser.parse
    times: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            times[name].append(seconds(read, feeds))
    ratios = {
        name: [
            statistics.median(one / two for one, two in zip(times[base], spent, strict=True))
            for base in ("feedparser", "feedparser, sanitising off")
        ]
        for name, spent in times.items()
    }
    size = sum(len(body) for _, body in feeds) / 1e6
    return [
        f"{name} | {size / statistics.median(spent):.1f} | {len(feeds) / statistics.median(spent):.0f}"
        f" | {ratios[name][0]:.1f} | {ratios[name][1]:.1f}"
        for name, spent in times.items()
    ]


def seconds(read: Callable[[bytes], Any], feeds: list[tuple[str, bytes]]) -> float:
    """CPU time for all feeds; what a program refuses counts with the time that it took to refuse."""
    started = time.process_time()
    for _, body in feeds:
        try:
            read(body)
        except _REFUSALS:
            continue
        except Exception:  # another program's fault is not this one's to judge
            continue
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--show", type=int, default=0, help="print so many disagreements of each kind")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the measure of speed (default: 3)")
    parser.add_argument("--no-speed", action="store_true", help="rightness only")
    options = parser.parse_args()
    rows = rightness(options.corpora, options.show) + agreement(options.corpora, options.show)
    print("\n| what | cases | masthead | feedparser |\n|---|---:|---:|---:|")
    print("\n".join(f"| {row} |" for row in rows))
    if not options.no_speed:
        print(
            "\n| real feeds | MB/s | feeds/s | times feedparser | times it, sanitising off |\n|---|---:|---:|---:|---:|"
        )
        print("\n".join(f"| {row} |" for row in speed(real_feeds(options.corpora), options.rounds)))


if __name__ == "__main__":
    main()
