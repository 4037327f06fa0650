"""How right reports are grouped into stories, beside a single-pass TF-IDF baseline, and what one report costs.

    python bench/stories.py --corpora DIR [--cost 100000] [--database 1000] [--markdown docs/stories.md]

Sets: three collections of English news with gold stories (galaxy-wikinews), and an invented stream of 2,000 articles
with its known truth (stories_stream.py). Ours: the rules and thresholds of the site, the same for every set. The
baseline: cosine of TF-IDF vectors to the centroids of the stories so far, words weighted over the whole set, with the
threshold that is best for each set, which a site could not know.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from masthead.core import similar
from masthead.core.grouper import Grouper
from stories_stream import Report, endless, stream

SETS = ("handpicked", "wikinews", "wikinews_medium")
THRESHOLDS = [n / 100 for n in range(4, 70, 2)]
STEPS = (1_000, 10_000, 100_000, 1_000_000)


class Score(NamedTuple):
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998), and F1 over pairs."""

    precision: float
    recall: float
    f1: float
    pairs: float


def score(gold: Sequence[Hashable], found: Sequence[Hashable]) -> Score:
    """How right `found` stories are."""
    golds, founds, both = Counter(gold), Counter(found), Counter(zip(gold, found, strict=True))
    precision = sum(n * n / founds[f] for (_, f), n in both.items()) / len(gold)
    recall = sum(n * n / golds[g] for (g, _), n in both.items()) / len(gold)
    right = sum(math.comb(n, 2) for n in both.values())
    pairs = sum(math.comb(n, 2) for n in chain(golds.values(), founds.values()))
    f1 = 2 * precision * recall / (precision + recall)
    return Score(precision, recall, f1, 2 * right / pairs if pairs else 1.0)


def load(path: Path) -> list[Report]:
    """A set's reports in the order in which they were collected."""
    found = []
    for number, event in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        for article in event["articles"]:
            stated = article["created_at"]
            text = str(stated["$date"] if isinstance(stated, dict) else stated)
            at = datetime.fromisoformat(text[:19].replace("T", " ")).replace(tzinfo=UTC)
            source = re.sub(r"^https?://([^/]*).*", r"\1", str(article.get("ext_url") or ""))
            title, body = article["title"] or "", article["text"] or ""
            found.append(Report(str(number), title, body, source, "en", at, at, path.stem))
    return sorted(found, key=lambda r: r.at)


class Ours(NamedTuple):
    """The stories as they arrive, after late evidence over the whole, and which reports were taken for copies."""

    arriving: list[tuple[str, int]]
    settled: list[tuple[str, int]]
    copies: list[bool]


def ours(reports: Sequence[Report]) -> Ours:
    """Group by the site's rules; the words of the set are known beforehand, as a site knows those of past weeks."""
    groupers: dict[str, Grouper] = {}
    for report in reports:
        groupers.setdefault(report.language, Grouper(report.language)).learn(report.title, report.text)
    places: list[tuple[str, int]] = []
    copies: list[bool] = []
    for report in reports:
        grouper = groupers[report.language]
        choice = grouper.add(report.title, report.text, report.at, report.source)
        places.append((report.language, grouper.count))
        copies.append(choice.copy_of is not None)
    arriving = [(language, groupers[language].story_of(key)) for language, key in places]
    for grouper in groupers.values():
        grouper.settle()
    return Ours(arriving, [(language, groupers[language].story_of(key)) for language, key in places], copies)


def baseline(reports: Sequence[Report]) -> tuple[float, Score]:
    """The best threshold of the single pass on this set, and its score."""
    counts = [Counter(similar.tokens(f"{r.title} {r.text}", r.language)) for r in reports]
    held = Counter(chain.from_iterable(counts))
    for word in held:
        held[word] = 0
    for count in counts:
        held.update(count.keys())
    vectors = []
    for report, count in zip(reports, counts, strict=True):
        everyday = similar.everyday(report.language)
        rare = {
            w: n * (math.log((1 + len(reports)) / (1 + held[w])) + 1) for w, n in count.items() if w not in everyday
        }
        length = math.sqrt(sum(x * x for x in rare.values())) or 1.0
        vectors.append({w: x / length for w, x in rare.items()})
    gold = [r.event for r in reports]
    tried = ((score(gold, single_pass(reports, vectors, threshold)), threshold) for threshold in THRESHOLDS)
    best, threshold = max(tried, key=lambda pair: pair[0].f1)
    return threshold, best


def single_pass(reports: Sequence[Report], vectors: Sequence[dict[str, float]], threshold: float) -> list[int]:
    """Each report to the story with the nearest centroid of its language, or to a new one."""
    centroids: list[dict[str, float]] = []
    lengths: list[float] = []
    holding: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    found = []
    for report, vector in zip(reports, vectors, strict=True):
        dots: defaultdict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            for story in holding[report.language, word]:
                dots[story] += weight * centroids[story][word]
        best = max(dots, key=lambda s: dots[s] / lengths[s], default=None)
        if best is None or dots[best] / lengths[best] < threshold:
            best = len(centroids)
            centroids.append({})
            lengths.append(0.0)
        for word, weight in vector.items():
            centroids[best][word] = centroids[best].get(word, 0.0) + weight
            holding[report.language, word].add(best)
        lengths[best] = math.sqrt(sum(x * x for x in centroids[best].values()))
        found.append(best)
    return found


