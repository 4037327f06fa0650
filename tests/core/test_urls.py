"""Addresses: hosts that are none are refused, and a hostile one costs no more than reading it."""

from __future__ import annotations

import time

import pytest

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
    started = time.process_time()
    assert absolute(f"https://{host}/") == ""
    assert time.process_time() - started < 0.5
