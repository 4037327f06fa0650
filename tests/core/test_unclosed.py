"""No text is swallowed by a tag that was never closed; nothing that was closed comes to light."""

from __future__ import annotations

import pytest

from masthead.core.sanitize import sanitize, to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Tide <object data='x'> and boats", "Tide and boats"),
        ("Tide <IFRAME src='x'/> and <iframe src='y'></iframe>boats", "Tide and boats"),
        ("Tide <video src='x'> and boats", "Tide and boats"),
        ("Tide <embed src='x'> and boats", "Tide and boats"),
        ("Tide <!-- -- and > and boats", "Tide and boats"),
        ("Tide <!-- a --> and <!-- b boats", "Tide and"),
        ("Tide <!-- a --> and boats", "Tide and boats"),
        ("Tide<object data='x'> your program is old </object> and boats", "Tide and boats"),
        ("Tide<video> your program is old </video> and boats", "Tide and boats"),
        ("Tide<script>alert(1) and boats", "Tide"),
        ("Tide<style>p{} and boats", "Tide"),
    ],
)
def test_what_follows_stays(html: str, text: str) -> None:
    assert " ".join(to_text(html).split()) == text
    assert " ".join(sanitize(html).split()) == text


def test_what_comes_to_light_is_made_safe() -> None:
    assert sanitize("a<!-- ><img src=x onerror=alert(1)><script>alert(2)</script>b").count("alert") == 0
    assert "onclick" not in sanitize("a<object><p onclick='x()'>b</p>")
