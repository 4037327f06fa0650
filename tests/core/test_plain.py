"""Markup to words: the short way for simple markup says what the tree says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core import plain
from masthead.core.sanitize import to_text

_TAGS = "<p> </p> <b> </b> <i> </i> <em> </em> <strong> </strong> <br> <br/> </br> <p/> <div> </div> <li> < >"
_TEXTS = "& &amp; &lt; &gt; &nbsp; &#8217; &quot; &copy &amp;lt; word . é \u2003"
_PIECES = st.sampled_from([*_TAGS.split(), *_TEXTS.split(), "\u00a0"]) | st.sampled_from(
    [" ", "\n", "\r\n", "\t", "<p>One <b>two</b></p>", "<p>Three<br />four</p>"]
)


@given(st.lists(_PIECES, max_size=9).map("".join))
def test_simple_markup_is_read_as_the_tree_reads_it(html: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_simple", lambda html: None)
        expected = to_text(html)
    assert to_text(html) == expected


@pytest.mark.parametrize(
    "html", ["<p>One</p><p>Two <b>three</b></p>", "One<br>two", "<p>Bell &amp; Anna&#8217;s</p>", "<p>a\nb</p>"]
)
def test_what_most_feeds_write_goes_the_short_way(html: str) -> None:
    assert plain._simple(html) is not None
