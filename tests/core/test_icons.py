"""Which icons a page offers, and which is asked for first."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.icons import MOST_TRIED, Offer, Page, declared, ranked
from masthead.core.parse import parse_feed

HOME = "https://gazette.example/news/"


def found(head: str, url: str = HOME) -> list[tuple[str, str, int]]:
    page = f"<!doctype html><html><head><title>x</title>{head}</head><body><p>News</p></body></html>"
    return [(offer.url, offer.how, offer.size) for offer in declared(Page(page.encode(), url)).icons]


@pytest.mark.parametrize(
    ("link", "offer"),
    [
        ('<link rel="icon" href="i.png" sizes="32x32">', ("i.png", "declared", 32)),
        ('<LINK REL="Shortcut Icon" HREF="/favicon.ico">', ("/favicon.ico", "declared", 0)),
        ('<link rel="icon" href="/i.ico" sizes="16x16 32X32 48x48">', ("/i.ico", "declared", 48)),
        ('<link rel="apple-touch-icon" href="//cdn.example/t.png">', ("https://cdn.example/t.png", "touch", 0)),
        ('<link rel="apple-touch-icon-precomposed" sizes="152x152" href="t">', ("t", "touch", 152)),
        ('<link rel="icon" href="/cropped-logo-192x192.png">', ("/cropped-logo-192x192.png", "declared", 192)),
        ('<link rel="icon" sizes="any" href="/i.png">', ("/i.png", "declared", 0)),
        ('<link rel="icon" sizes="64x48" href="/i.png">', ("/i.png", "declared", 48)),
    ],
)
def test_what_a_page_declares(link: str, offer: tuple[str, str, int]) -> None:
    url, how, size = offer
    assert found(link) == [(urljoin(HOME, url), how, size)]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="icon" type="image/svg+xml" href="/icon">',
        '<link rel="icon" href="/icon.svg?v=3">',
        '<link rel="icon" href="data:image/png;base64,AAAA">',
        '<link rel="mask-icon" href="/mask.png">',
        '<link rel="stylesheet" href="/icon.png">',
        '<link rel="icon">',
        '<link rel="icon" href="javascript:alert(1)">',
        '<meta rel="icon" href="/icon.png">',
    ],
)
def test_what_is_no_icon_for_us(link: str) -> None:
    assert found(link) == []


def test_addresses_are_resolved_against_the_base_of_the_page() -> None:
    assert found('<base href="https://static.example/a/"><link rel="icon" href="i.png">') == [
        ("https://static.example/a/i.png", "declared", 0)
    ]


def test_a_page_in_utf_16_or_of_nothing_is_read() -> None:
    page = '<html><head><link rel="icon" href="/ж.png"></head>'.encode("utf-16")
    assert [offer.url for offer in declared(Page(page, HOME)).icons] == ["https://gazette.example/%D0%B6.png"]
    assert declared(Page(b"", HOME)).icons == () == declared(Page(b"\x00\xff\xfe", HOME)).icons


@pytest.mark.parametrize(
    "names",
    [
        # Best first: sharp at twice the density and light, then larger, then smaller.
        ["declared 128", "declared 192", "touch 180", "declared 512"],
        ["touch 0", "declared 64", "declared 48", "declared 32"],
        ["declared 96", "declared 1024", "declared 16"],
        ["declared 32", "feed 0"],
        ["feed 512", "declared 16"],
    ],
)
def test_the_best_fit_is_asked_for_first(names: list[str]) -> None:
    offers = [
        Offer(f"https://gazette.example/{name.replace(' ', '-')}.png", how, int(size))  # type: ignore[arg-type]
        for name in names
        for how, size in [name.split()]
    ]
    assert list(ranked(reversed(offers))) == offers[:MOST_TRIED]


def test_favicon_ico_is_the_last_resort_and_not_asked_for_twice() -> None:
    assert [offer.url for offer in ranked([], HOME)] == ["https://gazette.example/favicon.ico"]
    stated = Offer("https://gazette.example/favicon.ico")
    assert ranked([stated], HOME, "https://gazette.example/logo.png") == (
        stated,
        Offer("https://gazette.example/logo.png", "feed"),
    )
    many = [Offer(f"https://gazette.example/{n}.png", size=128) for n in range(9)]
    chosen = ranked(many, HOME)
    assert len(chosen) == MOST_TRIED and chosen[-1].how == "guessed"
    assert ranked([]) == () == ranked([], "", "https://gazette.example/logo.svg")


def test_of_two_alike_the_later_is_taken_and_one_for_dark_pages_last() -> None:
    first, later = Offer("https://a.example/1.png", size=64), Offer("https://a.example/2.png", size=64)
    dark = Offer("https://a.example/3.png", size=128, dark=True)
    assert ranked([first, later, dark]) == (later, first, dark)
    head = '<link rel="icon" href="/d.png" media="(prefers-color-scheme: dark)">'
    assert declared(Page(head.encode(), HOME)).icons[0].dark


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_nothing_that_a_page_says_is_an_error(said: str | bytes) -> None:
    noise = said.encode("utf-8", "replace") if isinstance(said, str) else said
    page = b'<link rel="icon" href="' + noise + b'" sizes="' + noise + b'">' + noise
    assert all(offer.url.startswith(("http://", "https://")) for offer in declared(Page(page, HOME)).icons)


def test_feeds_name_their_icon() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>G</title><id>g</id><logo>/banner.png</logo>'
        b"<icon>/i.png</icon></feed>"
    )
    feed = parse_feed(atom, url="https://gazette.example/feed")
    assert (feed.icon, feed.image) == ("https://gazette.example/i.png", "https://gazette.example/banner.png")
    body = b'{"version": "https://jsonfeed.org/version/1.1", "title": "G", "items": [], "favicon": "/f.png"}'
    assert parse_feed(body, url="https://gazette.example/feed").icon == "https://gazette.example/f.png"
