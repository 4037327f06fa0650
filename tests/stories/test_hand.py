"""What editors decide about stories: it holds, it is known whose it was, and it can be undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from masthead.accounts.models import Role, User
from masthead.core import grouping
from masthead.core.revising import Merge
from masthead.stories import hand, queries, revise
from masthead.stories.group import group
from masthead.stories.models import Decision, Member, Story

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAM = "The old dam above the town of Alfeld broke on {} and {} people fled from the flood that followed."
STRIKE = "Nurses of the hospital in Gerbach went on strike for {} pay on {}, their union said at a rally."


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada", role=Role.EDITOR)


def settle() -> None:
    while group(100).more:
        pass


def told(newsroom: Any) -> tuple[list[Any], list[Any]]:
    """Two reports of a dam and two of a strike, grouped."""
    dam = [newsroom.article(f"Dam breaks above Alfeld {n}", DAM.format("Monday", n), source=n) for n in "ab"]
    strike = [newsroom.article(f"Nurses strike in Gerbach {n}", STRIKE.format("more", n), source=n) for n in "ab"]
    settle()
    assert len({story_of(a) for a in dam}) == len({story_of(a) for a in strike}) == 1
    return dam, strike


def story_of(article: Any) -> Story:
    return Member.objects.select_related("story").get(article=article).story


def places() -> list[tuple[Any, ...]]:
    return list(Member.objects.order_by("article").values_list("article", "story", "origin"))


def stories() -> set[tuple[Any, ...]]:
    return set(Story.objects.values_list("pk", "merged_into", "articles", "sources", "title", "lead"))


def test_each_decision_is_undone_to_the_last_row(newsroom: Any, ada: User) -> None:
    dam, strike = told(newsroom)
    before, there = places(), stories()
    acts: list[Any] = [
        lambda: hand.place(strike[0], story_of(dam[0]), ada),
        lambda: hand.separate(dam[1], ada),
        lambda: hand.merge(story_of(strike[0]), story_of(dam[0]), ada),
    ]
    for act in acts:
        act()
        assert places() != before
        decision = Decision.objects.first()
        assert decision is not None and decision.user == ada
        hand.undo(decision, ada)
        decision.refresh_from_db()
        assert (decision.undone_by, decision.undone_at) == (ada, NOON)
        assert places() == before
        assert there <= stories(), "a story that was opened leads on; all others are as they were"
        with pytest.raises(ValueError, match="already"):
            hand.undo(decision, ada)


def test_a_merged_story_that_is_undone_has_its_own_address_and_those_that_led_to_it(newsroom: Any, ada: User) -> None:
    dam, strike = told(newsroom)
    gone, into = story_of(strike[0]), story_of(dam[0])
    older = Story.objects.create(slug="o", title="O", first_at=NOON, last_at=NOON, merged_into=gone)
    hand.merge(gone, into, ada)
    older.refresh_from_db()
    assert older.merged_into == into
    hand.undo(Decision.objects.get(), ada)
    for story in (older, gone):
        story.refresh_from_db()
    assert (older.merged_into, gone.merged_into) == (gone, None)


def test_what_was_decided_since_is_not_undone_with_it(newsroom: Any, ada: User) -> None:
    dam, strike = told(newsroom)
    hand.place(strike[0], story_of(dam[0]), ada)
    first = Decision.objects.get()
    own = hand.separate(strike[0], ada)
    with pytest.raises(ValueError, match="came later"):
        hand.undo(first, ada)
    assert story_of(strike[0]) == own
    assert first.undone_at is None
    hand.place(strike[0], story_of(dam[0]), ada)
    decisions = list(queries.decisions(story_of(dam[0]).pk))
    newest = Decision.objects.order_by("-pk")[0]
    assert queries.standing(decisions) == {newest.pk}, "it stands there by the newest decision alone"
    with pytest.raises(ValueError, match="came later"):
        hand.undo(first, ada)
    hand.undo(newest, ada)
    assert story_of(strike[0]) != story_of(dam[0])


def test_a_report_alone_is_held_alone(newsroom: Any, ada: User) -> None:
    lone = newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "many"))
    settle()
    story = story_of(lone)
    assert hand.separate(lone, ada) == story
    newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "hundreds of"), source="b")
    settle()
    assert queries.held([story.pk]) == {story.pk}
    assert Story.objects.filter(merged_into=None, pk=story.pk).exists()


def test_a_story_has_one_language(newsroom: Any, ada: User) -> None:
    dam, _ = told(newsroom)
    other = newsroom.article("Damm bricht bei Alfeld", "Der Damm brach am Montag.", language="de", source="c")
    settle()
    with pytest.raises(ValueError, match="language"):
        hand.place(other, story_of(dam[0]), ada)
    with pytest.raises(ValueError, match="de, the other in en"):
        hand.merge(story_of(other), story_of(dam[0]), ada)
    assert not Decision.objects.exists()


def test_stories_that_lead_on_are_taken_for_what_they_lead_to(newsroom: Any, ada: User) -> None:
    dam, strike = told(newsroom)
    gone, into = story_of(strike[0]), story_of(dam[0])
    hand.merge(gone, into, ada)
    lone = newsroom.article(
        "A carnival in Norwin", "The carnival of Norwin began with a parade on Tuesday.", source="c"
    )
    settle()
    hand.merge(gone, story_of(lone), ada)
    gone.refresh_from_db()
    assert {story_of(a).pk for a in (*dam, *strike, lone)} == {gone.merged_into_id}
    with pytest.raises(ValueError, match="one already"):
        hand.merge(gone, into, ada)


def test_the_machine_gives_way_to_a_decision_of_this_moment(newsroom: Any, ada: User, monkeypatch: Any) -> None:
    """An editor decides after the machine has looked and before it writes."""
    dam, strike = told(newsroom)
    one, other = story_of(dam[0]), story_of(strike[0])

    def decides(story: int, looked: Any, held: Any) -> list[Merge]:
        hand.place(strike[0], other, ada)
        return [Merge(gone=other.pk, into=one.pk)]

    monkeypatch.setattr(revise, "revise", decides)
    peers = queries.members_of([one.pk, other.pk], (NOON - grouping.WINDOW, NOON + grouping.WINDOW))
    assert revise.look_again(one.pk, [other.pk], peers) == []
    assert story_of(strike[1]) == other


def test_near_stories_are_offered_nearest_first(newsroom: Any) -> None:
    dam, _strike = told(newsroom)
    late = NOON + timedelta(hours=2)
    own = newsroom.article("Alfeld dam: what we know", DAM.format("Monday", "many"), source="c", at=late)
    settle()
    hand.separate(own)
    assert queries.near(own.pk)[:1] == [story_of(dam[0]).pk]
    assert story_of(own).pk not in queries.near(own.pk)
