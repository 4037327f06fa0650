"""Feeds of every format, each beside what must be read in it; and damage of every kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from masthead.cli.inspect_feed import feed_record
from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.types import ParsedFeed

FIXTURES = Path(__file__).parents[2] / "fixtures" / "feeds"
CASES = {
    "courier-rss2.xml": "courier-rss2.json",
    "tide-atom.xml": "tide-atom.json",
    "mill-rdf.xml": "mill-rdf.json",
    "lamp-feed.json": "lamp-feed.expected.json",
    "broken-rss.xml": "broken-rss.json",
}


def agrees(found: Any, expected: Any, path: str = "") -> None:
    """Every field that is expected is there; lists are as long as expected."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            agrees(found[key], value, f"{path}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), f"{path}: {found!r}"
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            agrees(one, other, f"{path}[{number}]")
    else:
        assert found == expected, f"{path}: {found!r} is not {expected!r}"


@pytest.mark.parametrize("name", CASES)
def test_what_is_read_is_what_stands_there(name: str) -> None:
    record = feed_record(parse_feed((FIXTURES / name).read_bytes()), name)
    agrees(record, json.loads((FIXTURES / CASES[name]).read_text()))


def test_damage_is_named() -> None:
    said = " ".join(parse_feed((FIXTURES / "broken-rss.xml").read_bytes()).warnings)
    for word in ("before the document", "ampersands", "eacute", "prefixes", "not well-formed"):
        assert word in said


def test_every_item_keeps_its_own_bytes() -> None:
    feed = parse_feed((FIXTURES / "courier-rss2.xml").read_bytes())
    assert b"tag:courier.example,2026:17" in feed.entries[0].original
    assert b"2026/sums" not in feed.entries[0].original


def rss(title: str = "T", head: str = "") -> str:
    return (
        f"{head}<rss version='2.0'><channel><title>{title}</title><item><title>{title}</title></item></channel></rss>"
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss("Zażółć").encode(), ""),
        (b"\xef\xbb\xbf" + rss("Zażółć").encode(), "text/xml; charset=iso-8859-1"),
        (rss("Zażółć").encode("utf-16"), ""),
        (rss("Zażółć").encode("utf-16-le"), ""),
        (rss("Zażółć").encode("utf-32"), "application/xml"),
        (rss("Zażółć", "<?xml version='1.0' encoding='iso-8859-2'?>").encode("iso-8859-2"), ""),
        (rss("Zażółć").encode("cp1250"), "text/xml; charset=windows-1250"),
        (rss("Zażółć", "<?xml version='1.0' encoding='us-ascii'?>").encode(), "text/html"),
        (rss("Zażółć", "<?xml version='1.0' encoding='nonsense'?>").encode(), ""),
        (("\n\n  \ufeff" + rss("Zażółć", "<?xml version='1.0'?>")).encode(), "text/plain"),
    ],
)
def test_encodings(body: bytes, content_type: str) -> None:
    feed = parse_feed(body, content_type=content_type)
    assert (feed.title, feed.entries[0].title) == ("Zażółć", "Zażółć")


def test_windows_1252_under_the_name_of_latin_1() -> None:
    body = rss("“quoted”", "<?xml version='1.0' encoding='iso-8859-1'?>").encode("cp1252")
    assert parse_feed(body).title == "“quoted”"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("<![CDATA[AT&amp;T]]>", "AT&T"),
        ("&amp;amp;lt;p&amp;amp;gt;", "&lt;p&gt;"),
        ("a &lt; b &gt; c", "a < b > c"),
        ("vector&lt;int&gt; explained", "vector<int> explained"),
        ("The &lt;b&gt;bold&lt;/b&gt; one", "The bold one"),
        ("&#8220;x&#8221; &#151; y", "“x” — y"),
        ("nul &#0; here", "nul here"),
    ],
)
def test_titles_are_text_decoded_once(written: str, read: str) -> None:
    assert parse_feed(rss(written).encode()).entries[0].title == read


