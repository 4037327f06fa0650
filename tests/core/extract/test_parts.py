# ruff: noqa: E501 (markup on one line)
"""What a page hides, brings late, nests or inserts: what belongs to the article is read, what does not is left."""

from __future__ import annotations

import json

import pytest
from tests.growth import assert_linear

from masthead.core.extract import extract_page
from masthead.core.types import CleanArticle

_PROSE = (
    "The observatory on Mount Halden will open its dome to visitors on the last Friday of each month, its director said.",
    "Until now only those who worked there had looked through the large refractor, which was built in Jena in 1911.",
    "“People paid for this instrument, and they should see through it,” said Anneli Forsgren, who runs the observatory.",
    "Forty visitors can come each night; on cloudy nights they will hear a lecture in the library instead.",
)
_ANSWER = "Children under ten are let in with an adult, and nobody pays for them before the end of the year."
_URL = "https://gazette.example/science/dome"


def read(inner: str, head: str = "") -> CleanArticle:
    """What is read from an invented page whose body is `inner`."""
    html = f"<html lang='en'><head><title>Dome opens - Halden Gazette</title>{head}</head><body>{inner}</body></html>"
    return extract_page(html.encode(), _URL)


def paragraphs(texts: tuple[str, ...] = _PROSE) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize(
    "panel",
    [
        "<div id='p1' role='region' aria-labelledby='b1' style='display:none'><p>{0}</p></div>",
        "<div class='kt-accordion-panel hidden'><p>{0}</p></div>",
        "<div class='faq-answer' aria-hidden='true'><p>{0}</p></div>",
        "<div class='field field--label-hidden'><p>{0}</p></div>",
        "<div class='grid overflow-hidden'><p>{0}</p></div>",
        "<div class='md:hidden'><p>{0}</p></div>",
        "<div class='toc-section'><p>{0}</p></div>",
        "<div class='skip-item'><p>{0}</p></div>",
        "<div class='elementor-element elementor-widget elementor-widget-text-editor'><p>{0}</p></div>",
    ],
)
def test_what_readers_can_see_or_open_is_read(panel: str) -> None:
    article = read(f"<article>{paragraphs()}<h2>Who may come?</h2>{panel.format(_ANSWER)}</article>")
    assert _ANSWER in article.text


@pytest.mark.parametrize(
    "panel",
    [
        "<div style='display:none'><p>{0}</p></div>",
        "<div hidden><p>{0}</p></div>",
        "<div class='hidden'><p>{0}</p></div>",
        "<div class='is-hidden'><p>{0}</p></div>",
        "<div aria-hidden='true'><p>{0}</p></div>",
        "<div class='smart-cta'><p>{0}</p></div>",
        "<div class='code-block code-block-7'><p>{0}</p></div>",
        "<div class='share-widget'><p>Share {0}</p></div>",
    ],
)
def test_what_readers_never_see_or_what_is_inserted_is_not(panel: str) -> None:
    assert _ANSWER not in read(f"<article>{paragraphs()}{panel.format(_ANSWER)}</article>").text


def test_a_listing_in_a_box_of_that_name_is_no_insertion() -> None:
    listing = "<div class='code-block code-block-2'><pre>print('dome')</pre></div>"
    assert any(block.type == "code" for block in read(f"<article>{paragraphs()}{listing}</article>").body)


def test_parts_that_a_script_would_move_are_read_in_their_place() -> None:
    late = f"<div hidden id='S:1'><p>{_PROSE[1]}</p></div>"
    body = f"<article><p>{_PROSE[0]}</p><template id='B:1'></template>{paragraphs(_PROSE[2:])}</article>{late}"
    assert read(body).text == "\n\n".join(_PROSE)


def test_a_late_part_that_holds_its_own_place_does_no_harm() -> None:
    body = f"<article>{paragraphs()}</article><div hidden id='S:1'><template id='B:1'></template></div>"
    assert read(body).text == "\n\n".join(_PROSE)


def test_a_quoted_post_stays_whatever_its_box_is_called() -> None:
    post = (
        "<div class='social-media-embed'><blockquote class='twitter-tweet'><p>Tickets for the first night are gone already.</p>"
        "<a href='https://social.example/dome/1'>30 May</a></blockquote></div>"
    )
    article = read(f"<article>{paragraphs(_PROSE[:2])}{post}{paragraphs(_PROSE[2:])}</article>")
    assert [block.type for block in article.body].count("embed") == 1
    assert "Tickets for the first night are gone already." in article.text


def test_an_article_of_other_articles_is_a_list_of_them() -> None:
    others = "".join(
        f"<article class='post-{n}'><p>Another report of the Gazette, number {n}: {text} And so on for a while …</p></article>"
        for n, text in enumerate(_PROSE * 2)
    )
    body = f"<article class='entry'>{paragraphs()}</article><article class='more'><h3>Youmaylike</h3>{others}</article>"
    assert read(body).text == "\n\n".join(_PROSE)


@pytest.mark.parametrize(
    "listing",
    [
        "<pre>import dome<br>dome.open()</pre>",
        "<pre><code><div>import dome</div><div>dome.open()</div></code></pre>",
        "<pre>import dome<br>\ndome.open()</pre>",
        "<pre>import dome\ndome.open()</pre>",
        "<pre><code><span>import dome</span>\n<span>dome.open()</span></code></pre>",
    ],
)
def test_a_listing_keeps_its_lines_however_they_are_marked(listing: str) -> None:
    article = read(f"<article>{paragraphs(_PROSE[:2])}{listing}{paragraphs(_PROSE[2:])}</article>")
    assert [block.text for block in article.body if block.type == "code"] == ["import dome\ndome.open()"]


