# ruff: noqa: E501 (tables of words and phrases)
from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.growth import assert_linear

from masthead.core.sanitize import TAGS, sanitize, to_text
from masthead.core.urls import absolute

BASE = "https://news.example/a/report"
PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<a href='/x'>", "</a>", "<script>", "</script>", "<img src=x onerror=y>", "<table>", "<td>",
     "<li>", "<svg><style>", "<math>", "&lt;", "&amp;", "<!--", "-->", "\u202e", "\x00", "<a href='javascript:x'>", "<noscript>",
     "</div>", "<div>", "<blockquote cite=//e>", "<q>", "é", " ", "text", "<", ">", '"', "<select>", "<template>", "\xa0"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_whatever_comes_in_only_harmless_markup_goes_out(html: str) -> None:
    clean = sanitize(html, BASE)
    assert sanitize(clean, BASE) == clean
    if not clean.strip():
        return
    for element in lxml.html.fragment_fromstring(clean, create_parent="div").iterdescendants():
        assert element.tag in TAGS
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name not in ("style", "class", "id")
            assert name not in ("href", "src", "cite") or value.startswith(("http://", "https://", "mailto:"))
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in clean)


@pytest.mark.parametrize(
    "html",
    ["<div>" * 100_000, "<div>" * 1_500 + "x" + "</div>" * 1_500, "<b><i>" * 20_000, "<p>" + "".join(f"<b a={n}>" for n in range(5_000)) + "</p>" + "<p>x</p>" * 5_000],
    ids=["deep", "deep-closed", "deep-inline", "multiplying"],
)  # fmt: skip
def test_attacks_by_depth_take_no_time(html: str) -> None:
    assert_linear(lambda text: sanitize(text, BASE), html)


def test_text_in_deep_markup_is_kept() -> None:
    assert "the words" in sanitize("<div>" * 1_500 + "the words" + "</div>" * 1_500)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/b?x=1", "https://news.example/b?x=1"),
        ("//cdn.example/c", "https://cdn.example/c"),
        ("c", "https://news.example/a/c"),
        ("#note", "https://news.example/a/report#note"),
        ("https:\\\\e.example\\d", "https://e.example/d"),
        ("ht\ntps://e.example/", "https://e.example/"),
        ("https://user:pass@e.example/", "https://e.example/"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://e.example/a%20b c", "https://e.example/a%20b%20c"),
        ("javascript:alert(1)", ""),
        ("java\tscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://", ""),
        ("http://[::1", ""),
        ("mailto:a@b.example", ""),
    ],
)
def test_addresses(url: str, expected: str) -> None:
    assert absolute(url, BASE) == expected


def test_text_keeps_blocks_and_lines_apart() -> None:
    assert (
        to_text("<p>A &amp;amp; B<br>C</p><ul><li>one<li>two</ul>end<script>x</script>")
        == "A &amp; B\nC\n\none\n\ntwo\n\nend"
    )
