"""Addresses made absolute: they stay as they are when read again, and never become too long to be kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.fetch.target import parse_target
from masthead.core.urls import absolute

STARTS = (
    "",
    "//",
    "https://",
    "HTTP:\\\\",
    "https://paper.example",
    "https://paper.example/",
    "?u=http://",
    "feed:",
    "[",
)


def test_an_address_may_end_in_the_beginning_of_another() -> None:
    assert absolute("https://proxy.example/?url=http://") == "https://proxy.example/?url=http://"
    assert absolute("?next=https://", "https://paper.example/a") == "https://paper.example/a?next=https://"
    assert absolute("https://") == absolute("http:/") == ""


def test_no_address_becomes_longer_than_may_be_kept() -> None:
    assert absolute("https://paper.example/" + "ö" * 600) == "https://paper.example/" + "%C3%B6" * 600
    assert absolute("https://paper.example/" + "ö" * 700) == ""
    assert absolute("ö" * 700, "https://paper.example/") == ""


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=60), st.sampled_from(("", "https://paper.example/a/b?c", "http://[::1")), st.sampled_from(STARTS)
)
def test_an_address_made_absolute_stays_as_it_is(text: str, base: str, start: str) -> None:
    made = absolute(start + text, base)
    assert made.isascii()
    assert made == "" or absolute(made) == made


@pytest.mark.parametrize(
    ("host", "ascii"),
    [
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("straße.example", "xn--strae-oqa.example"),  # another house than strasse.example
        ("пример。example", "xn--e1afmkfd.example"),
        ("i❤.example", "xn--i-7iq.example"),
        ("ｐaper.example", "paper.example"),
        ("pa\u00adper.example", "paper.example"),
    ],
)
def test_hosts_are_spelled_as_browsers_look_them_up(host: str, ascii: str) -> None:
    assert absolute(f"https://{host}/") == f"https://{ascii}/"
    if "❤" not in host:
        assert parse_target(f"https://{host}/").host == ascii


def test_hosts_that_are_too_long_or_no_names_are_none() -> None:
    for host in ("é" * 300 + ".example", "é" * 70 + ".example", "a\u0301..example", "\u0301.example", "xn--é.example"):
        assert absolute(f"https://{host}/") == ""