def _entries(link: str) -> str:
    return "".join(
        f"<section class='entry'><h3><a href='{link}/{n}'>Observatory number {n}</a></h3><p>Its refractor has {n} lenses, and visitors climb a long stair to it.</p></section>"
        for n in range(4)
    )


def test_entries_of_a_list_that_lead_elsewhere_belong_to_the_article() -> None:
    article = read(f"<article>{paragraphs()}{_entries('https://domes.example.org/visit')}</article>")
    assert "Its refractor has 3 lenses" in article.text


def test_those_that_lead_to_the_same_site_are_teasers() -> None:
    for link in ("/science", "https://www.gazette.example/science"):
        assert read(f"<article>{paragraphs()}{_entries(link)}</article>").text == "\n\n".join(_PROSE)


def test_a_table_that_only_lays_out_the_page_is_gone_through() -> None:
    aside = "<p>Weather for Halden tomorrow: clouds in the morning, some sun later in the day.</p>"
    body = f"<table><tr><td><div class='story'>{paragraphs()}</div><div>{aside}</div></td></tr></table>"
    assert read(body).text == "\n\n".join(_PROSE)


def test_what_the_page_calls_its_text_is_kept_whole() -> None:
    body = (
        f"<div itemprop='articleBody'><div class='block'><p>{_PROSE[0]}</p></div>"
        f"<div class='block'>{paragraphs(_PROSE[1:] * 3)}</div></div>"
    )
    assert read(body).text.startswith(_PROSE[0])


def test_a_picture_of_an_amp_page_keeps_its_caption() -> None:
    figure = (
        "<figure><div><amp-img class='inline-gallery' src='/img/dome.jpg' width='900' height='600' alt='A dome'></amp-img></div>"
        "<figcaption><div><p>The dome at dusk, seen from the road to the summit.</p></div></figcaption></figure>"
    )
    article = read(f"<article>{paragraphs(_PROSE[:2])}{figure}{paragraphs(_PROSE[2:])}</article>")
    assert article.text == "\n\n".join(_PROSE)
    captions = [block.image.caption for block in article.body if block.image]
    assert captions == ["The dome at dusk, seen from the road to the summit."]


def test_bytes_read_one_by_one_are_joined() -> None:
    html = f"<html><body><article>{paragraphs()}</article></body></html>"
    misread = html.encode("utf-8").decode("latin-1").encode("utf-8")
    article = extract_page(misread, _URL)
    assert article.text == "\n\n".join(_PROSE)
    assert any(repair.code == "mojibake" for repair in article.repairs)


def _live(posts: list[tuple[str, str]], introduction: str) -> CleanArticle:
    data = {
        "@type": "LiveBlogPosting",
        "headline": "Dome opens",
        "liveBlogUpdate": [{"@type": "BlogPosting", "headline": head, "articleBody": text} for head, text in posts],
    }
    listed = "".join(f"<div id='p{n}'><h3>{head}</h3><p>{text}</p></div>" for n, (head, text) in enumerate(posts))
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    return read(f"<article>{introduction}<div class='items'>{listed}</div></article>", head)


_POSTS = [
    ("The first visitors arrive", "A dozen people stand at the gate, some of them since five in the afternoon."),
    ("Clouds over the summit", "The director says that they will part before midnight, and offers tea until then."),
    ("The dome turns", "With a sound like a distant tram the dome turns to the south, where Saturn stands."),
]


def test_the_posts_of_a_live_blog_are_works_of_their_own() -> None:
    article = _live(_POSTS, paragraphs())
    assert article.text == "\n\n".join(_PROSE)
    assert any(warning.startswith("Live blog:") for warning in article.warnings)


def test_a_live_blog_that_nothing_introduces_is_read_as_it_stands() -> None:
    article = _live([*_POSTS, *((f"{head} again", f"{text} Again.") for head, text in _POSTS)], "")
    assert all(text in article.text for _, text in _POSTS)
    assert not any(warning.startswith("Live blog:") for warning in article.warnings)


@pytest.mark.parametrize(
    ("before", "again"),
    [
        ("<article>" * 90, "<p>word word word</p>" * 1500),
        ("", "<article><article></article></article>" * 2500),
        ("", "<div hidden id='S:1'><template id='B:1'></template></div>" * 2000),
        ("<div class='elementor-widget-", "a-" * 20_000),
        ("<div class='elementor-widget-" + "a-" * 2000, "'>x</div>" * 1000),
        ("", "<h3>The dome turns to the south</h3>" * 3000),
        ("", "".join(f"<div class='{'q' * 500}{number}'>x</div>" for number in range(5000))),
    ],
)
def test_none_of_it_takes_long(before: str, again: str) -> None:
    posts = [{"headline": "The dome turns to the south", "articleBody": "a b " * 40}] * 200
    data = json.dumps({"@type": "LiveBlogPosting", "liveBlogUpdate": posts})
    head = f"<script type='application/ld+json'>{data}</script><body>{before}"
    assert_linear(lambda text: extract_page(f"{head}{text}</body>".encode(), _URL), again)
