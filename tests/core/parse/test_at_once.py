"""The short way for sound documents gives what the long way gives, and refuses what is not sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.dates import instant
from masthead.core.parse import feed as door
from masthead.core.parse import parse_feed
from masthead.core.parse.moments import instant_of
from masthead.core.parse.tree import read_tree_at_once
from masthead.core.types import ParsedFeed

FIXTURES = Path(__file__).parents[2] / "fixtures" / "feeds"
SOUND = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><title>Zażółć</title><item><guid>1</guid>
<c:encoded><![CDATA[<p>Tide & boats</p>]]></c:encoded></item><item ><guid>2</guid></item></channel></rss>"""


def without_originals(feed: ParsedFeed) -> ParsedFeed:
    return replace(feed, entries=tuple(replace(entry, original=b"") for entry in feed.entries))


@pytest.mark.parametrize("body", [*(path.read_bytes() for path in sorted(FIXTURES.glob("*.xml"))), SOUND.encode()])
def test_both_ways_read_the_same(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    found = parse_feed(body, url="https://paper.example/feed")
    monkeypatch.setattr(door, "read_tree_at_once", lambda body: None)
    assert without_originals(parse_feed(body, url="https://paper.example/feed")) == without_originals(found)


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE rss><rss/>",
        b"<!-- x --><!DOCTYPE rss [<!ENTITY a 'b'>]><rss>&a;</rss>",
        b"<?xml version='1.0'?><!doctype rss><rss/>",
        b"<rss>&nbsp;</rss>",
        b"<rss>&#146;</rss>",
        "<rss>a\x92b</rss>".encode(),
        b"<rss>\xff</rss>",
        b"<rss>",
        "<rss/>".encode("utf-16-le"),
        b"words <rss/>",
    ],
)
def test_what_is_not_sound_goes_the_long_way(body: bytes) -> None:
    assert read_tree_at_once(body) is None


def test_items_keep_the_bytes_that_were_written_and_can_be_read_alone() -> None:
    first, second = parse_feed(SOUND.encode()).entries
    assert b"<c:encoded><![CDATA[<p>Tide & boats</p>]]></c:encoded></item>" in first.original
    assert second.original.endswith(b"<guid>2</guid></item>")
    alone = parse_feed(b"<rss><channel>" + first.original + b"</channel></rss>").entries[0]
    assert (alone.id, alone.content_html) == ("1", "<p>Tide & boats</p>")


@pytest.mark.parametrize(
    "more",
    [
        "<!-- <item><guid>3</guid></item> -->",
        "<item xmlns:x='https://a.example/'><guid>3</guid></item>",
        "<item/>",
        "<description><![CDATA[</item><item>]]></description>",
    ],
)
def test_bytes_that_cannot_be_told_for_certain_are_written_anew(more: str) -> None:
    body = SOUND.replace("</channel>", f"{more}</channel>").encode()
    for entry in parse_feed(body).entries:
        alone = parse_feed(b"<rss><channel>" + entry.original + b"</channel></rss>").entries
        assert [one.id for one in alone] == [entry.id]


@given(
    st.datetimes(),
    st.sampled_from(["GMT", "UTC", "EST", "+0000", "-0000", "+0530", "-1130", "+1345", "+1400", "+1459", "-2400", ""]),
    st.sampled_from(["%a, %d %b %Y %H:%M:%S ", "%d %b %Y %H:%M:%S ", "%a, %d %b %Y %H:%M ", "%Y-%m-%dT%H:%M:%S", "%F"]),
)
def test_dates_read_at_once_are_those_that_the_reader_of_dates_gives(at: object, zone: str, shape: str) -> None:
    text = f"{at:{shape}}{zone[:3] + ':' + zone[3:] if 'T' in shape and zone[1:].isdigit() else zone}"
    assert instant_of(text) == instant(text)