def right(corpora: Path) -> list[str]:
    """The table of the sets and the stream."""
    lines = [
        "| set | articles | events | baseline B³ F1 (its best threshold) | ours, as it arrives | ours, all evidence in "
        "| precision | recall | pairwise F1: baseline | ours |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    sets = {name: load(corpora / "galaxy-wikinews" / f"{name}.json") for name in SETS} | {"invented stream": stream()}
    for name, reports in sets.items():
        gold = [r.event for r in reports]
        threshold, base = baseline(reports)
        own = ours(reports)
        arriving, settled = score(gold, own.arriving), score(gold, own.settled)
        lines.append(
            f"| {name} | {len(reports)} | {len(set(gold))} | {base.f1:.3f} ({threshold:.2f}) | {arriving.f1:.3f} "
            f"| {settled.f1:.3f} | {settled.precision:.3f} | {settled.recall:.3f} | {base.pairs:.3f} "
            f"| {settled.pairs:.3f} |"
        )
    return [*lines, "", *kinds(sets["invented stream"], own)]


def kinds(reports: Sequence[Report], own: Ours) -> list[str]:
    """The stream by kind of event, and its copies."""
    golds, founds = Counter(r.event for r in reports), Counter(own.settled)
    both = Counter(zip((r.event for r in reports), own.settled, strict=True))
    rows: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for report, place in zip(reports, own.settled, strict=True):
        shared = both[report.event, place]
        rows[report.kind].append((shared / founds[place], shared / golds[report.event]))
    lines = ["| kind of event in the stream | articles | precision | recall |", "|---|---|---|---|"]
    for kind, values in sorted(rows.items()):
        means = [sum(column) / len(values) for column in zip(*values, strict=True)]
        lines.append(f"| {kind} | {len(values)} | {means[0]:.3f} | {means[1]:.3f} |")
    hits = sum(found and report.copy for found, report in zip(own.copies, reports, strict=True))
    told = f"Copies: {sum(r.copy for r in reports)} in the stream, {sum(own.copies)} found, {hits} of them rightly."
    return [*lines, "", told]


def cost(size: int) -> list[str]:
    """What a report costs in memory, as the stream grows: the thousand reports up to each step.

    Beside the first thousand of the run, and beside the thousand of a new site right after the step, which meets the
    same machine: with no words known yet, as the first did.
    """
    grouper, spent, first = Grouper("en"), 0.0, 0.0
    lines = [
        "| articles | CPU a report (ms) | to the first thousand | to a new site, then | stories | memory (MB) |",
        "|---|---|---|---|---|---|",
    ]
    for number, (title, text, source, at) in enumerate(endless(size), 1):
        if number % 1000 == 1:
            spent = 0.0
        before = time.process_time()
        grouper.add(title, text, at, source)
        spent += time.process_time() - before
        if number in STEPS:
            first = first or spent
            row = f"| {number:,} | {spent:.2f} | {spent / first:.2f} | {spent / _new_site():.2f} "
            row += f"| {grouper.stories:,} | {_megabytes()} |"
            lines.append(row)
            print(row, flush=True)
    return lines


def _new_site() -> float:
    """CPU seconds of the first thousand reports of a site, which has to learn every word."""
    similar.fold.cache_clear()
    similar._stemmer.cache_clear()
    fresh, spent = Grouper("en"), 0.0
    for title, text, source, at in endless(1000, seed=4):
        before = time.process_time()
        fresh.add(title, text, at, source)
        spent += time.process_time() - before
    return spent


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def database(steps: Sequence[int]) -> list[str]:
    """What a report costs with the database (SQLite in a folder of its own), the last thousand of each step."""
    import tempfile

    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"MASTHEAD_HOME": home, "DJANGO_SETTINGS_MODULE": "masthead.settings", "DATABASE_URL": ""}
        import django

        django.setup()
        from stories_database import measure

        rows = measure(steps)
    lines = [
        "| articles in the database | CPU a report (ms) | to the first | questions a report |",
        "|---|---|---|---|",
    ]
    return lines + [f"| {n:,} | {t:.1f} | {t / rows[0][1]:.2f} | {q:.1f} |" for n, t, q in rows]


def keep(page: Path, name: str, lines: Sequence[str]) -> None:
    """Write a table between its marks on a page."""
    text = page.read_text(encoding="utf-8")
    start, end = f"<!-- bench-stories-{name} -->", f"<!-- /bench-stories-{name} -->"
    head, _, rest = text.partition(start)
    tail = rest.partition(end)[2]
    page.write_text(f"{head}{start}\n\n" + "\n".join(lines) + f"\n\n{end}{tail}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="the folder that holds galaxy-wikinews")
    parser.add_argument(
        "--cost", type=int, default=100_000, help="measure the cost up to so many reports; 0: not at all"
    )
    parser.add_argument("--database", type=int, default=10_000, help="likewise with the database")
    parser.add_argument("--markdown", type=Path, help="keep the tables on this page")
    options = parser.parse_args()
    tables: dict[str, list[str]] = {}
    if options.corpora:
        tables["right"] = right(options.corpora)
    if options.cost >= STEPS[0]:
        tables["cost"] = cost(options.cost)
    if options.database >= STEPS[0]:
        tables["database"] = database([n for n in STEPS if n <= options.database])
    for name, lines in tables.items():
        print("\n".join(lines), end="\n\n")
        if options.markdown:
            keep(options.markdown, name, lines)


if __name__ == "__main__":
    main()
