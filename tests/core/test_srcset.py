"""What a `srcset` offers is read as browsers read it (WHATWG HTML 4.8.4.2.1), in time linear in its length."""

from __future__ import annotations

import time

import pytest

from masthead.core.repair.images import best_of_srcset
from masthead.core.sanitize import absolute_srcset, sanitize

BASE = "https://paper.example/a/"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("s.jpg 1x, /l.jpg 2x", "https://paper.example/a/s.jpg 1x, https://paper.example/l.jpg 2x"),
        ("s.jpg 320w,l.jpg 640w", "https://paper.example/a/s.jpg 320w, https://paper.example/a/l.jpg 640w"),
        ("s.jpg,, l.jpg 2x,", "https://paper.example/a/s.jpg, https://paper.example/a/l.jpg 2x"),
        ("s.jpg 320w 240h", "https://paper.example/a/s.jpg 320w"),
        ("crop,10,20.jpg 1.5x", "https://paper.example/a/crop%2C10%2C20.jpg 1.5x"),
        # A description that is none drops its candidate, and is no address.
        ("s.jpg large, l.jpg 2x", "https://paper.example/a/l.jpg 2x"),
        ("javascript:x 1x, l.jpg", "https://paper.example/a/l.jpg"),
        (" , ,", ""),
        ("", ""),
    ],
)
def test_candidates(value: str, kept: str) -> None:
    assert absolute_srcset(value, BASE) == kept


def test_the_best_is_the_widest_that_is_not_too_wide() -> None:
    assert best_of_srcset("s.jpg 320w, m.jpg 1600w,l.jpg 4000w", BASE) == "https://paper.example/a/m.jpg"
    assert best_of_srcset("l.jpg 4000w, xl.jpg 6000w", BASE) == "https://paper.example/a/l.jpg"
    assert best_of_srcset("one.jpg large", BASE) == "https://paper.example/a/one.jpg"
    assert best_of_srcset(", ,", BASE) == ""


@pytest.mark.parametrize("value", ["s.jpg" + " " * 20_000 + "x y", "," * 20_000 + " ", " ," * 10_000, "a" * 20_000])
def test_a_hostile_one_costs_no_more_than_reading_it(value: str) -> None:
    started = time.process_time()
    absolute_srcset(value, BASE)
    best_of_srcset(value, BASE)
    sanitize(f'<img src="a.jpg" srcset="{value}">', BASE)
    assert time.process_time() - started < 0.5
