"""Attacks and noise: nothing but NotAFeed comes out, in bounded time and memory, and nothing is opened."""

from __future__ import annotations

import socket
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.parse import NotAFeed, discover, opml, parse_feed

FIXTURES = Path(__file__).parents[2] / "fixtures" / "feeds"
SEEDS = [path.read_bytes() for path in sorted(FIXTURES.glob("*")) if "expected" not in path.name]

LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
BODY = "<rss version='2.0'><channel><title>{}</title><item><title>x</title></item></channel></rss>"
MEGABYTE = 1_000_000
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
GEORSS = "http://www.georss.org/georss"
ATTACKS = {
    "billion laughs": f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{LAUGHS}]>" + BODY.format("&l9;"),
    "quadratic": f"<!DOCTYPE rss [<!ENTITY a '{'B' * 100}'>]>" + BODY.format("&a;" * 200_000),
    "external file": "<!DOCTYPE rss [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>" + BODY.format("[&e;]"),
    "external dtd": "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>" + BODY.format("t"),
    "parameter entity": "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>" + BODY.format("t"),
    "one big word": BODY.format("A" * 4 * MEGABYTE),
    "deep": BODY.format("<b>" * 200_000),
    "deep and broken": "<rss><channel><item><description>" + "<b>&" * 200_000,
    "attributes": "<rss " + "a='1' " * 200_000 + "><channel><title>t</title></channel></rss>",
    "open quotes": "<rss><channel><item>" + "<a b='" * 200_000,
    "open tags": "<rss><channel>" + "<" * MEGABYTE,
    "open cdata": "<rss><channel>" + "<![CDATA[ & " * 100_000,
    "open comments": "<rss><channel>&" + "<!-- " * 200_000,
    "open doctypes": "<!DOCTYPE " * 100_000,
    "blanks in a tag": "<rss><channel><item" + " " * MEGABYTE + "<title>x</title></item></channel></rss>",
    "line ends in a tag": "<rss><channel><item a='b'" + "\n" * MEGABYTE,
    "blanks in a text": "<rss>&<channel><title>" + " " * MEGABYTE,
    "beginnings of prologs": "<?xml " * 150_000,
    "slashes in a tag": "<rss><channel><item" + " /" * MEGABYTE,
    "open comments in an item": "<rss><channel>&<item>" + "<!-- a" * 150_000,
    "open sections": "<rss><channel><item>" + "<![CDATA[ a" * 100_000,
    "closed doctypes": "<!DOCTYPE>" * 100_000,
    "ampersands": "<rss><channel>" + "&" * MEGABYTE,
    "end tags": "<rss><channel>" + "</x>" * 200_000,
    "items": "<rss><channel>" + "<item/>" * 100_000 + "</channel></rss>",
    "prefixes": "<rss><channel>" + "".join(f"<p{n}:x/>" for n in range(20_000)) + "</channel></rss>",
    "json numbers": '{"version": "https://jsonfeed.org/version/1", "items": [' + "9" * MEGABYTE + "]}",
    "json escapes": '{"version": "https://jsonfeed.org/version/1", "items": ["' + '\\"' * MEGABYTE,
    "json remarks": '{"version": "https://jsonfeed.org/version/1", "items": [' + "/*" * MEGABYTE,
    "json items": '{"version": "https://jsonfeed.org/version/1", "items": [' + '{"id": },' * 100_000,
    "json damaged items": '{"version": "https://jsonfeed.org/version/1", "items": ['
    + ('{"id": x, "b": "' + "\\q" * 1200 + '"},') * 1000,
    "json open texts": '{"version": "https://jsonfeed.org/version/1", "items": [' + '{"id": "},' * 100_000,
    "authors": "<rss><channel>" + f"<item><author>{'@' * 2500}{'a' * 2500}</author></item>" * 300,
    "authors with dots": "<rss><channel>" + f"<item><author>{'a@a.' * 1250}</author></item>" * 300,
    "scripts": "<rss><channel><item>&" + "<script>" * 100_000 + "</script>",
    "beginnings of breaks": "<rss><channel><item><title>" + "&lt;br " * 100_000,
    "a million items": "<rss><channel>" + "<item/>" * MEGABYTE + "</channel></rss>",
    "a million items, not closed": "<rss><channel>" + "<item>" * MEGABYTE,
    "one guid": "<rss><channel>" + "<item><guid>1</guid></item>" * 100_000 + "</channel></rss>",
    "a long guid": "<rss><channel><item><guid>" + "g" * 8 * MEGABYTE + "</guid></item></channel></rss>",
    "many sets of elements": "<rss><channel>" + "".join(f"<item><x{n}/></item>" for n in range(50_000)),
    "deep categories": f"<rss xmlns:itunes='{ITUNES}'><channel><item>" + "<itunes:category text='a'>" * 100_000,
    "points": f"<rss xmlns:g='{GEORSS}'><channel><item><g:line>"
    + "1 2 " * MEGABYTE
    + "</g:line></item></channel></rss>",
    "places": f"<rss xmlns:g='{GEORSS}'><channel><item>"
    + "<g:point>1 2</g:point>" * 100_000
    + "</item></channel></rss>",
    "controls": BODY.format("a\x92" * MEGABYTE),
    "dates": "<rss><channel><item><pubDate>" + " 1 " * MEGABYTE + "</pubDate></item></channel></rss>",
}


