"""What is mutated: invented documents, and real ones where the corpora are there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzzing import grammars, papers

# Longer documents are left out: a million are to be read in minutes.
LONGEST = 6_000
_FEED_SETS = (
    "feedparser",
    "feedvalidator",
    "gofeed",
    "feed-rs",
    "rss-parser",
    "netnewswire",
    "fastfeedparser",
    "xml-bombs",
)
_DATE = re.compile(
    rb"<(?:[\w.]+:)?(?:pubDate|date|updated|published|issued|modified|created)\b[^>]*>([^<]{4,120})<", re.IGNORECASE
)
_ADDRESS = re.compile(rb"(?:https?:)?//[^\s<>\"']{4,300}|<link>([^<]{1,300})<")
_QUOTED = re.compile(r'"(?:in|input)":\s*"((?:[^"\\]|\\.)*)"')


@dataclass
class Pool:
    """Seeds by kind. `name` says what they were taken from."""

    feeds: list[bytes] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    lists: list[bytes] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def gather(corpora: Path | None, fixtures: Path) -> Pool:
    """The pool; the same for the same folders, so that a number names an input."""
    pool = _invented()
    for path in sorted(fixtures.glob("*")):
        if "expected" not in path.name and path.is_file():
            pool.feeds.append(path.read_bytes())
    if corpora is not None:
        _real(pool, corpora)
    pool.dates = sorted(set(pool.dates))
    pool.addresses = sorted(set(pool.addresses))
    return pool


def _invented() -> Pool:
    rng, pool = Random("seeds"), Pool()
    for kind in ("rss", "rdf", "atom", "json"):
        pool.feeds += [papers.written(papers.style(rng, kind), papers.reports(rng)) for _ in range(25)]
    pool.pages = [grammars.page(rng).encode() for _ in range(30)]
    pool.lists = [grammars.opml(rng).encode() for _ in range(40)]
    pool.dates = [grammars.date(rng) for _ in range(400)]
    pool.addresses = [grammars.address(rng) for _ in range(300)]
    return pool


def _real(pool: Pool, corpora: Path) -> None:
    for folder in _FEED_SETS:
        for path in sorted((corpora / folder).rglob("*")):
            if not path.is_file() or path.name in ("LICENSE", "SOURCE.txt"):
                continue
            body = path.read_bytes()
            if path.suffix == ".html":
                pool.pages.append(body[:LONGEST])
            elif b"<outline" in body[:3000]:
                pool.lists.append(body[:LONGEST])
            elif body.lstrip()[:1] in (b"<", b"{", b"\xef", b"\xff", b"\xfe") and not path.name.endswith(".serde.json"):
                pool.dates += [found[1].decode("utf-8", "replace") for found in _DATE.finditer(body)][:20]
                pool.addresses += [found[0].decode("utf-8", "replace") for found in _ADDRESS.finditer(body)][:10]
                # The beginning of a long one is a feed that breaks off.
                pool.feeds.append(body if len(body) <= LONGEST else body[: LONGEST // 2])
    for path in sorted((corpora / "opml-awesome").rglob("*.opml")):
        pool.lists.append(path.read_bytes()[: LONGEST // 2])
    for path in sorted([*(corpora / "url-pairs").glob("*.json"), *(corpora / "ssrf").glob("*.json")]):
        pool.addresses += [found[1] for found in _QUOTED.finditer(path.read_text("utf-8", "replace"))][:2000]
    for path in sorted((corpora / "fundus-tests").rglob("*.html*"))[:40]:
        if path.suffix == ".html":
            pool.pages.append(path.read_bytes()[:LONGEST])
