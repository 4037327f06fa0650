"""gofeed's test files, field by field: the JSON that stands beside each feed, held against masthead.feed/1.

Rule: every value of the expected file whose path (numbers left out) is in `FIELDS` counts, and the number of entries;
what masthead.feed/1 has no field for does not. Values are compared as in `feed_expressions`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feed_expressions import same
from masthead.cli.inspect_feed import feed_record
from masthead.core.parse import NotAFeed, parse_feed

# gofeed's path -> kind and our path; "*" is the place in gofeed's list.
FIELDS: dict[str, tuple[str, str]] = {
    "title": ("text", "title"),
    "description": ("text", "description"),
    "subtitle": ("text", "description"),
    "link": ("same", "link"),
    "language": ("same", "language"),
    "copyright": ("text", "license"),
    "rights": ("text", "license"),
    "image.url": ("same", "image"),
    "logo": ("same", "image"),
    "icon": ("same", "image"),
    "ttl": ("number", "hints.ttl"),
    "skipDays": ("one of", "hints.skip_days"),
    "skipHours": ("one of", "hints.skip_hours"),
    "updatedParsed": ("moment", "updated"),
    "lastBuildDateParsed": ("moment", "updated"),
    **{
        f"{items}.{name}": (kind, f"entries.{ours}".rstrip("."))
        for items in ("items", "entries")
        for name, kind, ours in (
            ("title", "text", "title"),
            ("description", "html", "summary_html"),
            ("summary", "html", "summary_html"),
            ("content", "html", "content_html"),
            ("content.value", "html", "content_html"),
            ("link", "same", "link"),
            ("guid", "same", "id"),
            ("guid.value", "same", "id"),
            ("id", "same", "id"),
            ("author", "person", "authors"),
            ("author.name", "text", "authors.0.name"),
            ("author.email", "same", "authors.0.email"),
            ("authors.name", "text", "authors.*.name"),
            ("authors.email", "same", "authors.*.email"),
            ("authors.uri", "same", "authors.*.url"),
            ("categories", "one of", "categories"),
            ("categories.value", "one of", "categories"),
            ("categories.term", "one of", "categories"),
            ("comments", "same", "comments"),
            ("publishedParsed", "moment", "published"),
            ("pubDateParsed", "moment", "published"),
            ("updatedParsed", "date", ""),
            ("rights", "text", "license"),
            ("image.url", "file", ""),
            ("enclosure.url", "file", ""),
            ("enclosures.url", "same", "enclosures.*.url"),
            ("enclosures.type", "same", "enclosures.*.type"),
            ("enclosures.length", "number", "enclosures.*.length"),
            ("source.title", "text", "source.title"),
            ("source.url", "same", "source.url"),
        )
    },
}


@dataclass
class Fields:
    """What agreed."""

    files: int = 0
    cases: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value with its path; values that say nothing are passed over."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from leaves(part, (*path, place))
    elif value not in ("", None):
        yield path, value


def found_at(record: dict[str, Any], ours: str, numbers: list[int]) -> Any:
    """The value in our record; `numbers` are the places in gofeed's path."""
    value: Any = record
    places = list(numbers)
    for part in ours.split("."):
        try:
            if not part:
                break
            if part == "entries":
                value = value[part][places.pop(0)]
            elif part == "*" or part.isdigit():
                value = value[places.pop(0) if part == "*" else int(part)]
            else:
                value = (value or {}).get(part)
        except IndexError:
            return None
    return value


def agrees(kind: str, value: Any, wanted: Any) -> bool:
    if kind == "person":
        texts = [part for one in value or [] for part in (one["name"], one["email"]) if part]
        return bool(texts) and all(text in str(wanted) for text in texts)
    if kind == "one of":  # gofeed groups categories by where they stood; we keep the document's order
        return any(same("text", one, wanted) for one in value or [])
    if kind == "file":  # gofeed chooses one file; we keep all
        return any(same("same", one["url"], wanted) for one in (*value["media"], *value["enclosures"]))
    if kind == "date":  # gofeed gives dc:date as both dates; we as the first
        return same("moment", value["updated"] or value["published"], wanted)
    return same(kind, value, wanted)


def score(folder: Path) -> Fields:
    """Every feed below `folder` that has expected values beside it."""
    total = Fields()
    for path in sorted(folder.rglob("*.json")):
        feed = path.with_suffix(".xml")
        if not feed.exists():
            continue
        total.files += 1
        expected = json.loads(path.read_text())
        try:
            record = feed_record(parse_feed(feed.read_bytes()), path.name)
        except NotAFeed:
            record = {"entries": []}
        _compare(total, str(feed.relative_to(folder)), record, expected)
    return total


def _compare(total: Fields, name: str, record: dict[str, Any], expected: Any) -> None:
    listed = expected.get("items") or expected.get("entries") or []
    total.cases += 1
    if len(record["entries"]) == len(listed):
        total.right += 1
    else:
        total.wrong.append(f"{name}: {len(record['entries'])} entries, expected {len(listed)}")
    for path, wanted in leaves(expected):
        key = ".".join(part for part in path if isinstance(part, str))
        if key not in FIELDS:
            total.left_out[key] += 1
            continue
        kind, ours = FIELDS[key]
        value = found_at(record, ours, [part for part in path if isinstance(part, int)])
        total.cases += 1
        if agrees(kind, value, wanted):
            total.right += 1
        else:
            total.wrong.append(f"{name}: {'.'.join(map(str, path))} is {value!r}, expected {wanted!r}")
