"""Lists of feeds: read whole however broken, every line accounted for, written so that they read the same."""

from __future__ import annotations

from masthead.core.parse import opml
from masthead.core.parse.opml import ListedFeed

BROKEN = b"""<opml version="1.0"><head><title>Mine &amp; yours</title></head><body>
<outline text="World">
<outline text="A" description="By <a href="https://x.example/" rel="me">X</a>."
 xmlUrl="https://a.example/f?x=1&y=2" type="rss"/>
<outline text='B & C' xmlUrl='feed:https://b.example/rss' htmlUrl='https://b.example/'></outline>
<outline title="Inner"><outline text="D" xmlurl="//d.example/rss"/></outline>
<outline text="No address" type="rss"/>
<outline text="Odd" xmlUrl="gopher://old.example/"/>
<outline text="A again" xmlUrl="https://a.example/f?x=1&amp;y=2"/>
</outline>
<!-- <outline xmlUrl="https://hidden.example/"/> -->
<outline text="Cut" xmlUrl="https://cut.example/rss" desc="""


def test_every_line_is_imported_or_reported() -> None:
    found = opml.read(BROKEN)
    assert [(feed.url, feed.folders, feed.line) for feed in found.feeds] == [
        ("https://a.example/f?x=1&y=2", ("World",), 3),
        ("https://b.example/rss", ("World",), 5),
        ("https://d.example/rss", ("World", "Inner"), 6),
        ("https://cut.example/rss", (), 12),
    ]
    assert found.feeds[1].title == "B & C"
    assert found.title == "Mine & yours"
    assert [problem.line for problem in found.problems] == [7, 8, 9, 12]


def test_what_is_written_reads_the_same() -> None:
    feeds = (
        ListedFeed(
            "https://a.example/?a=1&b=2", 'The "A" <paper>', "https://a.example/", ("News", "World"), "en", "It's"
        ),
        ListedFeed("https://b.example/", "Б", folders=("News",)),
        ListedFeed("https://c.example/", "C"),
    )
    body = opml.write(feeds, "All & more")
    found = opml.read(body)
    assert found.title == "All & more"
    assert not found.problems
    assert {(f.url, f.title, f.home_url, f.folders, f.language, f.description) for f in found.feeds} == {
        (f.url, f.title, f.home_url, f.folders, f.language, f.description) for f in feeds
    }


def test_no_list_is_said() -> None:
    assert "no OPML" in opml.read(b"<html></html>").problems[0].reason
