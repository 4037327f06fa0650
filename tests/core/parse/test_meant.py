"""What publishers wrote otherwise than they should have, read as they meant it."""

from __future__ import annotations

import gzip
import json

import pytest

from masthead.core.parse import NotAFeed, parse_feed

HEAD = '{"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": ['


@pytest.mark.parametrize(
    "fault",
    [
        '{"id": "1", "title": "t"}, {"id": "2", "title": "t",},]}',
        '{"id": "1", "title": "t"}, {"id": "2", "title": "t"}], }',
        r'{"id": "1", "title": "t", "content_html": "a \q \u12 b"}, {"id": "2", "title": "t"}]}',
        '/* the first, */ {"id": "1", "title": "t"}, // ", the second\n {"id": "2", "title": "t"}]}',
    ],
)
def test_small_faults_of_json_are_mended(fault: str) -> None:
    feed = parse_feed(f"{HEAD}{fault}".encode())
    assert [(entry.id, entry.title) for entry in feed.entries] == [("1", "t"), ("2", "t")]
    assert "it was mended" in feed.warnings[0]
    assert feed.cut == ""


@pytest.mark.parametrize("fault", ['a "b" c', 'a " b', 'a ", ] b', 'a", } b', "a\\", 'a // b " c', 'a /* " b'])
def test_an_item_that_is_no_json_is_passed_over_and_named(fault: str) -> None:
    def item(number: int, words: str) -> str:
        people = '"authors": [{"name": "Mira", "url": "https://p.example/m"}, {"name": "Jo"}]'
        return f'{{"id": "{number}", "url": "https://p.example/{number}", "title": "{words}", {people}}}'

    feed = parse_feed(f"{HEAD}{item(1, 't')}, {item(2, fault)}, {item(3, 't')}]}}".encode())
    assert [(entry.id, entry.link) for entry in feed.entries] == [(n, f"https://p.example/{n}") for n in ("1", "3")]
    assert "1 items could not be read and were left out" in feed.warnings
    # Nothing may be concluded from what is not there.
    assert feed.cut == "between"
    last = parse_feed(f"{HEAD}{item(1, 't')}, {item(2, fault)}]}}".encode())
    assert [entry.id for entry in last.entries] == ["1"]
    assert last.cut == "between"


def test_what_can_be_mended_beside_what_cannot_is() -> None:
    feed = parse_feed(
        (HEAD + r'{"id": "1", "title": "a " b"}, {"id": "2", "title": "a \q b",}, {"id": "3"}]}').encode()
    )
    assert [(entry.id, entry.title) for entry in feed.entries] == [("2", r"a \q b"), ("3", "")]


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("paper.example", "https://paper.example/"),
        (" News.Paper.example\n", "https://news.paper.example/"),
        ("index.html", "https://feeds.example/a/index.html"),
        ("home.php", "https://feeds.example/a/home.php"),
        ("home", "https://feeds.example/a/home"),
    ],
)
def test_a_bare_host_is_the_home_page_of_its_feed(written: str, link: str) -> None:
    rss = f"<rss><channel><title>P</title><link>{written}</link></channel></rss>".encode()
    listed = json.dumps({"version": "https://jsonfeed.org/version/1", "home_page_url": written, "items": []}).encode()
    for body in (rss, listed):
        assert parse_feed(body, url="https://feeds.example/a/feed").link == link


def test_a_headline_about_code_keeps_its_words() -> None:
    for words in ("<script>alert(1)</script> explained", "What <style>p{}</style> does", "<textarea>&amp;</textarea>"):
        body = f"<rss><channel><item><title><![CDATA[{words}]]></title></item></channel></rss>".encode()
        assert parse_feed(body).entries[0].title == words


def test_what_a_script_behind_the_feed_says_is_no_item() -> None:
    feed = "<rss version='2.0'><channel><title>P</title><item><title>1</title></item></channel></rss>"
    found = parse_feed(f"{feed}<script>if (a < b) write('<item>' + '<title>x</title>');</script>".encode())
    assert [entry.title for entry in found.entries] == ["1"]
    assert found.cut == ""
    left_open = (
        "<rss><channel><item><title>1</title><p><script>x</item><item><title>2</title></item></channel></rss></script>"
    )
    assert [entry.title for entry in parse_feed(left_open.encode()).entries] == ["1", "2"]


