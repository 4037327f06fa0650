"""The feeds of a page, surest first."""

from __future__ import annotations

from masthead.core.parse import discover

PAGE = b"""<html><head><base href="https://cdn.example/site/">
<link rel="stylesheet" href="a.css"><link rel="alternate" hreflang="de" href="/de/">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
<link REL="Alternate" type="application/rss+xml; charset=utf-8" title="All &amp; more" href="rss">
<link rel="alternate" type="application/feed+json" href="https://paper.example/feed.json">
</head><body><a href="/sport/rss.xml">Sport</a> <a href="/rss.png">no</a> <a href="javascript:feed">no</a>
<a href="/about">no</a>"""


def test_declared_then_linked() -> None:
    found = discover(PAGE, "https://paper.example/")
    assert [(feed.url, feed.how, feed.format, feed.title) for feed in found] == [
        ("https://cdn.example/site/rss", "declared", "rss", "All & more"),
        ("https://paper.example/feed.json", "declared", "json", ""),
        ("https://cdn.example/sport/rss.xml", "linked", "", "Sport"),
    ]


def test_guesses_are_on_the_pages_host_and_come_last() -> None:
    found = discover(PAGE, "https://paper.example/a/b", guess=True)
    assert [feed.how for feed in found].index("guessed") == 3
    assert found[3].url == "https://paper.example/feed"


def test_no_page() -> None:
    assert discover(b"", "https://paper.example/") == ()
