"""Which text is the summary and which the content: none is dropped for another, none is taken for what it is not."""

from __future__ import annotations

import pytest

from masthead.core.parse import parse_feed

SPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
LONG = "The tide came early and took three boats with it. " * 3


def texts(inside: str) -> tuple[str, str]:
    body = f"<rss version='2.0' {SPACES}><channel><item>{inside}</item></channel></rss>"
    entry = parse_feed(body.encode()).entries[0]
    return entry.summary_html, entry.content_html


@pytest.mark.parametrize(
    ("inside", "summary", "content"),
    [
        ("<description>One text</description>", "One text", ""),
        ("<description>One text</description><summary>Other text</summary>", "One text", "Other text"),
        ("<summary>One text</summary><description>Other text</description>", "One text", "Other text"),
        (f"<description>{LONG}</description><summary>Boats</summary>", "Boats", LONG.strip()),
        ("<description>Same</description><summary>Same</summary>", "Same", ""),
        ("<description>One</description><description>Two</description>", "One", ""),
        ("<description>a</description><summary>b</summary><content:encoded>c</content:encoded>", "a", "c"),
        (f"<description>Boats</description><itunes:summary>{LONG}</itunes:summary>", "Boats", LONG.strip()),
        (f"<description>{LONG}</description><itunes:summary>Boats</itunes:summary>", LONG.strip(), ""),
        ("<itunes:summary>One &lt; two</itunes:summary>", "One &lt; two", ""),
        (
            f"<description>Boats</description><media:content><media:description>{LONG}</media:description></media:content>",
            "Boats",
            "",
        ),
        ("<media:group><media:description>A film</media:description></media:group>", "A film", ""),
    ],
)
def test_summary_and_content(inside: str, summary: str, content: str) -> None:
    assert texts(inside) == (summary, content)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("don\x92t", "don’t"),
        ("\x93tide\x94", "“tide”"),
        # U+0085 ends a line in some systems; a control that windows-1252 has no character for means nothing.
        ("a\x85b", "a\x85b"),
        ("a\x81b", "a\x81b"),
        # Misread letters are not taken apart: the repairs mend them as a whole.
        ("â\x80\x99", "â\x80\x99"),
        ("Ã\x89", "Ã\x89"),
    ],
)
def test_controls_that_mean_windows_characters(written: str, read: str) -> None:
    assert texts(f"<description>{written}</description>") == (read, "")


def test_a_source_whose_end_tags_are_wrong_is_read() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><source><title>The Lamp</subtitle></source>
        <title>Tide</title></entry></feed>"""
    entry = parse_feed(body.encode()).entries[0]
    assert entry.source is not None
    assert (entry.source.title, entry.title) == ("The Lamp", "Tide")


def test_a_film_in_a_title_eats_no_words() -> None:
    title = "<title type='html'>Tide &lt;embed src='x'> and boats</title>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'>{title}</feed>"
    assert parse_feed(body.encode()).title == "Tide and boats"