def test_json_feeds_with_wrong_types_are_read_as_they_are_meant() -> None:
    body = b"""{"version": "https://jsonfeed.org/version/1.1", "title": 42, "_ttl": -5, "items": [
      {"id": 7, "author": "Mira Hale", "tags": "sea, law", "date_published": 1709640000,
       "attachments": {"url": "https://p.example/a.mp3", "mime_type": "audio/mpeg"}},
      {"id": "8", "authors": ["Mira Hale", {"name": "Jo"}, 5, null], "tags": ["a", 1, null], "attachments": "x"}]}"""
    feed = parse_feed(body)
    one, two = feed.entries
    assert (feed.title, feed.hints.ttl) == ("42", None)
    assert (one.id, one.published, one.categories) == ("7", "2024-03-05T12:00:00+00:00", ("sea", "law"))
    assert [author.name for author in one.authors] == ["Mira Hale"]
    assert [file.url for file in one.enclosures] == ["https://p.example/a.mp3"]
    assert [author.name for author in two.authors] == ["Mira Hale", "Jo"]
    assert (two.categories, two.enclosures) == (("a",), ())


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("www.paper.example/story", "https://www.paper.example/story"),
        ("www.paper.example", "https://www.paper.example/"),
        ("www.paper.example?p=1", "https://www.paper.example/?p=1"),
        ("www.html", "https://feeds.service.example/www.html"),
        ("www/story", "https://feeds.service.example/www/story"),
    ],
)
def test_a_host_without_a_scheme_is_no_path(written: str, link: str) -> None:
    body = f"<rss><channel><item><title>t</title><link>{written}</link></item></channel></rss>".encode()
    assert parse_feed(body, url="https://feeds.service.example/paper").entries[0].link == link


CHINESE = "<rss><channel><title>{}</title><item><title>联通</title></item></channel></rss>"


@pytest.mark.parametrize(
    "label", ["gb2312", "big5", "shift_jis", "euc-kr", "iso-2022-jp", "utf-16", "UTF-16LE", "utf-32"]
)
@pytest.mark.parametrize("where", ["document", "header"])
def test_utf_8_under_the_name_of_another_encoding(label: str, where: str) -> None:
    text = CHINESE.format("港口新闻今天关闭了很多船只等待")
    declared = f'<?xml version="1.0" encoding="{label}"?>' if where == "document" else ""
    feed = parse_feed(f"{declared}{text}".encode(), content_type=f"text/xml; charset={label}" if not declared else "")
    assert (feed.title, feed.entries[0].title) == ("港口新闻今天关闭了很多船只等待", "联通")
    assert feed.warnings == (f"the document is labelled {label.lower()}; it is UTF-8",)


@pytest.mark.parametrize("title", ["港口新闻今天关闭了很多船只等待", "a"])
def test_a_right_label_is_believed(title: str) -> None:
    """The two letters are valid UTF-8 as well."""
    feed = parse_feed(b'<?xml version="1.0" encoding="gb2312"?>' + CHINESE.format(title).encode("gb18030"))
    assert (feed.title, feed.entries[0].title, feed.warnings) == (title, "联通", ())
    plain = parse_feed(CHINESE.format(title).encode("utf-16-le"), content_type="text/xml; charset=utf-16le")
    assert (plain.title, plain.warnings) == (title, ())


def test_ascii_under_the_name_of_utf_16() -> None:
    assert (
        parse_feed(b'<?xml version="1.0" encoding="utf-16"?><rss><channel><title>P</title></channel></rss>').title
        == "P"
    )


def test_the_page_of_comments_goes_before_a_feed_of_them() -> None:
    feed = '<link rel="replies" type="application/atom+xml" href="https://p.example/1/feed"/>'
    page = '<link rel="replies" type="text/html" href="https://p.example/1#comments"/>'
    for links, found in ((feed + page, "1#comments"), (page + feed, "1#comments"), (feed, "1/feed")):
        body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>{links}</entry></feed>'
        assert parse_feed(body.encode()).entries[0].comments == f"https://p.example/{found}"


@pytest.mark.parametrize(
    ("written", "name", "email"),
    [
        ("(Jo Roe)", "Jo Roe", ""),
        ("Jo Roe (Paper)", "Jo Roe (Paper)", ""),
        ("(Jo) and (Al)", "(Jo) and (Al)", ""),
        ("jo@paper.example (jo@paper.example)", "", "jo@paper.example"),
        ("jo@paper.example (Jo Roe)", "Jo Roe", "jo@paper.example"),
    ],
)
def test_an_author_is_named_without_what_stands_around(written: str, name: str, email: str) -> None:
    body = f"<rss><channel><item><title>t</title><author>{written}</author></item></channel></rss>"
    [author] = parse_feed(body.encode()).entries[0].authors
    assert (author.name, author.email) == (name, email)


def test_a_packed_file_that_nobody_called_packed_is_read() -> None:
    packed = gzip.compress(b"<rss><channel><title>P</title></channel></rss>")
    assert parse_feed(packed).title == "P"
    for body, words in (
        (packed[:-12], "cannot be unpacked"),
        (gzip.compress(b"\0" * 16_000_000), "gzip file of over 15 MB"),
        (gzip.compress(packed), "neither XML nor JSON"),
    ):
        with pytest.raises(NotAFeed, match=words):
            parse_feed(body)
