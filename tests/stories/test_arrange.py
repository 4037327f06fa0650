"""Articles into sections, reports onto front pages, days counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from masthead.articles.models import ArticleState, Revision
from masthead.pages import compose
from masthead.pages.arrange import arrange, lay_out
from masthead.pages.models import Arrangement, DayCount, Placement, Section, Slot
from masthead.pages.sections import Directory
from masthead.stories.group import group

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def settle() -> None:
    while group().more:
        pass
    while arrange().more:
        pass


@pytest.mark.parametrize(
    ("feed", "categories", "slug", "origin"),
    [
        ("", [], "news", "default"),
        ("", ["Something else"], "news", "default"),
        ("", ["Sport"], "sport", "category"),
        ("", ["SPORTS"], "sport", "category"),
        ("", ["Wirtschaft"], "business", "category"),
        ("", ["Économie"], "business", "category"),
        ("", ["economia"], "business", "category"),
        ("", ["Наука"], "science", "category"),
        ("", ["رياضة"], "sport", "category"),
        ("", ["News", "Culture"], "culture", "category"),
        ("", ["News / World"], "world", "category"),
        ("", ["world-news"], "world", "category"),
        ("", ["Home > Sport > Football"], "sport", "category"),
        ("politics", ["Sport"], "politics", "feed"),
        ("Opinion Pages", [], "opinion-pages", "feed"),
    ],
)
def test_the_section_of_an_article(db: None, feed: str, categories: list[str], slug: str, origin: str) -> None:
    found = Directory.read().find(feed, categories)
    assert (found.section.slug, found.origin) == (slug, origin)


def test_a_site_with_its_own_sections_keeps_them(newsroom: Any) -> None:
    Section.objects.create(slug="village", name="Village", matches=["Parish"])
    newsroom.article(categories=["parish"])
    newsroom.article(categories=["Sport"])
    settle()
    assert set(Section.objects.values_list("slug", flat=True)) == {"village", "news"}
    assert sorted(Placement.objects.values_list("section__slug", "origin", "evidence")) == [
        ("news", "default", ""),
        ("village", "category", "parish"),
    ]


def test_an_editors_section_stays_and_a_new_date_is_followed(newsroom: Any) -> None:
    article = newsroom.article(categories=["Sport"])
    settle()
    culture = Section.objects.get(slug="culture")
    Placement.objects.update(section=culture, origin="editor")
    article.sort_at = NOON - timedelta(days=40)
    article.revision = Revision.objects.create(article=article, number=2, made_at=NOON, document={}, digest="")
    article.save()
    settle()
    placement = Placement.objects.get()
    assert (placement.section, placement.origin, placement.at) == (culture, "editor", article.sort_at)
    assert dict(DayCount.objects.values_list("day", "articles")) == {date(2026, 5, 4): 0, date(2026, 3, 25): 1}


def test_editions_have_their_own_front_pages(newsroom: Any, settings: Any) -> None:
    settings.MASTHEAD = replace(settings.MASTHEAD, editions=("en", "ar"))
    english, arabic = newsroom.article(), newsroom.article(language="ar-EG", source="B")
    swahili = newsroom.article(language="sw", source="C")
    settle()
    assert compose.front("ar").lead.id == arabic.pk  # type: ignore[union-attr]
    assert {c.id for c in compose.latest("en").cards} == {english.pk, swahili.pk}
    assert [c.id for c in compose.section("news", "ar").cards] == [arabic.pk]  # type: ignore[union-attr]
    assert compose.section("news", "ar").section.name == "أخبار"  # type: ignore[union-attr]
    frame = compose.frame("ar")
    assert (frame.direction, frame.editions) == ("rtl", (("en", "English"), ("ar", "العربية")))


def test_nothing_stands_twice_on_a_full_front_page(newsroom: Any) -> None:
    newsroom.many(300)
    settle()
    front = compose.front("en")
    assert front.lead is not None
    shown = [front.lead, *front.seconds, *front.briefs, *(c for b in front.sections for c in b.cards)]
    assert len({c.id for c in shown}) == len(shown) >= 15
    assert all(c.why for c in shown)
    assert {b.section.slug for b in front.sections} == {"sport", "world"}


def test_old_news_fetched_today_is_not_on_the_front_page(newsroom: Any) -> None:
    for n in range(20):
        newsroom.article(f"Fresh {n}", at=NOON - timedelta(hours=n), source=f"S{n}")
    old = newsroom.article(
        "From the archive", sort_at=NOON - timedelta(days=900), published_at=NOON - timedelta(days=900)
    )
    settle()
    assert not Slot.objects.filter(article=old).exists()


def test_pins_stay_until_their_time_and_outlive_stronger_news(newsroom: Any, clock: Any) -> None:
    weak = newsroom.article("Weak", at=NOON - timedelta(days=2))
    strong = newsroom.article("Strong", source="B")
    settle()
    assert Slot.objects.get(area="lead").article == strong
    Slot.objects.filter(area="lead").update(article=weak, pinned_until=NOON + timedelta(hours=2))
    clock.move_to(NOON + timedelta(minutes=5))
    settle()
    lead = Slot.objects.get(area="lead")
    assert (lead.article, lead.pinned_until) == (weak, NOON + timedelta(hours=2))
    assert compose.front("en").lead.id == weak.pk  # type: ignore[union-attr]
    clock.move_to(NOON + timedelta(hours=3))
    settle()
    assert Slot.objects.get(area="lead").article == strong


def test_what_is_taken_down_leaves_the_front_page(newsroom: Any, clock: Any) -> None:
    newsroom.article("Other", at=NOON - timedelta(hours=5), source="B")
    lead = newsroom.article("Lead")
    settle()
    lead.state = ArticleState.WITHDRAWN
    lead.save()
    assert compose.front("en").lead.title == "Other"  # type: ignore[union-attr]
    clock.move_to(NOON + timedelta(minutes=2))
    settle()
    assert not Slot.objects.filter(article=lead).exists()
    assert DayCount.objects.get(day=date(2026, 5, 4)).articles == 1


def test_the_page_ages_without_anything_new(newsroom: Any, clock: Any) -> None:
    newsroom.article()
    settle()
    before = Slot.objects.get()
    clock.move_to(NOON + timedelta(seconds=30))
    settle()
    assert Slot.objects.get().why == before.why
    clock.move_to(NOON + timedelta(hours=2))
    settle()
    after = Slot.objects.get()
    assert after.why[0] == ["age-hours", 3]
    assert after.filled_at == before.filled_at


def test_nothing_is_written_when_nothing_changed(newsroom: Any, clock: Any, django_assert_max_num_queries: Any) -> None:
    newsroom.many(40)
    settle()
    places = list(Slot.objects.order_by("pk").values_list("pk", "article", "filled_at"))
    lay_out("en")  # the reasons now say what kept its place
    assert lay_out("en") == 0
    assert list(Slot.objects.order_by("pk").values_list("pk", "article", "filled_at")) == places
    with django_assert_max_num_queries(8):
        assert arrange().done == 0


def test_a_dead_process_is_succeeded(newsroom: Any, clock: Any) -> None:
    newsroom.article()
    Arrangement.objects.create(pk=1, leased_until=NOON + timedelta(seconds=6))
    assert arrange().done == 0
    clock.move_to(NOON + timedelta(seconds=7))
    assert arrange().done == 1
