# ruff: noqa: E501 (markup in one line)
"""What a page calls itself, and who wrote it: headlines without the site's name, names apart, nobody invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.extract import extract_page
from masthead.core.extract.headline import choose_headline, strip_site
from masthead.core.types import CleanArticle

SEEN = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)
TEXT = (
    "The harbour board of Elmwick voted on Tuesday to keep the old ferry in service for another year, after a long"
    " evening in which fishermen, pupils and the owner of the café on the far bank had asked it to."
)
SITE = '<meta property="og:site_name" content="Elmwick Post">'


def read(head: str = "", above: str = "", title: str = "<h1>Ferry stays</h1>", below: str = "") -> CleanArticle:
    body = f"<p>{TEXT}</p><p>{TEXT} Tickets stay at two crowns.</p><p>{TEXT} The board meets again in autumn.</p>"
    html = (
        f'<html lang="en"><head>{SITE}{head}</head><body><nav><a href="/">Home</a></nav><main>{title}{above}{body}{below}'
        "</main></body></html>"
    )
    return extract_page(html.encode(), "https://www.elmwick-post.example/ferry-stays", seen=SEEN)


def author(stated: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Ferry stays","author":{stated}}}</script>'


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (author('{"@type":"Person","name":"Ada Holm"}'), ("Ada Holm",)),
        (author('[{"@type":"Person","name":"Ada Holm"},{"name":"Juan Pérez"}]'), ("Ada Holm", "Juan Pérez")),
        (author('"By Ada Holm and Juan Pérez"'), ("Ada Holm", "Juan Pérez")),
        (author('{"name":["Ada Holm","Juan Pérez"]}'), ("Ada Holm", "Juan Pérez")),
        (author('{"givenName":"Ada","familyName":"Holm"}'), ("Ada Holm",)),
        (author('[{"name":"Ada Holm (ah)"},{"name":"Ida Ek (iek.)"}]'), ("Ada Holm", "Ida Ek")),
        (author('"Ada Holm, MD, Ph.D."'), ("Ada Holm",)),
        (author('"Ada Holm, Nairobi"'), ("Ada Holm",)),
        (author('"Ada Holm, staff writer"'), ("Ada Holm",)),
        (author('"ada, ih"'), ("ada", "ih")),
        ('<meta name="author" content="Ada Holm; Juan Pérez">', ("Ada Holm", "Juan Pérez")),
        (
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Holm">',
            ("Ada Holm",),
        ),
        (
            '<meta name="citation_author" content="Ada Holm"><meta name="citation_author" content="Ida Ek">',
            ("Ada Holm", "Ida Ek"),
        ),
        ('<meta property="article:author" content="https://faces.example/ada">', ()),
        ('<meta name="author" content="admin">', ()),
        ('<meta name="author" content="desk@elmwick-post.example">', ()),
    ],
)
def test_names_in_metadata(head: str, names: tuple[str, ...]) -> None:
    assert read(head).byline == names


def test_references_between_objects_are_followed() -> None:
    head = (
        '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Ferry stays","author":{"@id":"#ada"}},'
        '{"@type":"Person","@id":"#ada","name":"Ada Holm"}]}</script>'
    )
    assert read(head).byline == ("Ada Holm",)


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ("<p>By Ada Holm</p>", ("Ada Holm",)),
        ('<p class="byline">By Ada Holm and Juan Pérez | 3 June 2025</p>', ("Ada Holm", "Juan Pérez")),
        ('<a rel="author" href="/people/ada">Ada Holm</a>', ("Ada Holm",)),
        ('<span itemprop="author"><span itemprop="name">Ada Holm</span>, editor</span>', ("Ada Holm",)),
        ("<div>Di 03.06.25 | 08:15 Uhr | Von <b>Ada von der Holm</b></div>", ("Ada von der Holm",)),
        ("<p>Por Juan Pérez</p>", ("Juan Pérez",)),
        ("<p>Автор: Анна Иванова</p>", ("Анна Иванова",)),
        ("<p>بقلم ليلى حداد</p>", ("ليلى حداد",)),
        ("<p>By the end of the year it was clear to all.</p>", ()),
        ("<p>By Tuesday evening</p>", ()),
        ('<div class="author-box">Subscribe now</div>', ()),
    ],
)
def test_names_in_a_line_by_the_headline(above: str, names: tuple[str, ...]) -> None:
    assert read(above=above).byline == names


def test_a_name_under_a_comment_is_no_author() -> None:
    assert read(below='<div class="comments"><a rel="author">Ida Ek</a><p>By Ida Ek</p></div>').byline == ()


@pytest.mark.parametrize(
    "stated",
    [
        "Elmwick Post",
        "elmwick post",
        "The Elmwick Post",
        "Elmwick Post Redaktion",
        "elmwick-post.example",
        "Elmwick Post News Team",
    ],
)
def test_the_publisher_is_the_author_only_where_nobody_else_is_named(stated: str) -> None:
    for head in (author(f'{{"@type":"Organization","name":"{stated}"}}'), f'<meta name="author" content="{stated}">'):
        article = read(head)
        assert article.byline == article.agencies == (stated,)
        article = read(head, above='<p class="byline">By Ida Ek</p>')
        assert article.byline == ("Ida Ek",)


def test_a_writer_whose_site_bears_the_name_is_an_author() -> None:
    html = (
        '<html><head><meta property="og:site_name" content="Ada Holm">'
        + author('{"@type":"Person","name":"Ada Holm"}')
        + f"</head><body><h1>Ferry stays</h1><p>{TEXT}</p><p>{TEXT}</p></body></html>"
    )
    assert extract_page(html.encode(), "https://adaholm.example/ferry", seen=SEEN).byline == ("Ada Holm",)


@pytest.mark.parametrize(
    ("stated", "agency"), [("dpa", "dpa"), ("Nordwind Press Agency", "Nordwind Press Agency"), ("AFP", "AFP")]
)
def test_an_agency_is_named_and_known_as_one(stated: str, agency: str) -> None:
    article = read(author(f'[{{"name":"Ada Holm"}},{{"name":"{stated}"}}]'))
    assert article.byline == ("Ada Holm", stated)
    assert article.agencies == (agency,)


# ---- headlines


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Ferry stays | Elmwick Post", "Ferry stays"),
        ("Ferry stays - elmwick-post.example", "Ferry stays"),
        ("Elmwick Post: Ferry stays", "Elmwick Post: Ferry stays"),
        ("Elmwick Post | Ferry stays", "Ferry stays"),
        ("Ferry stays – Harbour", "Ferry stays – Harbour"),
        ("Ferry stays", "Ferry stays"),
        ("Mother-in-law – a word", "Mother-in-law – a word"),
    ],
)
def test_the_sites_name_leaves_a_title(title: str, bare: str) -> None:
    assert strip_site(title, "Elmwick Post", "www.elmwick-post.example") == bare


def test_places_that_agree_are_believed() -> None:
    found = choose_headline(
        [
            ("Ferry stays, board decides", "page:json-ld"),
            ("Why the Elmwick ferry stays", "page:meta:og:title"),
            ("“Ferry stays”, board decides", "page:h1"),
            ("Why the Elmwick ferry stays | Elmwick Post", "page:title-element"),
        ],
        "Elmwick Post",
    )
    assert found == ("Ferry stays, board decides", "page:json-ld", 2)


def test_a_heading_that_is_the_sites_name_is_no_headline() -> None:
    article = read(title="<h1>Elmwick Post</h1><h2>Ferry stays</h2>", head="<title>Ferry stays - Elmwick Post</title>")
    assert article.title == "Ferry stays"


def test_a_title_is_cut_to_what_another_place_states_whole() -> None:
    head = "<title>The old ferry of Elmwick stays | Harbour | News</title>"
    assert read(head, title="<h1>The old ferry of Elmwick stays</h1>").title == "The old ferry of Elmwick stays"


def test_entities_in_titles_of_structured_data_are_read_once() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"R&uuml;ckbau &amp; Zukunft"}</script>'
    assert read(head, title="").title == "Rückbau & Zukunft"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_stated_makes_it_raise_or_gives_what_is_no_name(stated: str, line: str) -> None:
    stated, line = (text.replace('"', "").replace("<", "") for text in (stated, line))
    article = read(f'<meta name="author" content="{stated}">', above=f'<p class="byline">By {line}</p>')
    for name in article.byline:
        assert 2 <= len(name) <= 80 and "@" not in name and any(letter.isalpha() for letter in name)


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        # The first rank is the masthead's: a link home.
        (
            "<title>Elmwick Notes</title>",
            '<h1><a href="/">Elmwick Notes</a></h1><h2>Ferry stays in service</h2>',
            "Elmwick Notes",
        ),
        (
            "<title>Ferry stays in service</title>",
            '<h1><a href="https://elmwick-post.example/">The Post</a></h1><h2>Ferry stays in service</h2>',
            "Ferry stays in service",
        ),
        (
            "<title>Ferry stays in service</title>",
            '<a href="/"><h1>The Post</h1></a><h2>Ferry stays in service</h2>',
            "Ferry stays in service",
        ),
        # A box of the site's comes before; the head and a lower heading agree on another.
        (
            '<meta property="og:title" content="Ferry stays in service | The Post on the River">',
            "<h1>A message from the owner</h1><h2>Ferry stays in service</h2>",
            "Ferry stays in service",
        ),
        # A trail of breadcrumbs repeats the words for search.
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"The ferry at Elmwick stays"}</script>'
            '<meta property="og:title" content="Elmwick: ferry stays">',
            "<h1 data-breadcrumb-title>Elmwick: ferry stays</h1><hgroup><h2>The ferry at Elmwick stays</h2></hgroup>",
            "The ferry at Elmwick stays",
        ),
        # The line over the headline is none of its words.
        (
            "",
            '<h1><span class="title__overline">Elmwick</span><span hidden> - </span><span>Ferry stays</span></h1>',
            "Ferry stays",
        ),
        # Some systems write no white space before the section and the site.
        (
            "<title>Ferry stays in service-LocalㅣRiver Daily</title>"
            '<meta name="headline" content="Ferry stays in service">'
            '<meta property="og:title" content="Ferry stays in service-LocalㅣRiver Daily">',
            "",
            "Ferry stays in service",
        ),
        # A lower heading alone says nothing of the page.
        ("<title>Ferry stays in service</title>", "<h2>What others read</h2>", "Ferry stays in service"),
    ],
)
def test_the_headline_is_told_from_the_headings_around_it(head: str, heading: str, title: str) -> None:
    assert read(head, title=heading).title == title


def test_a_title_with_a_hyphen_is_kept_whole() -> None:
    assert read("<title>Ferry stays in sea-service</title>", title="<h1>Ferry stays in sea-service</h1>").title == (
        "Ferry stays in sea-service"
    )
