"""How right quotations and their speakers are, on the direct quotations of PolNeAR, beside a regular expression.

    python bench/quotes.py --corpora DIR [--limit N]

Gold: the attributions that the corpus marks as direct, their content in pieces (one for each run of words between the
clauses), each held against what was found. A piece is found when the spans, marks included, overlap by 0.8
(intersection over union). The speaker is right when the words named share one with the gold source; where the source
is a pronoun, when just that pronoun was read. Precision: what was found and is the content of some attribution, marked
as direct or not (the corpus counts '' as no mark). The rules were written on one half of the articles (by a hash of
their id); the other half is the check.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from masthead.core.characters import words
from masthead.core.quotes import read_quotations
from masthead.core.types import Block

_ENOUGH = 0.8
_ASIDE = words("the a an of for in and said at on to")
_PRONOUNS = words("he she they i we you it who him her them his that which one both this those some")
_NAME = r"[A-Z][\w’'.-]*(?:\s[A-Z][\w’'.-]*){0,3}"
_VERB = r"(?:said|says|told|added|wrote|tweeted|asked|replied|explained|noted|continued|argued|insisted)"
_MARKED = re.compile(r"[“\"]([^“”\"\n]{10,})[”\"]")
_FOLLOWS = re.compile(rf"\s*,?\s*(?:{_VERB}\s(?P<a>{_NAME}|he|she|they)|(?P<b>{_NAME}|[Hh]e|[Ss]he|[Tt]hey)\s{_VERB})")
_LEADS = re.compile(rf"(?P<a>{_NAME}|[Hh]e|[Ss]he|[Tt]hey)\s{_VERB}\b[^.!?]{{0,60}}$")


class Found(NamedTuple):
    """A quotation that a reader found: [start, end) without marks, the speaker, and how the text names them there."""

    start: int
    end: int
    speaker: str
    mention: str


def masthead(text: str) -> list[Found]:
    """Our quotations; one that runs over paragraphs as its pieces."""
    blocks: list[Block] = []
    offsets: list[int] = []
    position = 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", line))
            offsets.append(position)
        position += len(line) + 1
    return [
        Found(offsets[block] + start, offsets[block] + end, one.speaker or "", one.mention)
        for one in read_quotations(blocks, "en")
        for block, start, end in one.pieces
    ]


def regular_expression(text: str) -> list[Found]:
    """What a plain expression finds: ten characters and more between double marks, a name beside a verb of speech."""
    found = []
    for quotation in _MARKED.finditer(text):
        beside = _FOLLOWS.match(text, quotation.end()) or _LEADS.search(
            text[max(0, quotation.start() - 120) : quotation.start()].rstrip(" ,:")
        )
        name = next((value for value in beside.groupdict().values() if value), "") if beside else ""
        found.append(Found(quotation.start(1), quotation.end(1), name, name))
    return found


def articles(path: Path) -> Iterator[dict[str, Any]]:
    """The articles of a corpus folder (or of the folder of all corpora, or one file)."""
    folder = path / "polnear" if (path / "polnear").is_dir() else path
    for file in sorted(folder.glob("*.jsonl.gz")) if folder.is_dir() else [folder]:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def pieces(text: str, attribution: dict[str, Any]) -> list[tuple[int, int]]:
    """The runs of an attribution's content: spans that only blanks part are one, except over a line's end."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((span[0], span[1]) for part in attribution["content"] for span in part["spans"]):
        between = text[found[-1][1] : start] if found else "-"
        if not between.strip() and "\n" not in between:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Intersection over union of two spans."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / (max(one[1], other[1]) - min(one[0], other[0]))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", text.lower()))) - _ASIDE


def right_speaker(found: Found, attribution: dict[str, Any]) -> bool | None:
    """Whether the speaker is that of the gold; None when the gold names none."""
    source = " ".join(part["text"] for part in attribution["source"]).replace("\xa0", " ").strip(" ,")
    if not source:
        return None
    low = re.sub(r"['’]s$", "", source.lower())
    if low in _PRONOUNS:
        return found.mention.lower() == low
    return bool(_words(source) & (_words(found.mention) | _words(found.speaker)))


