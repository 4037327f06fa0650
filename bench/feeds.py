"""How right and how fast feeds are read, beside feedparser in the same run.

    python bench/feeds.py --corpora DIR

Assertions: the expressions that feedparser's own test files carry, where masthead.feed/1 has the field. Real feeds: the
number of entries and, entry by entry, link, title and date held against feedparser's. Speed: both read the same feeds
in turn; the median of three rounds.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from masthead.cli.inspect_feed import feed_record
from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.parse.node import words_of

_FIELD = re.compile(r"(feed|entries\[0\])\['(\w+)'\](\[\d\])?(\['(\w+)'\])?\s*==\s*(u?(['\"]).*\7)\s*$")
_REAL = (
    "fastfeedparser/benchmark_data/*",
    "netnewswire/**/*.*",
    "rss-parser/test/input/*",
    "feed-rs/feed-rs/fixture/*/*.xml",
)
_TEXTS = {"title": "title", "id": "id", "guid": "id", "link": "link", "language": "language", "tagline": "description"}
_TEXTS |= {"subtitle": "description", "description": "description"}
_PEOPLE = {"name": "name", "email": "email", "url": "url", "href": "url"}


def plain(value: str) -> str:
    """Text for comparing: markup and blanks do not count."""
    return " ".join(words_of(value).split())


def adapted(record: dict[str, Any], where: str, name: str, part: str) -> str | None:
    """The value of feedparser's field in our record; None when there is no equivalent."""
    holder = record if where == "feed" else (record["entries"] or [{}])[0]
    if where == "feed":
        return str(holder.get(_TEXTS[name], "")) if name in _TEXTS and not part else None
    if name in ("summary", "description") and not part:
        return str(holder.get("summary_html", ""))
    if name in ("title", "id", "guid", "link") and not part:
        return str(holder.get(_TEXTS[name], ""))
    if name == "content" and part == "value":
        return str(holder.get("content_html", ""))
    if name == "title_detail" and part == "value":
        return str(holder.get("title", ""))
    people = holder.get("authors") or [{}]
    if name in ("author_detail", "authors") and part in _PEOPLE:
        return str(people[0].get(_PEOPLE[part], ""))
    if name == "tags" and part == "term":
        return str((holder.get("categories") or [""])[0])
    return None


def assertions(folder: Path, show: int) -> None:
    """Score the expressions of feedparser's files, ours beside feedparser's."""
    score: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.xml")):
        if "sanitize" in path.parts:
            continue
        body = path.read_bytes()
        said = re.search(rb"Expect:\s*(?:not bozo and )?(.*)", body)
        found = _FIELD.match(said[1].decode("utf-8", "replace").strip()) if said else None
        if found is None:
            continue
        header = re.search(rb"Header:\s*Content-type:\s*(.*)", body, re.IGNORECASE)
        kind = header[1].decode().strip() if header else ""
        try:
            record = feed_record(parse_feed(body, url="http://127.0.0.1:8097/", content_type=kind), path.name)
        except NotAFeed:
            record = {"entries": []}
        ours = adapted(record, found[1], found[2], found[5] or "")
        if ours is None:
            continue
        wanted = plain(json_or_text(found[6]))
        score["cases"] += 1
        right = plain(ours) == wanted
        score["right"] += right
        score["feedparser right"] += wanted == plain(theirs(body, kind, found))
        if not right and score["cases"] - score["right"] <= show:
            print(f"  {path.relative_to(folder)}: {ours[:90]!r}, expected {wanted[:90]!r}")
    print(json.dumps({"assertions": dict(score)}))


def json_or_text(literal: str) -> str:
    import ast

    try:
        return str(ast.literal_eval(literal))
    except (ValueError, SyntaxError):
        return literal


def theirs(body: bytes, kind: str, found: re.Match[str]) -> str:
    """feedparser's value of the field."""
    data = feedparser.parse(body, response_headers={"content-type": kind or "application/xml"})
    try:
        value: Any = data.feed if found[1] == "feed" else data.entries[0]
        value = value[found[2]]
        value = value[int(found[3][1:-1])] if found[3] else value
        return str(value[found[5]] if found[5] else value)
    except (KeyError, IndexError, TypeError):
        return ""


def real_feeds(corpora: Path) -> list[tuple[str, bytes]]:
    """The real feeds by name; what peers keep beside them (expected values, pages) is not among them."""
    paths = {path for pattern in _REAL for path in corpora.glob(pattern) if path.is_file()}
    skipped = (".html", ".opml", ".swift", ".txt", ".serde.json", "LICENSE")
    return [(path.name, path.read_bytes()) for path in sorted(paths) if not path.name.endswith(skipped)]


def read_by_feedparser(body: bytes) -> Any:
    return feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)


def agreement(feeds: list[tuple[str, bytes]], show: int) -> None:
    """Entry by entry: what agrees with feedparser."""
    score: Counter[str] = Counter()
    for name, body in feeds:
        data = read_by_feedparser(body)
        try:
            feed = parse_feed(body)
        except NotAFeed:
            score["refused"] += 1
            score["refused, feedparser finds entries"] += bool(data.entries)
            continue
        score["read"] += 1
        if len(feed.entries) != len(data.entries) and not feed.format.startswith("json"):
            score["other number of entries"] += 1
            print(f"  {name}: {len(feed.entries)} entries, feedparser {len(data.entries)}")
            continue
        for ours, other in zip(feed.entries, data.entries, strict=False):
            score["entries"] += 1
            pairs = {"title": (plain(ours.title), plain(other.get("title", "")))}
            pairs["link"] = (ours.link, other.get("link", ""))
            stamp = other.get("published_parsed") or other.get("updated_parsed")
            moment = ours.published or ours.updated
            pairs["date"] = (
                datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y%m%d%H%M%S") if moment else "",
                time.strftime("%Y%m%d%H%M%S", stamp) if stamp else "",
            )
            for field, (one, two) in pairs.items():
                score[f"{field} agrees"] += one == two
                if one != two and show > 0:
                    show -= 1
                    print(f"  {name}: {field} {one[:80]!r}, feedparser {two[:80]!r}")
    print(json.dumps({"real feeds": dict(score)}))


def speed(feeds: list[tuple[str, bytes]]) -> None:
    """Feeds per second, ours and feedparser's with its slow parts off, in turn."""

    def seconds(read: Callable[[bytes], Any]) -> float:
        started = time.process_time()
        for _, body in feeds:
            try:
                read(body)
            except NotAFeed:
                continue
        return time.process_time() - started

    rounds = [(seconds(parse_feed), seconds(read_by_feedparser), seconds(feedparser.parse)) for _ in range(3)]
    ours, bare, full = (statistics.median(times) for times in zip(*rounds, strict=True))
    count = len(feeds)
    result = {"masthead": count / ours, "feedparser": count / full, "feedparser, sanitising off": count / bare}
    print(json.dumps({"feeds/s": {name: round(value, 1) for name, value in result.items()}}))
    print(json.dumps({"times feedparser": round(full / ours, 1), "with sanitising off": round(bare / ours, 1)}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--show", type=int, default=0, help="print so many disagreements of each kind")
    parser.add_argument("--no-speed", action="store_true", help="rightness only")
    options = parser.parse_args()
    assertions(options.corpora / "feedparser" / "tests", options.show)
    feeds = real_feeds(options.corpora)
    agreement(feeds, options.show)
    if not options.no_speed:
        speed(feeds)


if __name__ == "__main__":
    main()
