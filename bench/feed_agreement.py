"""Real feeds and feedvalidator's cases: what is read beside what feedparser reads, and what is expected.

For each feed: the number of entries; for each entry: title, link and date. feedparser runs without sanitising and
without resolving, so that it shows what it read. Two values agree when they mean the same: titles as words, addresses
as a browser would request them, dates as moments.

Every kind of disagreement was looked at. `why` names those in which ours is right, as rules that a program checks; what
falls under none of them is unexplained, and is counted and printed as such.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from feed_expressions import plain
from masthead.core.dates import instant
from masthead.core.letters import redecoded
from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.types import ParsedEntry
from masthead.core.urls import absolute

_REAL = (
    "fastfeedparser/benchmark_data/*",
    "netnewswire/**/*.*",
    "rss-parser/test/input/*",
    "feed-rs/feed-rs/fixture/*/*.xml",
    "feed-rs/feed-rs/fixture/jsonfeed/*.json",
)
_NO_FEEDS = (".html", ".opml", ".swift", ".txt", ".serde.json", "LICENSE")
_FIELDS = ("title", "link", "date")


def real_feeds(corpora: Path) -> list[tuple[str, bytes]]:
    """The real feeds by name; what peers keep beside them (expected values, pages) is not among them."""
    paths = {path for pattern in _REAL for path in corpora.glob(pattern) if path.is_file()}
    return [(path.name, path.read_bytes()) for path in sorted(paths) if not path.name.endswith(_NO_FEEDS)]


def validator_feeds(corpora: Path) -> list[tuple[str, bytes]]:
    """feedvalidator's cases."""
    folder = corpora / "feedvalidator" / "testcases"
    return [(str(path.relative_to(folder)), path.read_bytes()) for path in sorted(folder.rglob("*.xml"))]


def read_by_feedparser(body: bytes) -> Any:
    """feedparser with what we do later than parsing switched off."""
    return feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)


@dataclass
class Agreement:
    """What agrees, and why what does not."""

    feeds: int = 0
    no_feed: int = 0
    entries: int = 0
    same_number: int = 0
    agree: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


def compare(feeds: list[tuple[str, bytes]]) -> Agreement:
    """Every feed against feedparser."""
    total = Agreement()
    for name, body in feeds:
        data = read_by_feedparser(body)
        try:
            feed = parse_feed(body)
        except NotAFeed:
            total.no_feed += 1
            if data.entries:
                total.unexplained.append(f"{name}: refused; feedparser finds {len(data.entries)} entries")
            continue
        total.feeds += 1
        if len(feed.entries) == len(data.entries):
            total.same_number += 1
        elif feed.format.startswith(("json", "rss-json")):
            total.judged["entries of JSON, which feedparser reads none of"] += 1
            continue
        elif len(feed.entries) < len(data.entries) and sum(b"<entry" in one.original[6:] for one in feed.entries):
            total.judged["entries inside of an entry, which are none of the feed's"] += 1
            continue
        else:
            total.unexplained.append(f"{name}: {len(feed.entries)} entries, feedparser {len(data.entries)}")
            continue
        for ours, theirs in zip(feed.entries, data.entries, strict=True):
            total.entries += 1
            _entry(total, name, ours, theirs)
    return total


def _entry(total: Agreement, name: str, ours: ParsedEntry, theirs: Any) -> None:
    pairs = {
        "title": (ours.title, str(theirs.get("title", ""))),
        "link": (ours.link, str(theirs.get("link", ""))),
        "date": (_moment(ours.published or ours.updated), _stamp(theirs)),
    }
    for part, (one, two) in pairs.items():
        if one == two or _means(part, one) == _means(part, two):
            total.agree[part] += 1
        elif reason := why(part, ours, one, two):
            total.judged[reason] += 1
        else:
            total.unexplained.append(f"{name}: {part} {one[:90]!r}, feedparser {two[:90]!r}")


def _means(part: str, value: str) -> str:
    return plain(value) if part == "title" else absolute(value) if part == "link" else value


def _moment(value: str | None) -> str:
    return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y%m%d%H%M%S") if value else ""


def _stamp(theirs: Any) -> str:
    stamp = theirs.get("published_parsed") or theirs.get("updated_parsed")
    return time.strftime("%Y%m%d%H%M%S", stamp) if stamp else ""


def why(part: str, ours: ParsedEntry, one: str, two: str) -> str:
    """The kind of a disagreement in which ours is right; "" when it is of none."""
    if part == "title":
        if redecoded(one) == redecoded(two):
            return "title in misread letters, left as it came for the repairs to mend and record"
        return "title's markup, which is not text" if plain(two).startswith(one) or plain(plain(two)) == one else ""
    if part == "date":
        raw = ours.published_raw or ours.updated_raw
        if not one and raw and instant(raw) is None:
            return "date without time or zone, or of no day that exists: not certain"
        if not two:
            return "date that feedparser does not read"
        stated = instant(ours.published_raw)
        if stated is None and ours.updated is not None and ours.published is None and ours.published_raw:
            return "date of publication that cannot be: the certain date of the update is given"
        return "of a date that stands twice, the first" if b"<updated" in ours.original else ""
    if b"origLink" in ours.original or b"origlink" in ours.original:
        return "link past a feed service's redirect"
    if b'href=""' in ours.original:
        return "link that is stated and empty: the id is the page"
    if not two.startswith(("http://", "https://")):
        return "link that feedparser leaves relative, without scheme, empty or no web address"
    if ours.original.count(b"<link") > 1 or b":link" in ours.original:
        return "of links that stand twice, the first; pages before other types"
    return ""


def expected(corpora: Path) -> tuple[int, int, list[str]]:
    """feed-rs's expected values beside its feeds: how many stand, how many agree, and what does not."""
    cases = right = 0
    wrong: list[str] = []
    for path in sorted((corpora / "feed-rs").rglob("*.serde.json")):
        stem = path.with_name(path.name.removesuffix(".serde.json"))
        source = next((one for one in (Path(f"{stem}.xml"), Path(f"{stem}.json")) if one.exists()), None)
        if source is None:
            continue
        feed, said = parse_feed(source.read_bytes()), json.loads(path.read_text())
        found = [("entries", len(feed.entries), len(said["entries"]))]
        found.append(("title", plain(feed.title), plain((said["title"] or {}).get("content", ""))))
        for ours, theirs in zip(feed.entries, said["entries"], strict=False):
            found.append(("title", plain(ours.title), plain((theirs["title"] or {}).get("content", ""))))
            links = [absolute(link["href"]) for link in theirs["links"] if link["rel"] in (None, "alternate")]
            found.append(("link", absolute(ours.link) in links or not links, True))
            for name in ("published", "updated"):
                if (stated := theirs[name]) and _moment(instant(stated)):
                    mine = ours.published if name == "published" else ours.updated or ours.published
                    found.append((name, _moment(mine), _moment(instant(stated))))
        cases += len(found)
        right += sum(one == two for _, one, two in found)
        wrong += [f"{source.name}: {part} {one!r}, expected {two!r}" for part, one, two in found if one != two]
    return cases, right, wrong
