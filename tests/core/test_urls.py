"""Addresses: hosts that are none are refused, and a hostile one costs no more than reading it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import assert_linear

from masthead.core import urls
from masthead.core.urls import absolute


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("a.example", True),
        ("a--b.c_d.example.", True),
        ("_x.example", True),
        ("[::1]", True),
        ("a..example", False),
        ("-a.example", False),
        ("a-.example", False),
        ("a.example..", False),
        ("a b.example", False),
        (".", False),
    ],
)
def test_what_may_be_a_host(host: str, good: bool) -> None:
    assert bool(absolute(f"https://{host}/x")) is good


@pytest.mark.parametrize(
    "host", ["a" * 3000 + "=", "a-" * 1500 + "=", "a." * 1500 + "=", "www.paper.example.description="]
)
def test_a_long_host_with_a_wrong_character_at_its_end_costs_nothing(host: str) -> None:
    assert absolute(f"https://{host}/") == ""
    assert_linear(lambda text: [absolute(f"https://{text}/") for _ in range(50)], host)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://paper.example/a/b?c=d&e[]=f#g", "https://paper.example/a/b?c=d&e[]=f#g"),
        ("https://paper.example/a/../b", "https://paper.example/a/../b"),
        ("https://paper.example/a;", "https://paper.example/a"),
        ("https://paper.example/a?", "https://paper.example/a"),
        ("https://paper.example/a#", "https://paper.example/a"),
        ("https://paper.example/a\n", "https://paper.example/a"),
        ("https://paper.example", "https://paper.example/"),
        ("https://paper.example:443/a", "https://paper.example/a"),
        ("https://Paper.example/Ä", "https://paper.example/%C3%84"),
        ("https://paper.example/a,://", "https://paper.example/a,://"),
        ("https://", ""),
        ("http:\\\\", ""),
    ],
)
def test_what_is_written_as_it_should_be_stays_and_the_rest_becomes_so(url: str, expected: str) -> None:
    assert absolute(url, "https://other.example/feed") == expected
    assert absolute(absolute(url)) == absolute(url)


@given(
    st.sampled_from(["https://a.example/", "http://a-b.example/x", "https://A.example/", "https://a..example/"]),
    st.text("az09-._~:/?#[]@!$&'()*+,;=% \\Ä", max_size=12),
    st.sampled_from(["", "https://b.example/x/y"]),
)
def test_the_short_way_gives_what_the_long_way_gives(host: str, rest: str, base: str) -> None:
    found = absolute(host + rest, base)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_DONE", re.compile(r"(?!)"))
        assert absolute(host + rest, base) == found
