"""The sanitiser lets plain addresses pass without a look: only such as the reader of addresses gives back unchanged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from masthead.core.sanitize import _PLAIN_ADDRESS, sanitize
from masthead.core.urls import absolute

PARTS = st.text(alphabet="aB0-._~%25/:@!$&'()*+,;=?#[]\\ \t\u00e9\u200b\"<", max_size=12)


@given(st.sampled_from(["http", "https", "HTTP", "ftp", "javascript"]), PARTS, PARTS, PARTS)
def test_an_address_that_is_plain_is_its_own_absolute_form(scheme: str, host: str, path: str, rest: str) -> None:
    for url in (f"{scheme}://{host}/{path}{rest}", f"{scheme}://a.{host}.example/{path}?{rest}#{path}"):
        if _PLAIN_ADDRESS.match(url):
            assert absolute(url, "https://other.example/x/") == url


def test_what_is_plain_and_what_is_not_come_out_the_same() -> None:
    assert sanitize('<a href="https://a.example/x?y=1&amp;z=2#t">x</a>', "https://b.example/") == (
        '<a href="https://a.example/x?y=1&amp;z=2#t" rel="noopener nofollow">x</a>'
    )
    assert 'href="https://a.example/"' in sanitize('<a href="HTTPS://A.example">x</a>')
    assert "href" not in sanitize('<a href="https://a.example:99999/x">x</a>')
