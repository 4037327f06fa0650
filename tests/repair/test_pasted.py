# ruff: noqa: E501 (texts in their length)
"""Pages pasted as text, of invented publishers, layouts and languages: what stands round a report, and cuts through it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from masthead.core.extract import extract_page
from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.types import CleanArticle, ParsedEntry

SEEN = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
TEXT = "The car ferry between Elmwick and Sandholm sailed again on Thursday for the first time in eleven years."
SAID = "Mayor Ada Holm said: “It is a good day for both shores, and we have waited for it long enough.”"


def pasted(tail: str = "", head: str = "", middle: str = "") -> CleanArticle:
    parts = (head, "Ferry returns to Elmwick after eleven years", TEXT, middle, SAID)
    return clean_text("\n\n".join(part for part in parts if part) + (f"\n{tail}" if tail else ""), seen=SEEN)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("34.1 C", "34.1 °C"),
        ("72°F", "72 °F"),
        ("−4 °C", "-4 °C"),
        ("☀️ 22°", "22 °"),
        ("18,5 Grad", "18.5 °C"),
        ("19 градусов", "19 °C"),
        ("٣١ درجة مئوية", "31 °C"),
        ("50 ℉", "50 °F"),
    ],
)
def test_the_temperature_over_a_page_is_the_pages(line: str, shown: str) -> None:
    article = pasted(head=f"{line}\nFriday, March 1, 2024")
    assert article.page == {"temperature": shown, "date": "2024-03-01"}
    assert (article.title, article.published) == ("Ferry returns to Elmwick after eleven years", None)


def test_a_headline_that_begins_with_degrees_is_a_headline() -> None:
    article = clean_text(f"34 degrees in the shade: Elmwick opens its pools\n\n{TEXT}\n\n{SAID}", seen=SEEN)
    assert article.title == "34 degrees in the shade: Elmwick opens its pools"
    assert "temperature" not in article.page


@pytest.mark.parametrize(
    ("rest", "value", "precision", "method"),
    [
        ("uary 03, 2024 at 07:05AM", "2024", "year", "stated"),
        ("bruary 03, 2024 at 07:05AM", "2024-02-03T07:05", "minute", "inferred"),
        ("ember 03, 2024 at 07:05PM", "2024", "year", "stated"),
        ("cember 03, 2024 at 07:05PM", "2024-12-03T19:05", "minute", "inferred"),
        ("bre 03, 2024 at 07:05AM", "2024", "year", "stated"),
        (", 2024 at 07:05AM", "2024", "year", "stated"),
        ("2024 at 07:05AM", "2024", "year", "stated"),
    ],
)
def test_a_date_cut_anywhere_keeps_what_is_left(rest: str, value: str, precision: str, method: str) -> None:
    article = pasted(f"https://ift.tt/9zQwErT {rest}\nfrom Elmwick Post")
    assert article.published is not None
    assert (article.published.value, article.published.precision, article.published.method) == (
        value,
        precision,
        method,
    )
    assert article.published.raw == rest
    assert article.short_links == ("https://ift.tt/9zQwErT",)
    assert article.source.name == "Elmwick Post"
    assert article.text == f"{TEXT}\n\n{SAID}"


def test_of_a_date_cut_to_its_time_nothing_is_made() -> None:
    article = pasted("https://ift.tt/9zQwErT at 07:05AM\nfrom Elmwick Post")
    assert article.published is None
    assert article.source.name == "Elmwick Post"
    assert article.text == f"{TEXT}\n\n{SAID}"
    assert any("at 07:05AM" in warning for warning in article.warnings)


def test_words_behind_a_short_link_are_no_tail() -> None:
    article = pasted("https://ift.tt/9zQwErT has the timetable of the ferry for the whole summer")
    assert "has the timetable" in article.text
    assert article.short_links == ()


@pytest.mark.parametrize(
    ("card", "label"),
    [
        ('<blockquote><b>Lesen Sie auch</b>\n<a href="/lokales/40123.html">Alte Brücke gesperrt</a></blockquote>', "Lesen Sie auch"),
        ('<figure><figcaption>Читайте также: <a href="/news/55102/">Alte Brücke gesperrt</a></figcaption></figure>', "Читайте также"),
        ('<p><strong>اقرأ أيضا</strong> <a href="/local/881">Alte Brücke gesperrt</a></p>', "اقرأ أيضا"),
        ('<p>À lire aussi :</p>\n<ul><li><a href="../ponts/12">Alte Brücke gesperrt</a></li></ul>', "À lire aussi"),
    ],
)  # fmt: skip
def test_a_pointer_whose_host_nothing_tells_leaves_the_prose(card: str, label: str) -> None:
    article = pasted(middle=card)
    assert article.text == f"{TEXT}\n\n{SAID}"
    (found,) = article.related
    assert (found.label, found.title, found.url, found.url_method) == (label, "Alte Brücke gesperrt", "", "none")


def test_a_link_that_was_lost_in_prose_keeps_its_words() -> None:
    article = pasted(middle='<p>See also how <a href="/x">the old ferry</a> was lost in the storm of 2013.</p>')
    assert "See also how the old ferry was lost in the storm of 2013." in article.text
    assert article.related == ()
    assert "<a" not in "".join(block.html for block in article.body)


CARD = (
    "<p>&lt;span&gt;&lt;strong&gt;Read more&lt;/strong&gt;&lt;/span&gt;<br>"
    "&lt;img src=&quot;https://img.elmwick-post.example/2024.02/thumb/quay.jpg&quot; alt=&quot;The quay&quot; /&gt;<br>"
    "&lt;figcaption&gt;&lt;a href=&quot;/harbour/5541-tickets/&quot;&gt;Tickets from two crowns&lt;/a&gt;&lt;/figcaption&gt;</p>"
)
TAIL = "<p>https://ift.tt/9zQwErT March 01, 2024 at 07:05AM<br>from Elmwick Post – News</p>"


def reposted(tail: str, card: str = CARD) -> CleanArticle:
    """A page of a blog that posts another publisher's reports; its own pictures and links are on its own host."""
    html = (
        '<html lang="en"><head><title>Ferry returns to Elmwick after eleven years – Mirror</title>'
        '<meta property="og:site_name" content="Mirror"></head><body><article>'
        '<h1>Ferry returns to Elmwick after eleven years</h1><img src="https://www.mirror.example/logo-small.png">'
        f"<p>{TEXT}</p>{card}<p>{SAID}</p><p>{TEXT} The council expects many more.</p>{tail}</article></body></html>"
    )
    return extract_page(html.encode(), "https://www.mirror.example/2024/03/ferry-returns/", seen=SEEN)


