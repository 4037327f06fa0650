"""Grouping in the database: the verb and what it promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from masthead.articles.models import ArticleState
from masthead.stories.group import group
from masthead.stories.models import Member, Posting, Progress, Signature, Story, Term

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAM = "The old dam above the town of Alfeld broke on {} and {} people fled from the flood that followed."
STRIKE = "Nurses of the hospital in Gerbach went on strike for {} pay on {}, their union said at a rally."


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def settle(limit: int = 100) -> int:
    done = 0
    while True:
        outcome = group(limit)
        done += outcome.done
        if not outcome.more:
            return done


def story_of(article: Any) -> int:
    return int(Member.objects.values_list("story", flat=True).get(article=article))


def test_reports_of_one_event_share_a_story(newsroom: Any) -> None:
    dam = [
        newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "hundreds of"), source="A"),
        newsroom.article("Hundreds flee as Alfeld dam breaks", DAM.format("Monday night", "many"), source="B"),
    ]
    strike = newsroom.article("Nurses in Gerbach strike for higher pay", STRIKE.format("higher", "Sunday"), source="A")
    settle()
    assert story_of(dam[0]) == story_of(dam[1]) != story_of(strike)
    story = Story.objects.get(pk=story_of(dam[0]))
    assert (story.articles, story.sources) == (2, 2)
    assert story.title in {a.title for a in dam}
    assert story.lead in dam
    assert (story.first_at, story.last_at) == (dam[0].sort_at, dam[1].sort_at)


def test_it_is_idempotent_and_order_by_batches_does_not_matter(newsroom: Any) -> None:
    for n in range(6):
        newsroom.article(f"Alfeld dam breaks, part {n}", DAM.format("Monday", str(n)), source=str(n % 3))
        newsroom.article(f"Nurses strike in Gerbach, day {n}", STRIKE.format("better", str(n)))
    assert settle(limit=1) >= 12
    before = sorted(Member.objects.values_list("article", "story"))
    assert settle() == 0
    assert sorted(Member.objects.values_list("article", "story")) == before
    assert Signature.objects.count() == 12
    assert Term.objects.get(language="en", term="").reports == 12


def test_languages_are_kept_apart(newsroom: Any) -> None:
    english = newsroom.article("Alfeld dam", DAM.format("Monday", "10"), language="en-GB")
    other = newsroom.article("Alfeld dam", DAM.format("Monday", "10"), language="nl", source="B")
    american = newsroom.article("Alfeld dam breaks", DAM.format("Monday", "10"), language="en-US", source="C")
    settle()
    assert story_of(english) == story_of(american) != story_of(other)


def test_copies_name_the_report_they_copy(newsroom: Any) -> None:
    wire = " ".join(DAM.format(f"Monday at {n}", f"{n} hundred") for n in range(8))
    first = newsroom.article("Dam breaks", wire, source="Wire")
    copy = newsroom.article("Dam broken", f"{wire} Additional reporting by our staff.", source="B")
    own = newsroom.article("Alfeld dam breaks", DAM.format("Monday", "hundreds of"), source="C")
    settle()
    assert Member.objects.get(article=copy).copy_of == first
    assert Member.objects.get(article=own).copy_of is None
    assert story_of(first) == story_of(copy)


def test_an_editors_placing_stays(newsroom: Any) -> None:
    first = newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "hundreds of"))
    settle()
    other = Story.objects.create(slug="own", title="Own", first_at=NOON, last_at=NOON)
    Member.objects.filter(article=first).update(story=other, origin=Member.Origin.EDITOR)
    second = newsroom.article("Alfeld dam breaks", DAM.format("Monday", "many"), source="B")
    settle()
    member = Member.objects.get(article=first)
    assert (member.story, member.origin) == (other, "editor")
    assert story_of(second) == other.pk


def test_hidden_reports_give_a_story_neither_title_nor_count(newsroom: Any) -> None:
    shown = newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "hundreds of"))
    later = newsroom.article(
        "Secret: Alfeld dam breaks", DAM.format("Monday", "many"), source="B", embargo_until=NOON + timedelta(hours=1)
    )
    newsroom.article("Held: Alfeld dam", DAM.format("Monday", "some"), source="C", state=ArticleState.HELD)
    settle()
    story = Story.objects.get()
    assert (story.title, story.articles, story.sources) == (shown.title, 1, 1)
    assert story.refresh_at == later.embargo_until
    with time_machine.travel(NOON + timedelta(hours=1, minutes=1), tick=False):
        settle()
        story.refresh_from_db()
        assert (story.articles, story.sources, story.refresh_at) == (2, 2, None)


def test_a_report_that_cannot_be_compared_blocks_nothing(newsroom: Any) -> None:
    broken = newsroom.article("Broken", document={"text": 7, "title": None})
    empty = newsroom.article("", "")
    fine = newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "hundreds of"))
    settle()
    assert {story_of(broken), story_of(empty), story_of(fine)} == set(Story.objects.values_list("pk", flat=True))


def test_one_process_groups_at_a_time_and_a_dead_one_is_succeeded(newsroom: Any) -> None:
    newsroom.article("Dam breaks", DAM.format("Monday", "many"))
    Progress.objects.create(pk=1, leased_until=timezone.now() + timedelta(seconds=7))
    assert group().done == 0
    with time_machine.travel(NOON + timedelta(seconds=9), tick=False):
        assert group().done >= 1
    assert Progress.objects.get().leased_until is None


def test_the_index_keeps_to_its_window(newsroom: Any) -> None:
    newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "many"), at=NOON - timedelta(days=60))
    settle()
    assert Posting.objects.exists()
    newsroom.article("Nurses strike in Gerbach", STRIKE.format("more", "Monday"))
    settle()
    assert not Posting.objects.filter(at__lt=NOON - timedelta(days=13)).exists()


def test_questions_do_not_grow_with_the_archive(newsroom: Any, django_assert_max_num_queries: Any) -> None:
    newsroom.many(150)
    settle()
    newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "many"))
    with django_assert_max_num_queries(50):
        assert group().done == 1
