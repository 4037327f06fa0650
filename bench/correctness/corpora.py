"""The pages with expected values that the measures read, one loader for each set."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """One page of a set and what was written down about it by hand; what was not is empty.

    `paragraphs`: the body; one in square brackets may be there or not (fundus-evaluation).
    """

    name: str
    page: Path
    url: str = ""
    body: str = ""
    paragraphs: tuple[str, ...] = ()
    title: str = ""
    authors: tuple[str, ...] = ()
    day: str = ""
    known: frozenset[str] = field(default_factory=frozenset)

    def html(self) -> bytes:
        """The bytes of the page."""
        return gzip.decompress(self.page.read_bytes())


def scrapinghub(root: Path) -> Iterator[Case]:
    """scrapinghub/article-extraction-benchmark."""
    folder = root / "scrapinghub-aeb"
    for name, truth in _json(folder / "ground-truth.json").items():
        page = folder / "html" / f"{name}.html.gz"
        yield Case(name, page, truth.get("url", ""), body=truth.get("articleBody") or "")


def wcxb(root: Path) -> Iterator[Case]:
    """The articles of the Web Content Extraction Benchmark."""
    folder = root / "wcxb" / "dev"
    for path in sorted((folder / "ground-truth").glob("*.json")):
        data = _json(path)
        truth = data["ground_truth"]
        yield Case(
            path.stem,
            folder / "html" / f"{path.stem}.html.gz",
            data.get("url", ""),
            body=truth.get("main_content") or "",
            title=truth.get("title") or "",
            authors=tuple(filter(None, [truth.get("author")])),
            day=(truth.get("publish_date") or "")[:10],
        )


def fundus_evaluation(root: Path) -> Iterator[Case]:
    """dobbersc/fundus-evaluation."""
    folder = root / "fundus-evaluation"
    for name, truth in sorted(_json(folder / "ground_truth.json").items()):
        yield Case(name, folder / "html" / name, truth.get("url", ""), paragraphs=tuple(truth["body"]))


def fundus_tests(root: Path) -> Iterator[Case]:
    """The test pages of flairNLP/fundus: the versions of a publisher's expectations go with its pages by age."""
    for path in sorted((root / "fundus-tests").glob("*/*.json")):
        versions = sorted(_json(path).items(), key=lambda pair: [int(part) for part in re.findall(r"\d+", pair[0])])
        pages = sorted(path.parent.glob(f"{path.stem}_[0-9]*.html.gz"), key=lambda page: page.name)
        if len(pages) != len(versions):
            continue
        for page, (_, truth) in zip(pages, versions, strict=True):
            yield Case(
                f"{path.parent.name}/{page.name}",
                page,
                title=truth.get("title") or "",
                authors=tuple(truth.get("authors") or ()),
                day=(truth.get("publishing_date") or "")[:10],
                known=frozenset(truth),
            )


def polnear(root: Path) -> Iterator[dict[str, Any]]:
    """networkdynamics/PolNeAR: news articles as text, with who said what."""
    with gzip.open(root / "polnear" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