def test_a_reposted_page_is_healed_as_a_pasted_text_is() -> None:
    article = reposted(TAIL)
    assert "ift.tt" not in article.text
    assert article.short_links == ("https://ift.tt/9zQwErT",)
    assert article.source.name == "Elmwick Post – News"
    assert article.provenance["source"].origin == "text:tail"
    (card,) = article.related
    # Not the host of the blog that posted it.
    assert (card.url, card.url_method) == ("https://elmwick-post.example/harbour/5541-tickets/", "inferred")


def test_relative_links_of_a_page_of_its_own_lead_into_its_own_site() -> None:
    (card,) = reposted("").related
    assert (card.url, card.url_method) == ("https://www.mirror.example/harbour/5541-tickets/", "stated")


def test_a_reposted_item_of_a_feed_names_its_source_and_not_the_hosts_links() -> None:
    entry = ParsedEntry(
        id="1",
        link="https://www.mirror.example/2024/03/ferry-returns/",
        title="Ferry returns to Elmwick after eleven years",
        content_html=f"<p>{TEXT}</p>{CARD}<p>{SAID}</p>{TAIL}",
    )
    article = clean_entry(entry, EntryContext(feed_title="Mirror", feed_link="https://www.mirror.example/"), None, SEEN)
    assert article.source.name == "Elmwick Post – News"
    assert [card.url for card in article.related] == ["https://elmwick-post.example/harbour/5541-tickets/"]
    assert article.text == f"{TEXT}\n\n{SAID}"


def test_a_reposted_text_without_any_other_address_has_links_to_nowhere_rather_than_wrong_ones() -> None:
    (card,) = reposted(TAIL, '<p>Read more: <a href="/harbour/5541-tickets/">Tickets from two crowns</a></p>').related
    assert (card.title, card.url) == ("Tickets from two crowns", "")


def test_a_text_that_is_a_short_links_address_in_markup_alone_is_no_post() -> None:
    article = clean_entry(
        ParsedEntry(id="1", content_html='<img src="https://ift.tt/9zQwErT">'), EntryContext(), None, SEEN
    )
    assert article.text == ""
