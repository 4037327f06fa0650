"""Lists of feeds: read whole however broken, every line accounted for, written so that they read the same."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

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


def test_long_addresses_stay_whole_and_long_names_do_not() -> None:
    long = "https://bridge.example/feed?" + "&".join(f"rule{n}=harbour" for n in range(60))
    whole = f'<outline text="{"Sea " * 200}" xmlUrl="{long.replace("&", "&amp;")}" type="rss"/>'
    broken = f"<outline text='{'Sea ' * 200}'' xmlUrl='{long}' htmlUrl='{long}' type='rss'/>"
    for line in (whole, broken):
        found = opml.read(f"<opml><body>{line}</body></opml>".encode())
        assert len(long) > 800
        assert [feed.url for feed in found.feeds] == [long]
        assert len(found.feeds[0].title) <= 500
    found = opml.read(f"<opml><outline xmlUrl='{long + 'x' * 4000}' type='rss'/></opml>".encode())
    assert not found.feeds and "is not an http or https address" in found.problems[0].reason


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


def test_a_line_that_is_there_again_is_told_apart_from_one_that_is_wrong() -> None:
    found = opml.read(BROKEN)
    assert [problem.line for problem in found.problems if problem.again] == [9]


def test_a_text_with_an_address_a_line_is_a_list() -> None:
    text = b"""# Mine\r\n\nhttps://a.example/rss\nfeed:http://b.example/f Harbour &  pier
//c.example/x\nhttps://a.example/rss\nnot an address\n"""
    found = opml.read(text)
    assert [(feed.url, feed.title, feed.line) for feed in found.feeds] == [
        ("https://a.example/rss", "", 3), ("http://b.example/f", "Harbour & pier", 4), ("https://c.example/x", "", 5),
    ]  # fmt: skip
    assert [(problem.line, problem.again) for problem in found.problems] == [(6, True), (7, False)]
    assert opml.read(b"Dear all,\nhave a look at\nhttps://a.example/rss\nand tell me.").feeds == ()


def test_our_settings_are_written_in_a_namespace_and_read_again() -> None:
    feed = ListedFeed("https://a.example/f", "A", settings=(("policy", "link"), ("source", 'The "A" & B')))
    body = opml.write([feed])
    root = etree.fromstring(body)
    assert [element.get("{urn:masthead:opml}policy") for element in root.iter("outline")] == ["link"]
    assert opml.read(body).feeds[0].settings == feed.settings


def test_a_large_list_is_read_in_a_moment_and_each_address_once() -> None:
    urls = [f"https://h{number % 20_000}.example/feed" for number in range(40_000)]
    started = time.perf_counter()
    found = opml.read(
        opml.write(ListedFeed(url, folders=("F",)) for url in urls) + b"\n".join(u.encode() for u in urls)
    )
    assert len(found.feeds) == 20_000 and time.perf_counter() - started < 30
    assert len(opml.read("\n".join(urls).encode()).feeds) == 20_000


def test_lines_under_a_prefix_and_lines_without_a_feed() -> None:
    body = b"""<o:opml xmlns:o='urn:x'><body><o:outline text='Sea'><o:outline text='A' xmlUrl='https://a.example/f'/>
    <outline text='B' xmlUrl="https://b.example/f"/> <o:outline text='C' feedUrl='https://c.example/f'/></o:outline>
    <outline text='D' htmlUrl='https://d.example/'/>
    <outline text='E' xmlUrl='https://e.example/f"/><x y="z' type='rss'></body></o:opml>"""
    found = opml.read(body)
    assert [(feed.url, feed.folders) for feed in found.feeds] == [
        ("https://a.example/f", ("Sea",)),
        ("https://b.example/f", ("Sea",)),
        ("https://c.example/f", ("Sea",)),
        ("https://e.example/f", ()),
    ]
    [problem] = found.problems
    assert (problem.line, problem.reason) == (3, "'D' names a page and no feed (xmlUrl): https://d.example/")


def test_hostile_lists_cost_no_more_than_reading_them() -> None:
    started = time.process_time()
    opml.read(b"<opml><body><outline " + b"a" * 1_000_000)
    opml.read(b"<opml><body>" + (b"<outline " + b"a" * 7000 + b'">') * 300)
    opml.read(b"<opml><body><outline " + b"a=" * 500_000 + b">")
    assert time.process_time() - started < 2.5


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
LISTED = st.builds(
    ListedFeed,
    st.builds("https://paper.example/{}".format, st.integers(0, 50)),
    WORDS,
    folders=st.lists(WORDS, max_size=3).map(tuple),
    description=WORDS,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(LISTED, max_size=6), WORDS)
def test_what_was_written_reads_the_same(feeds: list[ListedFeed], title: str) -> None:
    once = opml.read(opml.write(feeds, title))
    again = opml.read(opml.write(once.feeds, once.title))
    assert {replace(feed, line=0) for feed in again.feeds} == {replace(feed, line=0) for feed in once.feeds}
    assert {feed.url for feed in once.feeds} == {feed.url for feed in feeds}
    assert again.title == once.title
    assert all(problem.again for problem in once.problems) or not feeds
