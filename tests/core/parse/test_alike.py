"""Items come out the same however their document is written, and whatever became of other items in it."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.types import ParsedEntry

TITLES = ("AT&T and the port", "5 < 6", "Порт закрыт", "Fish “& chips”")
ITEMS = st.lists(st.tuples(st.sampled_from(TITLES), st.text("ab<>&\"' é港\n", max_size=30)), min_size=1, max_size=4)
WAYS = st.fixed_dictionaries(
    {
        "quote": st.sampled_from("\"'"),
        "wrap": st.sampled_from(("escaped", "section", "numbers")),
        "encoding": st.sampled_from(("utf-8", "utf-16", "iso-8859-1", "koi8-r", "shift_jis")),
        "between": st.sampled_from(("", "\n  ", "<!-- <item> & -->", "<?note <item>?>")),
        "end": st.sampled_from(("\n", "\r\n")),
        "before": st.sampled_from(("", "\n ", "<!-- made by hand -->", "<!DOCTYPE rss [<!ENTITY x 'y'>]>")),
        "after": st.sampled_from(("", "\n\n", "\n<!-- served in 0.1 s -->")),
    }
)
Way = dict[str, str]
# What careless programs leave in a text; none of it is a tag of a feed.
DAMAGES = (
    *(
        "&",
        "&nbsp;",
        "&nosuch;",
        "&#0;",
        "&#xD800;",
        "\x08",
        "<",
        "<3",
        "<b>",
        "</p>",
        "<br>",
        "<p",
        "</",
        "]]>",
        "<?",
        "<!",
    ),
    *("<!--", "<![CDATA[", '<a href="x>', "</description>", "<title>", "</channel >", "<o:p></o:p>", "<img src=a.jpg>"),
)


def text(words: str, way: Way) -> str:
    """Character data: references, a section, or numbers."""
    if way["wrap"] == "section" and "]]>" not in words and words.isascii():
        return f"<![CDATA[{words}]]>"
    if way["wrap"] == "numbers":
        return "".join(f"&#{ord(letter)};" if letter in "<>&\"'" else letter for letter in words)
    return escape(words, quote=False)


def written(items: list[tuple[str, str]], way: Way) -> bytes:
    """An RSS document; the items' ids are their numbers."""
    q, between = way["quote"], way["between"]
    inner = "".join(
        f"<item>{between}<title>{text(title, way)}</title>{between}<guid isPermaLink={q}false{q}>{number}</guid>"
        f"<enclosure url={q}https://paper.example/{number}.mp3?a&amp;b{q} length={q}1{q}/>{between}"
        f"<description>{text(f'<p>{escape(words)}</p>', way)}</description></item>{between}"
        for number, (title, words) in enumerate(items)
    )
    declared = f"<?xml version={q}1.0{q} encoding={q}{way['encoding']}{q}?>"
    whole = f"{declared}{way['before']}<rss version={q}2.0{q}><channel>{between}{inner}</channel></rss>{way['after']}"
    return whole.replace("\n", way["end"]).encode(way["encoding"], "xmlcharrefreplace")


def entries(body: bytes) -> list[ParsedEntry]:
    return [
        replace(entry, original=b"", summary_html=" ".join(entry.summary_html.split()))
        for entry in parse_feed(body).entries
    ]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ITEMS, WAYS, WAYS)
def test_two_ways_to_write_it_mean_the_same(items: list[tuple[str, str]], one: Way, two: Way) -> None:
    assert entries(written(items, one)) == entries(written(items, two))
    assert [entry.id for entry in entries(written(items, one))] == [str(number) for number in range(len(items))]


@settings(max_examples=250, deadline=None, derandomize=True)
@given(ITEMS, WAYS, st.sampled_from(DAMAGES), st.data())
def test_damage_in_one_item_is_its_own(
    items: list[tuple[str, str]], way: Way, damage: str, data: st.DataObject
) -> None:
    way = {**way, "encoding": "utf-8"}
    hit = data.draw(st.integers(0, len(items) - 1))
    title, words = items[hit]
    sound = written([*items[:hit], (title, f"{words} qqq"), *items[hit + 1 :]], way)
    found, after = entries(sound), entries(sound.replace(b"qqq", damage.encode()))
    assert [entry.id for entry in after] == [entry.id for entry in found]
    assert [entry for entry in after if entry.id != str(hit)] == [entry for entry in found if entry.id != str(hit)]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ITEMS, WAYS, st.floats(0.2, 1))
