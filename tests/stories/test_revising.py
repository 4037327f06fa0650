"""What speaks against one event, and late evidence: the pure rules, and the database doing the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from masthead.core import signing
from masthead.core.grouper import Grouper
from masthead.core.grouping import APART, Peer, likeness
from masthead.core.revising import MOVES, Merge, Move, revise
from masthead.core.signing import Signature
from masthead.stories import hand
from masthead.stories import revise as late
from masthead.stories.group import group
from masthead.stories.models import Member, Story

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAM = "The old dam above the town of Alfeld broke on {} and {} people fled from the flood that followed."
LIKENESS = dict[frozenset[int], float]


def signed(title: str, text: str, source: str = "a.example") -> Signature:
    return signing.sign(signing.count(title, text, "en", source), {}, 100)


def alike(one: tuple[str, str], other: tuple[str, str], gap: timedelta = HOUR) -> float:
    return likeness(signed(*one), NOON, signed(*other), NOON + gap)


QUAKE = "An earthquake of magnitude {} shook the coast near {} on {}, and rescuers with dogs searched the rubble there."
MATCH = "The visitors from {} had the better start, but a late goal gave {} a {} victory on {} before a full house."
SHARES = "Dealers spoke of a quiet session as the main index in Gerbach moved by {} per cent on {}, led by the banks."


@pytest.mark.parametrize(
    ("first", "same", "other", "gap"),
    [
        (
            ("Quake hits Arnheld", QUAKE.format("6.1", "Arnheld", "Monday")),
            ("Strong tremor in Arnheld", QUAKE.format("6.1", "Arnheld", "Monday night")),
            ("Quake hits Bolsand", QUAKE.format("5.4", "Bolsand", "Tuesday")),
            20 * HOUR,
        ),
        (
            ("Alfeld beat Horn", MATCH.format("Horn", "Alfeld", "2-1", "Saturday")),
            ("Late goal: Horn lose at Alfeld", MATCH.format("Horn", "Alfeld", "2-1", "Saturday")),
            ("Alfeld beat Quern", MATCH.format("Quern", "Alfeld", "3-0", "Wednesday")),
            4 * DAY,
        ),
        (
            ("Shares in Gerbach end Monday higher", SHARES.format("0.7", "Monday")),
            ("Gerbach index closes higher on Monday", SHARES.format("0.7", "Monday")),
            ("Shares in Gerbach end Tuesday higher", SHARES.format("1.2", "Tuesday")),
            DAY,
        ),
    ],
    ids=["quakes", "matches", "markets"],
)
def test_another_event_of_the_kind_is_less_alike(first: Any, same: Any, other: Any, gap: timedelta) -> None:
    assert alike(first, other, gap) < alike(first, same) / 2


def test_the_next_item_of_a_column_is_apart_whoever_brings_it() -> None:
    monday = ("Weather for Alfeld on Monday", "Monday in Alfeld brings rain and a fresh wind from the west.")
    tuesday = ("Weather for Alfeld on Tuesday", "Tuesday in Alfeld brings fog and a fresh wind from the west.")
    assert alike(monday, tuesday, DAY) == APART
    assert alike(monday, monday, HOUR) > 0.5


def test_a_form_filled_in_for_another_town_is_hardly_alike() -> None:
    text = "{} expects rain in the morning, a fresh wind from the west by noon and clear skies over {} in the night."
    told = (
        "Rain in the morning and then wind and clear skies: that is what forecasters say of the weather in {} and {}."
    )
    first = ("Weather for Alfeld", text.format("Alfeld", "Alfeld"))
    form = alike(first, ("Sky over Zuhren", text.format("Zuhren", "Zuhren")))
    own = alike(first, ("Sky over Zuhren", told.format("Zuhren", "Gerbach")))
    assert 0 < form < own


FORECAST = (
    "In {} expect fog on Monday and a high of 9 degrees. Pollen counts stay low.",
    "Monday in {} brings rain, with up to 14 degrees. The outlook: changeable. Pollen counts stay low. At night fog.",
)


def test_one_headline_about_another_place_is_another_event() -> None:
    """Their words differ enough to be no form filled in anew; their headlines are one but for the town."""
    here, there = (f"Weather for {town} on Monday" for town in ("Alfeld", "Brenning"))
    same = alike((here, FORECAST[0].format("Alfeld")), (here, FORECAST[1].format("Alfeld")))
    other = alike((here, FORECAST[0].format("Alfeld")), (there, FORECAST[1].format("Brenning")))
    assert other < same / 5


def test_one_headline_with_a_place_that_the_other_report_knows_is_one_event() -> None:
    text = "A fire destroyed the {} in Alfeld, in the county of Brenning, on Monday. Nobody was hurt, the brigade said."
    one, other = "Fire destroys sawmill in Alfeld", "Fire destroys sawmill in Brenning"
    both = alike((one, text.format("sawmill")), (other, text.format("old sawmill")))
    unknown = alike(
        (one, text.format("sawmill").replace("Brenning", "Corvey")),
        (other, text.format("mill at Brenning").replace("Alfeld", "Dorne")),
    )
    assert unknown < both / 5


def test_last_years_edition_is_apart_even_when_it_comes_today() -> None:
    text = "Okoro won the marathon of Alfeld in pouring rain before a large crowd at the old bridge."
    assert alike(("Okoro wins Alfeld marathon 2026", text), ("Okoro wins Alfeld marathon 2025", text)) == APART


def test_the_same_text_is_a_copy_but_not_with_other_names() -> None:
    text = " ".join(DAM.format(f"Monday at {n}", f"{n} hundred") for n in range(8))
    assert alike(("Dam breaks", text), ("Dam broken", f"(WIRE) {text}")) == 1.0
    assert alike(("Dam breaks", text), ("Dam breaks", text.replace("Alfeld", "Zuhren"))) < 1.0


def peers(stories: dict[int, list[int]], fixed: tuple[int, ...] = ()) -> dict[int, list[Peer]]:
    empty = Signature(terms={})
    return {
        story: [Peer(key, story, NOON + key * HOUR, empty, fixed=key in fixed) for key in keys]
        for story, keys in stories.items()
    }


def table(likely: LIKENESS, otherwise: float = 0.0) -> Any:
    return lambda one, other: likely.get(frozenset((one.key, other.key)), otherwise)


def test_two_stories_of_one_event_become_one_under_the_older_address() -> None:
    assert revise(2, peers({1: [1, 3], 2: [2, 4]}), measure=table({}, 0.3)) == [Merge(gone=2, into=1)]


def test_what_an_editor_touched_is_neither_merged_nor_split_nor_moved() -> None:
    assert revise(2, peers({1: [1, 3], 2: [2, 4]}), held={1}, measure=table({}, 0.3)) == []
    assert revise(1, peers({1: [1, 2]}), held={1}, measure=table({}, 0.0)) == []
    home = table({frozenset((3, 4)): 0.5, frozenset((1, 2)): 0.5, frozenset((2, 3)): 0.9, frozenset((2, 4)): 0.9})
    assert revise(3, peers({1: [1, 2], 3: [3, 4]}, fixed=(1, 2, 3, 4)), held={1, 3}, measure=home) == []


def test_a_report_moves_to_where_it_is_at_home() -> None:
    near = {frozenset(p): 0.5 for p in ((1, 2), (1, 3), (2, 3), (4, 5), (4, 6), (5, 6))}
    near |= {frozenset((key, 7)): 0.3 for key in (4, 5, 6)}
    assert revise(1, peers({1: [1, 2, 3, 7], 2: [4, 5, 6]}), measure=table(near)) == [Move((7,), 1, 2)]


def test_a_story_falls_apart_and_the_larger_part_keeps_it() -> None:
    near = {frozenset(p): 0.5 for p in ((1, 2), (1, 3), (2, 3), (4, 5))}
    assert revise(1, peers({1: [1, 2, 3, 4, 5]}), measure=table(near)) == [Move((4, 5), 1, None)]
    assert revise(1, peers({1: [1, 2, 3, 4, 5]}), measure=table(near, 0.09)) == []  # apart needs clearly less


@pytest.mark.parametrize("seed", range(5))
def test_nothing_flips_for_ever(seed: int) -> None:
    """With likenesses drawn by lot, again and again, each report moves only so often."""
    lot = random.Random(seed)
    places, moves = {key: key % 3 for key in range(9)}, dict.fromkeys(range(9), 0)
    for _ in range(3000):
        drawn = {frozenset((a, b)): lot.choice((-1.0, 0.0, 0.1, 0.5)) for a in places for b in places if a != b}
        there = {story: [k for k, s in places.items() if s == story] for story in set(places.values())}
        fixed = tuple(k for k, n in moves.items() if n >= MOVES)
        for change in revise(places[lot.randrange(9)], peers(there, fixed), measure=table(drawn)):
            into = change.into if change.into is not None else max(places.values()) + 1
            gone = [k for k, s in places.items() if s == change.gone] if isinstance(change, Merge) else change.keys
            for key in gone:
                places[key] = into
                moves[key] += isinstance(change, Move)
    assert max(moves.values()) <= MOVES


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def settle() -> None:
    while group(50).more:
        pass


def test_both_ways_of_grouping_agree_on_a_stream(newsroom: Any, noon: Any) -> None:
    lot = random.Random(5)
    grouper, numbers = Grouper("en"), {}
    for number in range(90):
        event = lot.randrange(18)
        town, what = f"Town{event}ville", ("dam", "mill", "bridge")[event % 3]
        words = " ".join(f"word{event * 7 + lot.randrange(12)}" for _ in range(12))
        title = f"The {what} of {town} {lot.choice(('breaks', 'burns', 'falls'))}"
        text = f"People in {town} saw how the {what} of {town} came down. {words}. Other{lot.randrange(40)} said so."
        at, source = NOON - DAY + number * timedelta(minutes=9), f"Paper {lot.randrange(9)}"
        article = newsroom.article(title, text, source=source, at=at)
        grouper.add(title, text, at, str(article.source_id))
        numbers[article.pk] = grouper.count
    settle()
    found: dict[int, set[int]] = {}
    for article, story in Member.objects.values_list("article", "story"):
        found.setdefault(story, set()).add(numbers[article])
    told: dict[int, set[int]] = {}
    for number in numbers.values():
        told.setdefault(grouper.story_of(number), set()).add(number)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, told.values()))
    assert 5 < len(found) < 60


def two_stories(newsroom: Any) -> tuple[Any, Any]:
    one = newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "many"), source="A")
    other = newsroom.article("Nurses strike in Gerbach", "Nurses of the hospital in Gerbach struck.", source="B")
    settle()
    return one, other


def story_of(article: Any) -> Story:
    return Member.objects.select_related("story").get(article=article).story


def test_addresses_of_merged_stories_lead_on(newsroom: Any, noon: Any) -> None:
    one, other = two_stories(newsroom)
    first, second = story_of(one), story_of(other)
    third = Story.objects.create(slug="t", title="T", first_at=NOON, last_at=NOON, merged_into=second)
    late.merge(second.pk, first.pk)
    assert story_of(other) == first
    for story in (second, third):
        story.refresh_from_db()
        assert story.merged_into == first
    assert second.articles == 0


def test_a_split_keeps_the_address_and_no_editors_placing_is_moved(newsroom: Any, noon: Any) -> None:
    one, other = two_stories(newsroom)
    story = story_of(one)
    late.merge(story_of(other).pk, story.pk)
    far = [Peer(a.pk, story.pk, a.sort_at, signed(a.title, "")) for a in (one, other)]
    Member.objects.filter(article=other).update(origin=Member.Origin.EDITOR)
    assert late.look_again(story.pk, (), far) == []
    Member.objects.filter(article=other).update(origin=Member.Origin.MACHINE)
    kept, opened = late.look_again(story.pk, (), far)
    assert kept == story.pk == story_of(one).pk and opened == story_of(other).pk
    assert Member.objects.get(article=other).moves == 1


def test_an_editors_separation_and_merging_hold(newsroom: Any, noon: Any) -> None:
    dam = [newsroom.article(f"Dam breaks above Alfeld {n}", DAM.format("Monday", str(n)), source=str(n)) for n in "abc"]
    settle()
    old = story_of(dam[0])
    own = hand.separate(dam[2])
    assert (story_of(dam[2]), story_of(dam[0])) == (own, old)
    for n in range(4):
        newsroom.article(f"Alfeld dam breaks {n}", DAM.format("Monday", f"{n} hundred"), source=f"more {n}")
    settle()
    assert story_of(dam[2]) == own != story_of(dam[0])
    hand.merge(old, own)
    assert story_of(dam[0]) == own
    old.refresh_from_db()
    assert old.merged_into == own
    with pytest.raises(ValueError, match="itself"):
        hand.merge(own, own)


def test_a_story_that_an_editor_emptied_leads_on(newsroom: Any, noon: Any) -> None:
    one, other = two_stories(newsroom)
    left = story_of(other)
    hand.place(other, story_of(one))
    left.refresh_from_db()
    assert left.merged_into == story_of(one)
    assert story_of(one).articles == 2