def feed_or_refusal(body: bytes) -> object:
    try:
        return parse_feed(body, url="https://paper.example/feed")
    except NotAFeed as error:
        assert str(error)
        return None


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_cost_little_and_reach_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*args: object, **options: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", no_socket)
    body = ATTACKS[name].encode()
    started = time.process_time()
    feed_or_refusal(body)
    assert time.process_time() - started < 2.5  # seconds of this process; far under one on a machine at rest
    hostname = Path("/etc/hostname")
    if name == "external file" and hostname.exists():
        assert hostname.read_text().strip() not in repr(feed_or_refusal(body))


WAYS: dict[str, Callable[[str], bytes]] = {
    "utf-8 with mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without mark": lambda text: text.encode("utf-16-be"),
    "utf-32": lambda text: text.encode("utf-32"),
    "utf-7": lambda text: b"<?xml version='1.0' encoding='utf-7'?>" + text.encode("utf-7"),
    "utf-7 in part": lambda text: b"<?xml version='1.0' encoding='utf-7'?>" + text.replace("<!", "+ADwAIQ-").encode(),
    "ebcdic": lambda text: f"<?xml version='1.0' encoding='cp037'?>{text}".encode("cp037"),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_file_is_read_whatever_the_encoding(way: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the harbour password")
    text = f"<!DOCTYPE rss [<!ENTITY e SYSTEM '{secret.as_uri()}'>]>" + BODY.format("[&e;]")
    assert "harbour password" not in repr(feed_or_refusal(WAYS[way](text)))


def test_more_items_than_any_feed_has_are_refused_in_words() -> None:
    for body in ("<rss><channel>" + "<item/>" * 100_001, "<feed>" + "<entry/>" * 100_001):
        for encoding in ("utf-8", "utf-16"):
            with pytest.raises(NotAFeed, match="100,001 items"):
                parse_feed(body.encode(encoding))


@pytest.mark.parametrize("name", ["billion laughs", "quadratic"])
def test_entity_bombs_stay_small(name: str) -> None:
    body = ATTACKS[name].encode()
    tracemalloc.start()
    feed_or_refusal(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * MEGABYTE


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    feed_or_refusal(body)
    discover(body, "https://paper.example/")
    opml.read(body)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_mutated_feeds(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(body) - 1))
        piece = data.draw(
            st.sampled_from(
                [
                    b"",
                    b"<",
                    b">",
                    b"&",
                    b"&#0;",
                    b"]]>",
                    b"<![CDATA[",
                    b'"',
                    b"\x00",
                    b"\xff",
                    b"</item>",
                    b"<item>",
                    b"{",
                    b"}",
                ]
            )
        )
        body[at : at + data.draw(st.integers(0, 40))] = piece
        if not body:
            return
    feed_or_refusal(bytes(body))