def test_items_that_were_whole_before_the_end_stay(items: list[tuple[str, str]], way: Way, part: float) -> None:
    way = {**way, "encoding": "utf-8", "between": "", "before": ""}
    whole = written(items, way)
    broken = whole[: int(len(whole) * part)]
    count = broken.count(b"</item>")
    try:
        after = entries(broken)
    except NotAFeed:
        after = []
    assert after[:count] == entries(whole)[:count]


@pytest.mark.parametrize("name", ["description", "title", "dc:creator", "guid"])
def test_a_section_that_is_never_closed_swallows_no_item(name: str) -> None:
    """It is closed by the next section's end, so that the document is well-formed and an item is gone."""
    parts = [
        f"<item><link>https://p.example/{n}</link><{name}><![CDATA[Tide & {n}]]></{name}></item>" for n in range(3)
    ]
    whole = "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>" + "".join(parts) + "</channel></rss>"
    feed = parse_feed(whole.replace("Tide & 1]]>", "Tide & 1").encode())
    assert [entry.link for entry in feed.entries] == [f"https://p.example/{n}" for n in range(3)]
    assert any("CDATA is not closed" in warning for warning in feed.warnings)
    assert parse_feed(whole.encode()).warnings == ()


def test_talk_about_sections_is_no_section() -> None:
    body = b"<rss><channel><item><description><![CDATA[<p>Write <code><![CDATA[</code> here</p>]]></description></item>"
    for end in (b"</channel></rss>", b"<item><title>b</title></item></channel></rss>"):
        assert parse_feed(body + end).entries[0].summary_html == "<p>Write <code><![CDATA[</code> here</p>"


def test_items_stand_in_the_order_of_the_document() -> None:
    body = (
        b"<rss><channel><item><guid>1</guid></item></channel><item><guid>2</guid></item><channel><item><guid>3</guid>"
    )
    assert [entry.id for entry in parse_feed(body).entries] == ["1", "2", "3"]


def test_a_section_may_hold_names_of_elements_in_a_damaged_document() -> None:
    picture = "<svg><title>Ship</title></svg><details><summary>More</summary> of it</details>"
    body = f"<rss><channel><x><item><description><![CDATA[<p>a</p>{picture}]]></description><title>t</title></item>"
    [entry] = parse_feed(body.encode()).entries
    assert entry.summary_html == f"<p>a</p>{picture}"
    assert entry.title == "t"


def test_addresses_without_a_host_that_can_be_are_none() -> None:
    for host in ("a..example", "a.-b.example", "a.example:99999", "-a.example"):
        body = f"<rss><channel><item><title>t</title><link>https://{host}/x</link></item></channel></rss>"
        assert parse_feed(body.encode()).entries[0].link == ""


@pytest.mark.parametrize(
    "before", ["<image><url>https://p.example/a.png</url>", "<x>", "<description>About <b>us", "<a:link>"]
)
@pytest.mark.parametrize("item", ["item", "a:entry"])
def test_an_item_is_in_nothing_that_was_left_open(before: str, item: str) -> None:
    space = "xmlns:a='http://www.w3.org/2005/Atom'"
    body = f"<rss {space}><channel>{before}<{item}><title>1</title><{item}><title>2</title></{item}></channel></rss>"
    assert [entry.title for entry in parse_feed(body.encode()).entries] == ["1", "2"]


def test_items_in_an_element_of_the_publishers_own_are_found() -> None:
    items = "<item><title>1</title></item><item><title>2</title></item>"
    body = f"<rss><channel><title>P</title><list><part>{items}</part></list></channel></rss>"
    assert [entry.title for entry in parse_feed(body.encode()).entries] == ["1", "2"]
