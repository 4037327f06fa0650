"""Real feeds and attacks of the corpora: what feedparser reads is read, whole; bombs are refused at once."""

from __future__ import annotations

import os
from pathlib import Path

import feedparser
import pytest

from masthead.core.parse import NotAFeed, opml, parse_feed

CORPORA = Path(os.environ.get("MASTHEAD_CORPORA", "/nowhere"))
pytestmark = pytest.mark.corpora
SKIPPED = (".html", ".opml", ".txt", ".serde.json", ".json", ".swift")


def files(*patterns: str) -> list[Path]:
    found = [path for pattern in patterns for path in sorted(CORPORA.glob(pattern)) if path.is_file()]
    return [path for path in found if not path.name.endswith(SKIPPED)]


def test_every_real_feed_gives_as_many_entries_as_feedparser_finds() -> None:
    seen = 0
    for path in files("fastfeedparser/benchmark_data/*", "rss-parser/test/input/*", "feed-rs/feed-rs/fixture/*/*"):
        body = path.read_bytes()
        theirs = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries
        if theirs:
            assert len(parse_feed(body).entries) == len(theirs), path.name
            seen += 1
    assert seen > 100


def test_bombs_are_refused() -> None:
    bombs = [path for path in CORPORA.glob("xml-bombs/xmltestdata/*") if path.is_file()]
    assert bombs
    for path in bombs:
        with pytest.raises(NotAFeed):
            parse_feed(path.read_bytes())


def test_every_line_of_the_lists_is_imported_or_reported() -> None:
    lists = sorted(CORPORA.glob("opml-awesome/**/*.opml"))
    assert lists
    for path in lists:
        body = path.read_bytes()
        found = opml.read(body)
        assert len(found.feeds) + len(found.problems) == body.count(b"xmlUrl="), path.name