def score_article(article: dict[str, Any], found: list[Found], counts: Counter[str]) -> None:
    """Add what one article shows to `counts`."""
    text = article["text"]
    every = [(piece, one) for one in article["attributions"] for piece in pieces(text, one)]
    counts["found"] += len(found)
    counts["true"] += sum(
        any(
            overlap(piece, (quote.start - mark, quote.end + mark)) >= _ENOUGH
            for piece, _ in every
            for mark in (0, 1, 2)
        )
        for quote in found
    )
    for piece, attribution in every:
        if not attribution["direct"]:
            continue
        counts["gold"] += 1
        hit = next((one for one in found if overlap(piece, (one.start - 1, one.end + 1)) >= _ENOUGH), None)
        if hit is None:
            continue
        counts["span"] += 1
        counts["speaker"] += right_speaker(hit, attribution) is True
        source = " ".join(part["text"] for part in attribution["source"]).lower()
        if source in ("he", "she"):
            counts["he or she"] += 1
            counts["resolved"] += bool(hit.speaker) and hit.speaker.lower() != source


def measures(counts: Counter[str]) -> dict[str, float]:
    """The shares that the table shows, from the counts."""
    span = counts["span"] / max(1, counts["gold"])
    precision = counts["true"] / max(1, counts["found"])
    return {
        "span": round(span, 3),
        "precision": round(precision, 3),
        "f1": round(2 * span * precision / max(1e-9, span + precision), 3),
        "speaker": round(counts["speaker"] / max(1, counts["gold"]), 3),
        "he_or_she_resolved": round(counts["resolved"] / max(1, counts["he or she"]), 3),
        "gold": counts["gold"],
    }


READERS: dict[str, Callable[[str], list[Found]]] = {"masthead": masthead, "regular expression": regular_expression}


def score_quotes(path: str | Path, limit: int | None = None) -> dict[str, Any]:
    """Measures of each reader over the corpus at `path`: all articles, and the two halves; milliseconds per article.

    {"articles": n, "readers": {name: {"all": {...}, "tuned": {...}, "check": {...}, "milliseconds": median}}}
    """
    chosen = [article for number, article in enumerate(articles(Path(path))) if limit is None or number < limit]
    result: dict[str, Any] = {"articles": len(chosen), "readers": {}}
    for name, reader in READERS.items():
        counts: dict[str, Counter[str]] = {"all": Counter(), "tuned": Counter(), "check": Counter()}
        times: list[float] = []
        for article in chosen:
            begun = time.perf_counter()
            found = reader(article["text"])
            times.append(1000 * (time.perf_counter() - begun) / max(1, len(article["text"])) * 3000)
            half = "check" if hashlib.md5(article["id"].encode()).digest()[0] % 2 else "tuned"
            score_article(article, found, counts["all"])
            score_article(article, found, counts[half])
        result["readers"][name] = {part: measures(counted) for part, counted in counts.items()}
        result["readers"][name]["milliseconds"] = round(statistics.median(times), 2) if times else 0.0
    return result


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--limit", type=int)
    chosen = parser.parse_args()
    result = score_quotes(chosen.corpora, chosen.limit)
    print(f"{result['articles']} articles\n")
    print(
        "| reader | part | quotations | span | precision | F1 | speaker | he/she resolved | ms per 3,000 characters |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, parts in result["readers"].items():
        for part in ("all", "tuned", "check"):
            one = parts[part]
            shares = " | ".join(
                f"{one[key]:.3f}" for key in ("span", "precision", "f1", "speaker", "he_or_she_resolved")
            )
            print(f"| {name} | {part} | {one['gold']} | {shares} | {parts['milliseconds']} |")


if __name__ == "__main__":
    main()
