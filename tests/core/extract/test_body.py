# ruff: noqa: E501 (markup on one line)
"""The body of a page: what belongs to the article stays, with its figures and lists; what stands around it goes."""

from __future__ import annotations

import pytest
from tests.growth import assert_linear

from masthead.core.extract import extract_page
from masthead.core.types import CleanArticle

_PROSE = (
    "The ferry between Norrhavn and the outer islands will run every hour from Monday, the harbour board decided.",
    "Passengers had waited for years: the old boat could carry forty people, and on summer days it left many behind.",
    "“We listened to those who live there,” said Ylva Brandt, who chairs the board, at a meeting on the quay.",
    "The new timetable costs two million crowns a year; the county pays half of it, and tickets the remainder.",
)
_URL = "https://courier.example/news/ferry"


def page(inner: str, around: str = "") -> CleanArticle:
    """What is read from a page of an invented newspaper; `inner` stands in the article after two paragraphs."""
    first = "".join(f"<p>{text}</p>" for text in _PROSE[:2])
    rest = "".join(f"<p>{text}</p>" for text in _PROSE[2:])
    html = (
        "<html lang='en'><head><title>Ferry every hour - Norrhavn Courier</title></head><body>"
        "<nav><a href='/'>Home</a><a href='/sport'>Sport</a></nav>"
        f"<main><div class='story'><h1>Ferry every hour</h1>{first}{inner}{rest}</div>{around}</main>"
        "<footer>© 2024 Norrhavn Courier</footer></body></html>"
    )
    return extract_page(html.encode(), _URL)


_TEASER = "<li class='card'><h3><a href='/n/{0}'>Other report number {0}</a></h3><p>A teaser that says in one sentence what the other report number {0} is about.</p></li>"


@pytest.mark.parametrize(
    "inner",
    [
        "<div class='newsletter-signup'><p>Get the Courier's morning letter, written by our editors, in your inbox.</p></div>",
        "<div class='share-bar'><a href='https://social.example/a'>Post</a> <a href='https://social.example/b'>Send</a></div>",
        "<aside><p>An aside about the history of the harbour that belongs to another page of this newspaper.</p></aside>",
        "<div class='relatedStories'><p>Also on our pages: why the lighthouse of Norrhavn was painted green again.</p></div>",
        "<div style='display: none'><p>Hidden words that nobody sees on this page, left there by the template of it.</p></div>",
        "<div class='advert'><p>Advertisement: buy the finest woollen socks that money can buy in Norrhavn today.</p></div>",
        "<form><p>Sign up with your address and we shall write to you about everything that happens.</p></form>",
    ],
)
def test_what_stands_around_the_article_leaves_it(inner: str) -> None:
    assert page(inner).text == "\n\n".join(_PROSE)


def test_the_article_is_found_when_readers_write_more_than_its_author() -> None:
    words = "".join(
        f"<p>Reader number {n} thinks that the ferry should run all night, and says so at length.</p>"
        for n in range(40)
    )
    article = page("", f"<section class='comments'>{words}</section>")
    assert article.text == "\n\n".join(_PROSE)


def test_teasers_of_other_reports_are_no_part_of_it() -> None:
    article = page("", "<ul>" + "".join(_TEASER.format(n) for n in range(6)) + "</ul>")
    assert article.text == "\n\n".join(_PROSE)


def test_a_wrapper_named_like_a_part_is_kept() -> None:
    inside = "".join(f"<p>{text}</p>" for text in _PROSE)
    html = f"<html><body class='has-sidebar'><div class='share newsletter'>{inside}</div></body></html>"
    assert extract_page(html.encode(), _URL).text == "\n\n".join(_PROSE)


def test_a_link_in_a_sentence_is_kept_whatever_it_is_called() -> None:
    article = page(
        "<p>The plan <a class='link external' href='/plan'>was laid out</a> in a paper of the county in March.</p>"
    )
    assert "The plan was laid out in a paper" in article.text


def test_figures_lists_tables_and_embeds_stay_as_typed_blocks() -> None:
    article = page(
        "<figure><img src='/img/ferry.jpg' alt='A boat' width='800' height='500'>"
        "<figcaption>The new boat on its first day.</figcaption></figure>"
        "<h2>The stops</h2><ul><li>Norrhavn, at the old quay</li><li>Lillön, by the school</li></ul>"
        "<table><tr><th>Stop</th><th>Minutes</th></tr><tr><td>Lillön</td><td>20</td></tr><tr><td>Storön</td><td>35</td></tr></table>"
        "<blockquote><p>Nobody should have to swim home.</p></blockquote>"
        "<iframe src='https://player.vimeo.com/video/123456'></iframe>"
    )
    kinds = {block.type for block in article.body}
    assert {"figure", "heading", "list", "table", "quote", "embed"} <= kinds
    figure = next(block for block in article.body if block.type == "figure")
    assert figure.image is not None
    assert (figure.image.src, figure.image.caption) == (
        "https://courier.example/img/ferry.jpg",
        "The new boat on its first day.",
    )
    assert "first day" not in article.text
    assert "Norrhavn, at the old quay\nLillön, by the school" in article.text
    embed = next(block for block in article.body if block.type == "embed")
    assert embed.url == "https://vimeo.com/123456"
    assert not any("<iframe" in block.html for block in article.body)


def test_a_caption_without_its_picture_is_no_paragraph() -> None:
    article = page("<figure><img><figcaption>The new boat on its first day, seen from the quay.</figcaption></figure>")
    assert article.text == "\n\n".join(_PROSE)


def test_headings_and_copyright_lines_at_the_end_are_not_read() -> None:
    article = page("")
    ended = page("").text
    assert ended.endswith(article.body[-1].text)
    html = "<html><body><div>" + "".join(f"<p>{text}</p>" for text in _PROSE)
    html += "<p>Copyright © 2024 Norrhavn Courier. All rights reserved.</p><h3>More from the harbour</h3></div></body></html>"
    assert extract_page(html.encode(), _URL).text == "\n\n".join(_PROSE)


def test_nested_pictures_in_a_list_do_not_raise() -> None:
    article = page("<ul><li>One <figure><picture><img src='/a.jpg'></picture></figure></li><li>Two</li></ul>")
    assert "One\nTwo" in article.text


@pytest.mark.parametrize(
    ("inner", "begins"),
    [
        ("<div class='paywall'><p>Subscribe now to continue reading this story.</p></div>", "Paywall"),
        ("<p>Dieser Artikel ist nur für Abonnenten.</p>", "Paywall"),
        ("<p>Abonnez-vous pour lire la suite de cet article.</p>", "Paywall"),
        ("<p>We and our partners use cookies. Accept all cookies or manage your privacy choices.</p>", "Consent"),
    ],
)
def test_walls_are_recognised(inner: str, begins: str) -> None:
    html = f"<html><head><title>The Courier</title></head><body><main><p>The ferry will run hourly.</p>{inner}</main></body></html>"
    warnings = extract_page(html.encode(), _URL).warnings
    assert any(warning.startswith(begins) for warning in warnings), warnings


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"<",
        b"<html>",
        b"<body><p>",
        b"\x00\xff<div><div>",
        b"<div>" * 5000,
        b"<ul><li>" * 3000,
        b"<ul><li><h2><a href=/>a b</a></h2>" * 3000,
        b"<p class=a-b>word " * 4000,
    ],
)
def test_no_page_raises_or_takes_long(html: bytes) -> None:
    assert extract_page(html, _URL).title
    assert_linear(lambda text: extract_page(text.encode("latin-1"), _URL), html.decode("latin-1"))
