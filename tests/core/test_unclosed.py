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


@pytest.mark.parametrize(
    ("html", "text"),
    [
        # A sign that somebody wrote.
        ("if a<b and c", "if a<b and c"),
        ("<p>Tides</p> rise where x<y", "Tides rise where x<y"),
        ("Write to <anna@paper.example", "Write to <anna@paper.example"),
        ("See <https://paper.example/tides for more", "See <https://paper.example/tides for more"),
        ("A page begins with <!DOCTYPE and", "A page begins with <!DOCTYPE and"),
        ("Begin with <?php", "Begin with <?php"),
        # A tag that was cut off, wherever that was.
        ("The harbour <a href='https://paper.example/h", "The harbour"),
        ("The harbour <stron", "The harbour"),
        ("The harbour <br /", "The harbour"),
        ("The <b>harbour</b", "The harbour"),
        ("The <b>harbour</b opens", "The harbour opens"),
        ("<img src='a.png' alt='boats", ""),
    ],
)
def test_what_no_end_of_a_tag_follows_is_a_sign_or_a_cut_tag(html: str, text: str) -> None:
    assert " ".join(to_text(html).split()) == text
    assert " ".join(to_text(sanitize(html)).split()) == text


def test_what_comes_to_light_is_made_safe() -> None:
    assert sanitize("a<!-- ><img src=x onerror=alert(1)><script>alert(2)</script>b").count("alert") == 0
    assert "onclick" not in sanitize("a<object><p onclick='x()'>b</p>")
