"""The story page from records alone: what stands on it, what is left out, and what machines are told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import lxml.html
from lxml.html import HtmlElement

from masthead.pages import story_types
from masthead.site.render import html

from . import examples


def page_of(page: story_types.StoryPage, language: str = "en") -> HtmlElement:
    return lxml.html.document_fromstring(html("story.html", examples.frame(language), page=page))


def words_of(node: HtmlElement) -> str:
    return " ".join(node.text_content().split())


def headings(node: HtmlElement) -> list[str]:
    return [words_of(h) for h in node.cssselect("main h2")]


def test_a_story_of_all_parts() -> None:
    node = page_of(examples.story())
    assert headings(node) == [
        "In the words of the reports", "What the reports agree on", "Where they differ", "Who said what",
        "First to publish", "Related stories", "Pictures", "Who reported what, and when",
        "More pictures",
    ]  # fmt: skip
    quoted = node.cssselect(".told blockquote")
    assert [words_of(q) for q in quoted] == examples.STANDFIRSTS["en"]
    assert all(q.get("cite", "").startswith("http") for q in quoted)
    told = words_of(node)
    assert "Also carried by" in told
    assert "The publisher changed its report: Headline, Text." in told
    assert "The publisher took its report away" in told
    assert "1 other source states no exact time and may have been earlier." in told
    assert "3 more reports are not shown here." in told
    assert [u.text for u in node.cssselect(".moment u")] == ["Central", "bank"]


def test_what_there_is_nothing_of_is_absent() -> None:
    node = page_of(examples.short_story())
    assert headings(node) == ["In the words of the reports", "Who reported what, and when"]
    assert not node.cssselect("aside.story-rail, .basis, .pictures")
    assert "much of it" not in words_of(node)
    bare = page_of(replace(examples.short_story(), summary=()))
    assert headings(bare) == ["Who reported what, and when"]


def test_a_long_story_is_folded_and_loses_nothing() -> None:
    page = examples.long_story()
    node = page_of(page)
    lines = node.cssselect(".moment h3 a")
    assert [a.get("href") for a in lines] == [card.path for card in page.reports]
    folded = node.cssselect("details.between .moment")
    assert 0 < len(folded) < len(lines)
    assert words_of(node.cssselect("details.between summary")[0]) == f"Show {len(folded)} more lines"


def test_no_time_is_shown_that_nobody_stated() -> None:
    card = examples.card(3)
    day = replace(card, precision="day")
    year = replace(card, published=None, precision="year", at=card.at - timedelta(days=400))
    seen = replace(card, published=None, precision="")
    moments = tuple(story_types.Moment(c.at, "report", c) for c in (year, day, seen))
    node = page_of(replace(examples.short_story(), timeline=moments))
    told = [words_of(p) for p in node.cssselect(".moment-time")]
    assert told == ["2025", "time not stated", "first seen 10:44"]
    assert [words_of(p) for p in node.cssselect(".moment-day")] == ["Tuesday, November 24, 2026"]


def test_the_page_speaks_the_language_of_its_reports() -> None:
    node = page_of(examples.story("ar"), "ar")
    assert node.get("dir") == "rtl"
    assert node.cssselect(".told blockquote")[0].get("dir") == "rtl"
    assert "In the words" not in words_of(node)


def test_machines_are_told_of_the_reports_in_order() -> None:
    page = examples.story()
    node = page_of(page)
    data = json.loads(node.cssselect('script[type="application/ld+json"]')[0].text or "")
    assert (data["@type"], data["name"], data["dateModified"]) == (
        "CollectionPage", page.story.title, examples.NOW.isoformat()
    )  # fmt: skip
    items = data["mainEntity"]["itemListElement"]
    assert [item["item"]["headline"] for item in items] == [card.title for card in page.reports]
    assert data["mainEntity"]["numberOfItems"] == len(items) == 4
    assert data["description"] == examples.STANDFIRSTS["en"][0]
    assert node.cssselect('link[rel="canonical"]')[0].get("href", "").endswith(page.story.path)
