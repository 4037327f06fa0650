# ruff: noqa: E501 (markup in one line)
"""A feed's dates: as far as they are stated, held against first sight, and against the page behind the entry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.extract import extract_page
from masthead.core.parse import parse_feed
from masthead.core.repair import EntryContext, clean_entry
from masthead.core.types import CleanArticle

SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
LINK = "https://hafenbote.example/stadt/bruecke"
LONG = "The council voted on Monday to rebuild the old bridge, which the flood of last summer had damaged."


def made(pub_date: str, page: CleanArticle | None = None) -> CleanArticle:
    feed = parse_feed(
        '<rss version="2.0"><channel><title>Hafenbote</title><item><title>Bridge</title>'
        f"<link>{LINK}</link>{f'<pubDate>{pub_date}</pubDate>' if pub_date else ''}"
        f"<description>&lt;p&gt;{LONG}&lt;/p&gt;</description></item></channel></rss>".encode()
    )
    return clean_entry(feed.entries[0], EntryContext(feed_title="Hafenbote"), page, first_seen=SEEN)


def page(published: str) -> CleanArticle:
    html = (
        f'<html lang="en"><head><meta property="article:published_time" content="{published}"></head>'
        f"<body><article><h1>Bridge</h1><p>{LONG}</p><p>{LONG} Again.</p></article></body></html>"
    )
    return extract_page(html.encode(), LINK, seen=SEEN)


@pytest.mark.parametrize(
    ("stated", "value", "precision", "zone"),
    [
        ("Fri, 01 Mar 2024 08:15:00 +0100", "2024-03-01T08:15:00+01:00", "second", "+01:00"),
        ("Fri, 01 Mar 2024 08:15 CET", "2024-03-01T08:15:00+01:00", "second", "+01:00"),
        ("1 Mar 24 8:15 PM GMT", "2024-03-01T20:15:00Z", "second", "Z"),
        # Without a zone, without a time, without a day: what is stated, and no more.
        ("Fri, 01 Mar 2024 08:15:00", "2024-03-01T08:15:00", "second", None),
        ("Fri, 01 Mar 2024 08:15 IST", "2024-03-01T08:15", "minute", None),
        ("2024-03-01", "2024-03-01", "day", None),
        ("1. März 2024, 8.15 Uhr", "2024-03-01T08:15", "minute", None),
        ("1 de marzo de 2024", "2024-03-01", "day", None),
        ("1er mars 2024 à 8h15", "2024-03-01T08:15", "minute", None),
        ("1 марта 2024 г., 08:15", "2024-03-01T08:15", "minute", None),
        ("1 مارس 2024", "2024-03-01", "day", None),
        ("March 2024", "2024-03", "month", None),
        ("2023", "2023", "year", None),
    ],
)
def test_as_much_as_is_stated(stated: str, value: str, precision: str, zone: str | None) -> None:
    date = made(stated).published
    assert date is not None
    assert (date.value, date.precision, date.zone, date.method) == (value, precision, zone, "stated")
    assert date.raw == stated and date.earliest <= date.latest


@pytest.mark.parametrize(
    "stated",
    ["", "yesterday", "08:15", "03/04/2024", "31 Feb 2024", "Mon, 00 Jan 0000 00:00:00 GMT", "0000-00-00 00:00:00"],
)
def test_what_cannot_be_known_stays_null(stated: str) -> None:
    article = made(stated)
    assert article.published is None
    assert article.provenance["published"].origin == "none"
    assert bool(stated) == any("could not be read" in warning for warning in article.warnings)


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", "no-date"),
        ("Mon, 01 Jan 0001 00:00:00 GMT", "no-date"),
        ("0001-01-01T00:00:00Z", "no-date"),
        ("Sat, 01 Mar 2031 08:15:00 GMT", "future-date"),
    ],
)
def test_what_cannot_be_true_is_left_out_with_its_reason(stated: str, code: str) -> None:
    article = made(stated)
    assert article.published is None and code in {repair.code for repair in article.repairs}


def test_first_sight_is_never_the_claim() -> None:
    assert made("").published is None
    ahead = made("Tue, 05 Mar 2024 15:00:00 GMT").published
    assert ahead is not None and ahead.value == "2024-03-05T15:00:00" and ahead.zone is None


def test_the_bounds_of_a_date_without_zone_are_those_of_all_zones() -> None:
    minute = made("1 March 2024 08:15").published
    day = made("1 March 2024").published
    assert minute is not None and day is not None
    assert (minute.earliest, minute.latest) == ("2024-02-29T18:15Z", "2024-03-01T20:15Z")
    assert (day.earliest, day.latest) == ("2024-02-29T10:00Z", "2024-03-02T11:59:59Z")


# ---- feed and page


def test_a_page_that_agrees_makes_the_feed_surer() -> None:
    alone, both = made("1 Mar 2024 08:15:00 GMT"), made("1 Mar 2024 08:15:00 GMT", page("2024-03-01T08:15:00Z"))
    assert alone.published is not None and both.published is not None
    assert both.published.value == alone.published.value and both.published.confidence > alone.published.confidence
    assert {evidence.kind for evidence in both.published.evidence} == {"feed", "page:meta:article:published_time"}


def test_the_one_that_states_more_is_taken_where_they_agree() -> None:
    article = made("1 Mar 2024", page("2024-03-01T08:15:00+01:00"))
    assert article.published is not None and article.published.value == "2024-03-01T08:15:00+01:00"
    assert article.provenance["published"].origin == "page:meta:article:published_time"


def test_a_page_that_plainly_states_another_day_is_believed_and_both_are_shown() -> None:
    article = made("Mon, 04 Mar 2024 08:15:00 GMT", page("2024-02-01T08:15:00Z"))
    assert article.published is not None and article.published.value == "2024-02-01T08:15:00Z"
    assert "date-conflict" in {repair.code for repair in article.repairs}
    assert {evidence.kind for evidence in article.published.evidence} >= {"feed"}


def test_a_page_that_only_hints_does_not_move_the_feeds_date() -> None:
    html = f'<html lang="en"><body><h1>Bridge</h1><p class="date">1 February 2024</p><p>{LONG}</p><p>{LONG}</p></body></html>'
    hint = extract_page(html.encode(), LINK, seen=SEEN)
    assert hint.published is not None and hint.published.value == "2024-02-01"
    article = made("Mon, 04 Mar 2024 08:15:00 GMT", hint)
    assert article.published is not None and article.published.value == "2024-03-04T08:15:00Z"


def test_the_pages_date_stands_in_for_one_the_feed_lacks() -> None:
    article = made("yesterday", page("2024-03-01T08:15:00Z"))
    assert article.published is not None and article.published.value == "2024-03-01T08:15:00Z"


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_no_date_of_a_feed_makes_it_raise(stated: str) -> None:
    made(stated.replace("&", "").replace("<", "").replace("]]>", ""))


def changed(day: str) -> CleanArticle:
    html = (
        f"<html lang=en><body><article><h1>Bridge</h1><p>Updated {day}</p><p>{LONG}</p><p>{LONG} Again.</p></article>"
    )
    return extract_page(html.encode(), LINK, seen=SEEN)


def test_a_day_of_change_neither_supports_nor_contradicts_the_feed() -> None:
    alone = made("Fri, 01 Mar 2024 08:15:00 +0100")
    joined = made("Fri, 01 Mar 2024 08:15:00 +0100", changed("4 March 2024"))
    assert joined.published == alone.published
    assert "day-of-change" not in {repair.code for repair in joined.repairs}
    assert made("Fri, 01 Mar 2024 08:15:00 +0100", changed("2 January 2024")).published == alone.published


def test_an_entry_without_a_date_takes_the_day_of_change_and_says_so() -> None:
    article = made("", changed("4 March 2024"))
    assert article.published is not None and (article.published.value, article.published.method) == (
        "2024-03-04",
        "inferred",
    )
    assert "day-of-change" in {repair.code for repair in article.repairs}