def test_a_link_resolves_against_the_publishers_host_not_the_feed_services() -> None:
    body = b"""<rss version="2.0"><channel><link>https://paper.example/</link><item><link>https://paper.example/a/b</link>
        <description>&lt;a href="/russia/1"&gt;x&lt;/a&gt;</description></item></channel></rss>"""
    entry = parse_feed(body, url="https://feeds.example/paper").entries[0]
    assert entry.base == "https://paper.example/a/b"


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("paper.example/story", "https://paper.example/story"),
        ("/story?a=b c", "https://paper.example/story?a=b%20c"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("javascript:alert(1)", ""),
        ("  https://paper.example/1\n", "https://paper.example/1"),
    ],
)
def test_links_are_absolute_web_addresses(written: str, link: str) -> None:
    body = f"<rss><channel><item><title>t</title><link>{written}</link></item></channel></rss>".encode()
    assert parse_feed(body, url="https://paper.example/feed").entries[0].link == link


def test_a_feed_services_redirect_is_passed_over() -> None:
    body = b"""<rss version="2.0" xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>
        <link>https://service.example/~r/1</link><f:origLink>https://paper.example/1</f:origLink></item></channel></rss>"""
    assert parse_feed(body).entries[0].link == "https://paper.example/1"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"hello", "neither XML nor JSON"),
        (b"<html><body>x</body></html>", "web page"),
        (b"<opml version='2.0'><body/></opml>", "OPML"),
        (b"<urlset></urlset>", "sitemap"),
        (b"<note/>", "<note>"),
        (b"{}", "items"),
        (b"[1, 2]", "items"),
        (b"{oops", "JSON"),
        (b"[" * 200_000, "deeply"),
    ],
)
def test_what_is_no_feed_is_said(body: bytes, words: str) -> None:
    with pytest.raises(NotAFeed, match=words):
        parse_feed(body)


def test_a_page_names_its_feeds() -> None:
    body = b"<!doctype html><head><link rel=alternate type='application/rss+xml' href='/feed' title=News></head>"
    with pytest.raises(NotAFeed) as error:
        parse_feed(body, url="https://paper.example/")
    assert error.value.feeds == ("https://paper.example/feed",)


def test_json_cut_short_gives_the_items_that_are_whole() -> None:
    whole = (FIXTURES / "lamp-feed.json").read_bytes()
    feed = parse_feed(whole[: whole.index(b', "no item"')] + b', {"id": "half')
    assert [entry.id for entry in feed.entries] == ["7"]
    assert "broken" in feed.warnings[0]


def test_rss_in_json() -> None:
    data = {"rss": {"channel": {"title": "T", "ttl": "5", "item": [{"title": "A", "link": "https://a.example/1"}]}}}
    feed: ParsedFeed = parse_feed(json.dumps(data).encode())
    assert (feed.format, feed.hints.ttl, feed.entries[0].link) == ("rss-json", 5, "https://a.example/1")


def test_rights_are_text_in_json_too() -> None:
    rights = '&copy; 2024 <a href=\\"https://a.example/\\">Ada Holm</a>.'
    feed = parse_feed(f'{{"rss": {{"channel": {{"title": "A", "copyright": "{rights}", "item": []}}}}}}'.encode())
    assert feed.license == "© 2024 Ada Holm."


@pytest.mark.parametrize(
    "tail", ["</channel></rss>", "</channel>", "<item><guid>6", "<item><title>Seven</title></item>"]
)
def test_a_namespace_declared_on_one_element_is_that_elements_alone(tail: str) -> None:
    itself = '<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="https://a.example/feed"/>'
    items = "".join(f"<item><guid>{n}</guid><title>Item {n}</title></item>" for n in range(5))
    feed = parse_feed(
        f'<rss version="2.0"><channel><title>T</title>{itself}{items}{tail}'.encode(), url="https://a.example/"
    )
    assert [entry.title for entry in feed.entries][:5] == [f"Item {n}" for n in range(5)]


def test_entries_after_the_end_of_a_broken_feed_keep_its_namespace() -> None:
    entries = "".join(f"<entry><id>{n}</id><title>Item {n} & more</title></entry>" for n in range(2))
    feed = parse_feed(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title></feed>{entries}'.encode(), url="https://a.example/"
    )
    assert [entry.title for entry in feed.entries] == ["Item 0 & more", "Item 1 & more"]
