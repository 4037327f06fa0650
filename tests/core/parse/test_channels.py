"""What a feed says of itself, in the ways of all formats."""

from __future__ import annotations

import pytest

from masthead.core.parse import parse_feed
from masthead.core.types import ParsedFeed

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
SPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def channel(inside: str) -> ParsedFeed:
    return parse_feed(f"<rss version='2.0' {SPACES}><channel>{inside}</channel></rss>".encode())


@pytest.mark.parametrize(
    ("version", "form"),
    [
        ("0.91", "rss-0.91"),
        ("0.92", "rss-0.92"),
        ("2.0", "rss-2.0"),
        ("2.01", "rss-2.0"),
        ("2.1", "rss-2.0"),
        ("x", "rss-2.0"),
    ],
)
def test_versions(version: str, form: str) -> None:
    assert parse_feed(f"<rss version='{version}'><channel/></rss>".encode()).format == form


@pytest.mark.parametrize(
    "inside",
    [
        "<itunes:subtitle>News of the tide</itunes:subtitle>",
        "<description/><itunes:summary>News of the tide</itunes:summary><itunes:subtitle>Tide</itunes:subtitle>",
        "<dc:description>News of the tide</dc:description>",
    ],
)
def test_descriptions(inside: str) -> None:
    assert channel(inside).description == "News of the tide"


@pytest.mark.parametrize(
    "inside",
    [
        "<image><url>https://a.example/i.png</url></image><itunes:image/>",
        '<itunes:image href="https://a.example/i.png"/>',
        '<media:content url="https://a.example/film.mp4" type="video/mp4"/>'
        '<media:content url="https://a.example/i.png" type="image/png"/>',
    ],
)
def test_pictures(inside: str) -> None:
    assert channel(inside).image == "https://a.example/i.png"


@pytest.mark.parametrize("beside", ["", "<image><title>A</title><url>https://a.example/i.png</url> words</image>"])
def test_the_picture_of_rdf_stands_beside_the_channel_or_is_only_named(beside: str) -> None:
    body = f"""<rdf:RDF {RDF}><channel><title>T</title><image rdf:resource="https://a.example/i.png"/></channel>
        {beside}</rdf:RDF>"""
    feed = parse_feed(body.encode())
    assert (feed.title, feed.image) == ("T", "https://a.example/i.png")


def test_dates_of_cdf_are_attributes() -> None:
    body = """<CHANNEL LASTMOD="2024-03-05T10:00:00-05:00"><ITEM LASTMOD="2024-03-04T09:00:00Z"/></CHANNEL>"""
    feed = parse_feed(body.encode())
    assert (feed.updated, feed.entries[0].updated) == ("2024-03-05T10:00:00-05:00", "2024-03-04T09:00:00+00:00")


@pytest.mark.parametrize(
    ("url", "link"),
    [("", "https://paper.example/tide/"), ("https://paper.example/feed", "https://paper.example/tide/")],
)
def test_addresses_that_lack_their_scheme(url: str, link: str) -> None:
    body = b"<rss><channel><link>paper.example/</link><item><link>paper.example/tide/</link></item></channel></rss>"
    feed = parse_feed(body, url=url)
    assert (feed.link, feed.entries[0].link) == ("https://paper.example/", link)
