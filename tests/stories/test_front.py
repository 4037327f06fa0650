"""The front page: who counts as a voice, what may stand on top, how each place is explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from masthead.articles.models import Article, ArticleState
from masthead.feeds.models import Source
from masthead.pages import compose
from masthead.pages.arrange import arrange
from masthead.pages.candidates import candidates, house_of, independent_sources
from masthead.pages.models import Slot
from masthead.stories.models import Member, Story

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def settle() -> None:
    while arrange().more:
        pass


def story(reports: list[Article], *, copies: tuple[int, ...] = ()) -> Story:
    """The story of these reports; those at the positions `copies` repeat the first."""
    made = Story.objects.create(
        title=reports[0].title,
        slug="story",
        lead=reports[0],
        articles=len(reports),
        sources=len({r.source_id for r in reports}),
        first_at=NOON,
        last_at=NOON,
    )
    for n, report in enumerate(reports):
        copy_of = reports[0] if n in copies else None
        Member.objects.create(story=made, article=report, at=report.sort_at, copy_of=copy_of)
    return made


def test_copies_of_one_report_are_one_voice(newsroom: Any) -> None:
    reports = [newsroom.article("A dam breaks", source=name) for name in ("Wire", "Courier", "Herald", "Gazette")]
    made = story(reports, copies=(1, 2))
    assert independent_sources([made.pk]) == {made.pk: 2}


def test_what_readers_do_not_see_is_no_voice_and_hides_none(newsroom: Any) -> None:
    """A report that is held counts for nothing, and one that repeats it is a report in its own right; so is one that
    repeats a report of another story."""
    reports = [newsroom.article("A dam breaks", source=name) for name in ("Wire", "Courier", "Herald", "Gazette")]
    made = story(reports, copies=(1,))
    elsewhere = newsroom.article("Another story", source="Post")
    Member.objects.filter(article=reports[2]).update(copy_of=elsewhere)
    assert independent_sources([made.pk]) == {made.pk: 3}
    Article.objects.filter(pk__in=[reports[0].pk, reports[3].pk]).update(state=ArticleState.HELD)
    assert independent_sources([made.pk]) == {made.pk: 2}


def test_sources_of_one_owner_or_one_domain_are_one_voice(newsroom: Any) -> None:
    reports = [newsroom.article("A dam breaks", source=name) for name in ("A", "B", "C", "D", "E")]
    made = story(reports)
    Source.objects.filter(name__in=("A", "B")).update(owner="The Group ", home_url="https://a.example/")
    Source.objects.filter(name="C").update(home_url="https://world.house.co.uk/")
    Source.objects.filter(name="D").update(home_url="https://www.house.co.uk/sport")
    assert independent_sources([made.pk]) == {made.pk: 3}
    held = {c.key: c for c in candidates("en", {})}
    assert {held[r.pk].sources for r in reports} == {3}
    assert len({held[r.pk].house for r in reports}) == 3


def test_a_source_of_which_nothing_is_known_is_its_own_voice() -> None:
    assert house_of(1, "", "") != house_of(2, "", "")
    assert house_of(1, "The Group", "") == house_of(2, "the group", "https://other.example/")


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"published_inferred": True},
        {"published_at": None, "published_precision": "year", "sort_at": datetime(2026, 1, 1, 9, tzinfo=UTC)},
        {"published_at": NOON - 40 * 24 * HOUR, "sort_at": NOON - 40 * 24 * HOUR},
    ],
    ids=["no date", "concluded", "the year alone", "old"],
)
def test_what_may_be_old_neither_leads_nor_tops_the_latest(newsroom: Any, values: dict[str, Any]) -> None:
    known = [newsroom.article(f"Known {n}", source=f"K{n}", at=NOON - (n + 1) * HOUR) for n in range(14)]
    doubtful = newsroom.article("Doubtful", source="D", first_seen_at=NOON, **values)
    story([doubtful, *(newsroom.article("Doubtful", source=f"D{n}", **values) for n in range(9))])
    settle()
    front = compose.front("en")
    assert front.lead is not None
    assert "Doubtful" not in front.lead.title
    assert front.latest[0].id == compose.latest("en").cards[0].id == known[0].pk
    section = compose.section("news", "en")
    assert section is not None
    assert section.cards[0].id == known[0].pk
    assert len(section.cards) == 24


def test_a_site_without_any_date_has_a_front_page_all_the_same(newsroom: Any) -> None:
    for n in range(8):
        newsroom.article(f"Undated {n}", dated=False, source=f"S{n}")
    settle()
    front = compose.front("en")
    assert front.lead is not None
    assert len(front.latest) == 8
    assert "undated" in {reason.code for reason in front.lead.why}


def test_after_a_week_without_news_the_page_stands_and_says_how_old_it_is(newsroom: Any, clock: Any) -> None:
    newsroom.many(30)
    settle()
    clock.move_to(NOON + timedelta(days=8))
    settle()
    front = compose.front("en")
    assert front.lead is not None
    assert ("age-days", 8) in {(reason.code, reason.value) for reason in front.lead.why}
    assert len(front.seconds) == 4


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "published within the last hour"), ("/de", "in der letzten Stunde")]
)
def test_every_report_on_the_page_leads_to_the_reasons_of_its_place(
    newsroom: Any, settings: Any, prefix: str, words: str
) -> None:
    import dataclasses

    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, editions=("en", "de"))
    language = prefix.strip("/") or "en"
    for n in range(30):
        newsroom.article(f"Report {n}", source=f"S{n % 7}", language=language, categories=["Sport"] if n % 2 else [])
    settle()
    page = Client().get(f"{prefix}/").content.decode()
    why = Client().get(f"{prefix}/about/front/").content.decode()
    placed = list(Slot.objects.filter(edition=language).values_list("article", flat=True))
    assert len(placed) > 15
    for key in placed:
        assert f'href="{prefix}/about/front/#r{key}"' in page
        assert why.count(f'id="r{key}"') == 1
    assert words in why
    assert ("files it under “Sport”" if language == "en" else "unter „Sport“") in why


def test_the_desk_shows_the_numbers_and_who_is_next(newsroom: Any, admin_client: Client) -> None:
    for n in range(40):
        newsroom.article(f"Report {n}", source=f"S{n}", at=NOON - n * HOUR / 10)
    settle()
    page = admin_client.get(reverse("desk:front")).content.decode()
    assert "published within the last hour <b>×1.00</b>" in page
    assert "Next in line" in page


@pytest.mark.parametrize(
    ("dated", "days", "told"), [(True, 8, 8), (True, 1, 0), (False, 8, 8), (False, 0, 0)]
)  # fmt: skip
def test_silence_is_told_by_what_is_known_of_the_newest(newsroom: Any, dated: bool, days: int, told: int) -> None:
    """A report without a date is sorted as three days older than it was first seen; that is not three days' silence."""
    seen = NOON - timedelta(days=days, hours=1)
    article = newsroom.article("Dam breaks above Alfeld", "The dam broke.", at=seen, dated=dated)
    if not dated:
        Article.objects.filter(pk=article.pk).update(sort_at=seen - timedelta(days=3))
    settle()
    assert compose.front("en").silent == told
