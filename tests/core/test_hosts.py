"""Hosts in their own letters, and in punycode where those could pass for others."""

from __future__ import annotations

import idna
import pytest

from masthead.core.hosts import shown
from masthead.core.urls import absolute, host_of


@pytest.mark.parametrize(
    "name",
    [
        "münchen.example",
        "пример.рф",
        "新聞.example",
        "ニュース新聞abc.example",
        "뉴스.한국",
        "أخبار.example",
        "άρθρα.ελ",
    ],
)
def test_one_script_is_shown_as_it_is_written(name: str) -> None:
    assert shown(idna.encode(name).decode()) == name


@pytest.mark.parametrize(
    "name",
    [
        "аpple.example",  # the first letter is Cyrillic
        "арре.example",  # all are, under a domain that is not
        "νews.example",
        "example.аb.example",
        "ⴰⵣⵓⵍ.example",  # Tifinagh: few readers could tell its letters apart
    ],
)
def test_what_could_be_mistaken_stays_in_punycode(name: str) -> None:
    ascii = idna.encode(name).decode()
    assert shown(ascii) == ascii and ascii.isascii()


@pytest.mark.parametrize(
    "host", ["news.example", "127.0.0.1", "[::1]", "", "xn--a", "xn--.example", "xn--80ak6aa92e\u202e.com"]
)
def test_what_is_no_such_name_is_left_alone(host: str) -> None:
    assert shown(host) == host


def test_addresses_themselves_are_ascii() -> None:
    """So that what is shown is decided in one place."""
    assert host_of(absolute("https://аpple.example/")) == "xn--pple-43d.example"
    assert host_of(absolute("https://ex\u202eample.example/")) == "example.example"
