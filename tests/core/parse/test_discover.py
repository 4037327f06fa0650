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
    found = discover(PAGE, "https://paper.example/about/us", guess=True)
    assert [feed.how for feed in found].index("guessed") == 3
    assert found[3].url == "https://paper.example/about/feed"


def test_no_page() -> None:
    assert discover(b"", "https://paper.example/") == ()


def _urls(html: str, url: str = "https://paper.example/news/") -> list[str]:
    return [feed.url for feed in discover(html, url)]


def test_every_spelling_of_a_declaration() -> None:
    html = """<head><LINK HREF=a.xml TYPE='application/atom+xml' REL="home Alternate">
    <link rel=feed href="b"><link rel="service.feed" type="application/x.atom+xml" href="c">
    <link rel="application/rss+xml" href="d"><link rel="alternate" type=" Application/XML+RSS " href="//cdn.example/e">
    <link rel="alternate" type="application/rdf+xml" href="f">
    <link rel="alternate" type="text/xml" title="RSS" href="g">
    <link rel="alternate" type="application/feed+json" href="feed:https://h.example/h">
    <link rev="alternate" type="application/rss+xml" href="no1">
    <link rel="alternate stylesheet" type="text/xml" href="no2">
    <link rel="alternate" type="application/json" href="/wp-json/oembed/1.0/embed?url=feed">
    <link rel="alternate" type="text/xml+oembed" href="no3">
    <link rel="alternate" type="text/html" title="RSS" href="no4">
    </head>"""
    here = "https://paper.example/news/"
    assert _urls(html) == [
        f"{here}a.xml", f"{here}b", f"{here}c", f"{here}d", "https://cdn.example/e", f"{here}f", f"{here}g",
        "https://h.example/h",
    ]  # fmt: skip


def test_feeds_of_comments_stand_last() -> None:
    link = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'
    html = link.format("Comments", "/comments/feed/") + link.format("News", "/feed/") + link.format("Kommentare", "/k")
    assert _urls(html) == [f"https://paper.example{path}" for path in ("/feed/", "/comments/feed/", "/k")]


def test_anchors_that_lead_to_feeds() -> None:
    html = """<a href="/?feed=rss2">News</a><a href="/sport?format=atom">Sport</a><a href="feed://paper.example/x.rss">X</a>
    <a href="https://feeds.example.net/paper">RSS</a><a href="/list.xml" title="RSS feed">Here</a>
    <a href="https://reader.example/i/subscription/feed/https%3A%2F%2Fpaper.example%2Fmain.rss">Add</a>
    <a href="/what-is-rss">RSS</a><a href="https://share.example/?u=https://paper.example/one">Share</a>
    <a href="/sitemap.xml">Site map</a>"""
    assert _urls(html) == [
        "https://paper.example/?feed=rss2", "https://paper.example/sport?format=atom", "https://paper.example/x.rss",
        "https://feeds.example.net/paper", "https://paper.example/list.xml", "https://paper.example/main.rss",
    ]  # fmt: skip


def test_a_page_of_a_platform_tells_its_feed_by_its_canonical_address() -> None:
    channel = "UCabcdefghijklmnopqrstuv"
    html = f'<link rel="canonical" href="https://www.youtube.com/channel/{channel}">'
    feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    assert _urls(html, "https://www.youtube.com/@pilot") == [feed]
    assert _urls(html) == [], "another host's word counts for nothing"


def test_a_directorys_record_names_its_feed() -> None:
    record = (
        '{"resultCount":1,"results":[{"collectionName":"Harbour &  Talk","feedUrl":"https://pod.example/f"},{"x":1}]}'
    )
    assert [(feed.url, feed.title) for feed in discover(record)] == [("https://pod.example/f", "Harbour & Talk")]
    assert discover('{"results": 3}') == () == discover("{" * 90_000)


def test_names_of_feeds_are_read_in_the_encoding_that_the_page_names() -> None:
    link = "<link rel=alternate type=application/rss+xml title='Новости порта' href=/f>"
    for meta in ("<meta charset=windows-1251>", "<meta http-equiv=x content='text/html; charset=koi8-r'>", ""):
        encoding = "koi8-r" if "koi8" in meta else "cp1251" if meta else "utf-8"
        [found] = discover(f"<head>{meta}{link}".encode(encoding), "https://p.example/")
        assert found.title == "Новости порта"


def test_what_hands_a_feed_to_a_reader_names_one() -> None:
    page = """<a href="feed:https://p.example/latest">Follow</a> <a href="pcast://p.example/audio">Hear</a>
    <a href="https://reader.example/i/subscription/feed/https%3A%2F%2Fp.example%2Fnews">Read us there</a>
    <a href="https://share.example/send?u=https://p.example/story">Share</a> <a href="/latest">Latest</a>"""
    found = [(feed.url, feed.how) for feed in discover(page, "https://p.example/")]
    assert found == [(f"https://p.example/{name}", "linked") for name in ("latest", "audio", "news")]
