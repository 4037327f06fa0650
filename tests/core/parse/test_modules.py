"""What entries say in the words of modules: places, replies, episodes, categories, licences, sources."""

from __future__ import annotations

import pytest

from masthead.core.parse import parse_feed
from masthead.core.parse.episode import seconds
from masthead.core.types import ParsedCredit, ParsedEntry, ParsedEpisode, ParsedMedia, ParsedPlace, ParsedReply

SPACES = (
    'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml"'
    ' xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:media="http://search.yahoo.com/mrss/"'
)


def item(inside: str) -> ParsedEntry:
    return parse_feed(f"<rss version='2.0' {SPACES}><channel><item>{inside}</item></channel></rss>".encode()).entries[0]


HARBOUR = ParsedPlace("point", ((54.25, -3.5),))


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("<georss:point>54.25 -3.5</georss:point>", (HARBOUR,)),
        ("<georss:point> 54.25, -3.5 </georss:point>", (HARBOUR,)),
        ("<georss:where><gml:Point><gml:pos>54.25 -3.5</gml:pos></gml:Point></georss:where>", (HARBOUR,)),
        ('<gml:Point srsDimension="3"><gml:pos>54.25 -3.5 40</gml:pos></gml:Point>', (HARBOUR,)),
        ("<geo:lat>54.25</geo:lat><geo:long>-3.5</geo:long>", (HARBOUR,)),
        ("<geo:Point><geo:lat>54.25</geo:lat><geo:long>-3.5</geo:long></geo:Point>", (HARBOUR,)),
        ("<georss:line>1 2 3 4</georss:line>", (ParsedPlace("line", ((1, 2), (3, 4))),)),
        ("<georss:box>1 2 3 4</georss:box>", (ParsedPlace("box", ((1, 2), (3, 4))),)),
        (
            "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>1 2 3 4 5 6 1 2</gml:posList></gml:LinearRing>"
            "</gml:exterior><gml:interior><gml:LinearRing><gml:posList>2 2 3 3 2 3 2 2</gml:posList></gml:LinearRing>"
            "</gml:interior></gml:Polygon>",
            (ParsedPlace("polygon", ((1, 2), (3, 4), (5, 6), (1, 2))),),
        ),
        (
            "<georss:point>54.25 -3.5</georss:point><georss:featureName>Harbour</georss:featureName>",
            (ParsedPlace("point", ((54.25, -3.5),), "Harbour"),),
        ),
        ("<georss:point>54.25</georss:point>", ()),
        ("<georss:point>154.25 -3.5</georss:point>", ()),
        ("<georss:point>here there</georss:point>", ()),
        ("<georss:line>1 2</georss:line>", ()),
        ("<geo:lat>54.25</geo:lat>", ()),
    ],
)
def test_places(written: str, places: tuple[ParsedPlace, ...]) -> None:
    assert item(written).places == places


def test_what_an_entry_answers() -> None:
    entry = item(
        '<thr:in-reply-to ref="tag:a.example:1" href="https://a.example/1" source="https://a.example/feed"/>'
        '<thr:in-reply-to href="https://a.example/2"/><thr:in-reply-to/>'
    )
    assert entry.in_reply_to == (
        ParsedReply("tag:a.example:1", "https://a.example/1", "https://a.example/feed"),
        ParsedReply("https://a.example/2", "https://a.example/2"),
    )


def test_an_episode() -> None:
    entry = item(
        "<itunes:duration>1:02:03</itunes:duration><itunes:episode>7</itunes:episode><itunes:season>2</itunes:season>"
        "<itunes:episodeType>Bonus</itunes:episodeType><itunes:explicit>no</itunes:explicit>"
        '<podcast:transcript url="https://a.example/7.vtt" type="text/vtt" language="en"/>'
        '<podcast:chapters url="https://a.example/7.json" type="application/json+chapters"/>'
        '<podcast:person role="Guest" href="https://a.example/ada">Ada Holm</podcast:person>'
        "<podcast:person>Ben Moss</podcast:person>"
    )
    assert entry.episode == ParsedEpisode(
        7,
        2,
        "bonus",
        3723,
        False,
        (ParsedMedia("https://a.example/7.vtt", "text/vtt", description="en"),),
        "https://a.example/7.json",
        (ParsedCredit("Ada Holm", "guest", "https://a.example/ada"), ParsedCredit("Ben Moss", "host")),
    )


def test_what_says_nothing_is_no_episode() -> None:
    assert item("<itunes:duration>long</itunes:duration><itunes:explicit/>").episode is None
    assert item("<title>t</title>").episode is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("3723", 3723), ("62:03", 3723), ("1:02:03.5", 3723), ("", None), ("1h", None), ("1:2:3:4", None)],
)
def test_durations(text: str, number: int | None) -> None:
    assert seconds(text) == number


def test_categories_stand_in_the_order_of_the_document() -> None:
    entry = item(
        "<tags>tide, boats</tags><category>Harbour</category><dc:subject>News</dc:subject>"
        '<itunes:category text="Society"><itunes:category text="History"/></itunes:category><category>boats</category>'
    )
    assert entry.categories == ("tide", "boats", "Harbour", "News", "Society", "History")


def test_authors_without_names_are_told_apart_by_their_pages() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><author><uri>https://a.example/</uri></author>
        <author><uri>https://b.example/</uri></author></entry></feed>"""
    assert [author.url for author in parse_feed(body.encode()).entries[0].authors] == [
        "https://a.example/",
        "https://b.example/",
    ]
