"""The score and the layout of a front page."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.layout import FIT, TOP, Place, Shape, arrange
from masthead.core.rank import OLD, Candidate, score

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def one(key: int = 1, hours: float = 1, **values: object) -> Candidate:
    base = {"source": key, "section": "news"} | values
    return Candidate(key=key, at=NOW - hours * HOUR, **base)  # type: ignore[arg-type]


def told(place: Place) -> set[tuple[str, float]]:
    return {(reason.code, reason.value) for reason in place.why}


def by_area(places: list[Place], area: str) -> list[int]:
    return [p.key for p in sorted(places, key=lambda p: p.position) if p.area == area]


def test_the_score_halves_with_the_half_life() -> None:
    assert abs(score(one(hours=0), NOW).score - 2 * score(one(hours=12), NOW).score) < 1e-9
    assert abs(score(one(hours=6, half_life=6), NOW).score - 0.5) < 1e-9


FACTS: tuple[tuple[dict[str, object], str, float], ...] = (
    ({"sources": 4}, "sources", 4),
    ({"pictured": True}, "picture", 0),
    ({"weight": 2}, "weight", 2),
    ({"views": 90}, "readers", 80),
)


@pytest.mark.parametrize(("values", "code", "value"), FACTS)
def test_each_fact_lifts_the_score_and_is_told(values: dict[str, object], code: str, value: float) -> None:
    plain, better = score(one(), NOW), score(one(**values), NOW)
    assert better.score > plain.score
    assert (code, value) in {(reason.code, reason.value) for reason in better.why}


def test_the_factors_that_are_told_multiply_to_the_score() -> None:
    found = score(one(3, 7, sources=5, pictured=True, weight=-1, views=300, dated=False), NOW)
    assert math.isclose(math.prod(reason.factor for reason in found.why), found.score)
    assert [r.code for r in found.why] == ["age-hours", "undated", "sources", "picture", "weight", "readers"]


def test_an_empty_site_and_one_with_a_single_report() -> None:
    assert arrange([], NOW, ["news"]) == []
    assert [(p.area, p.position, p.key) for p in arrange([one()], NOW, ["news"])] == [("lead", 0, 1)]


def test_old_news_is_not_on_the_page_of_a_busy_day() -> None:
    fresh = [one(key, hours=key / 10) for key in range(1, 60)]
    old = one(99, hours=24 * 30, sources=50, pictured=True, weight=3, views=10**6)
    assert 99 not in {p.key for p in arrange([*fresh, old], NOW, ["news"])}


def test_a_quiet_site_is_filled_with_what_there_is() -> None:
    old = [one(key, hours=24 * 20 + key) for key in range(1, 9)]
    places = arrange(old, NOW, ["news"])
    assert {p.key for p in places} == set(range(1, 9))
    assert by_area(places, "lead") == [1]
    assert ("age-days", 20) in told(places[0])


def test_an_undated_report_does_not_lead() -> None:
    assert by_area(arrange([one(1, 0, dated=False, sources=9), one(2, 20)], NOW, []), "lead") == [2]


def test_one_source_cannot_fill_the_top() -> None:
    loud = [one(key, hours=0.1, source=7) for key in range(1, 30)]
    others = [one(key, hours=3, source=key) for key in range(40, 46)]
    top = arrange([*loud, *others], NOW, [])[:5]
    assert 1 <= sum(1 for p in top if p.key < 30) <= 2
    assert ("variety", 0) in set().union(*(told(p) for p in top))


def test_one_house_one_section_or_one_topic_cannot_fill_the_top() -> None:
    others = [one(key, hours=2, section="world") for key in range(40, 46)]
    house = [one(key, hours=0.1, owner="The Group") for key in range(1, 30)]
    assert sum(1 for p in arrange([*house, *others], NOW, [])[:5] if p.key < 30) == 2
    section = [one(key, hours=0.1) for key in range(1, 30)]
    assert sum(1 for p in arrange([*section, *others], NOW, [])[:5] if p.key < 30) == 3
    topic = [one(key, hours=0.1, words=frozenset({"port", "strike", f"w{key}"})) for key in range(1, 30)]
    assert sum(1 for p in arrange([*topic, *others], NOW, [])[:5] if p.key < 30) == 2


def test_a_site_of_one_source_varies_its_topics_and_sections() -> None:
    topic = [one(key, hours=0.1, source=1, words=frozenset({"port", "strike", f"w{key}"})) for key in range(1, 20)]
    others = [one(key, hours=2, source=1, section="world") for key in range(40, 46)]
    assert sum(1 for p in arrange([*topic, *others], NOW, [])[:5] if p.key < 30) == 2
    section = [one(key, hours=0.1, source=1) for key in range(1, 20)]
    assert sum(1 for p in arrange([*section, *others], NOW, [])[:5] if p.key < 30) == 3


def test_variety_lifts_nothing_that_is_far_too_weak() -> None:
    loud = [one(key, hours=0.1, source=7) for key in range(1, 30)]
    stale = [one(key, hours=70, source=key) for key in range(40, 46)]
    assert all(p.key < 30 for p in arrange([*loud, *stale], NOW, [])[:5])


def test_a_story_stands_once() -> None:
    places = arrange([one(key, hours=key / 10, story=5) for key in range(1, 20)], NOW, ["news"])
    assert len(places) == 1


def test_what_stands_stays_unless_something_is_clearly_stronger() -> None:
    held, slightly, clearly = one(1, 3, holds="lead"), one(2, 2), one(3, 0, sources=3)
    assert by_area(arrange([held, slightly], NOW, []), "lead") == [1]
    assert by_area(arrange([held, slightly, clearly], NOW, []), "lead") == [3]
    places = arrange([held, slightly], NOW, [])
    assert ("held", 0) in told(places[0])


def test_pins_are_respected_and_never_repeated() -> None:
    pool = [one(key, hours=key) for key in range(1, 12)]
    pinned = {("lead", 0): 11, ("second", 2): 10, ("section:news", 1): 9, ("lead", 3): 404}
    places = arrange(pool, NOW, ["news"], pinned=pinned)
    assert by_area(places, "lead") == [11]
    assert [p.key for p in places if (p.area, p.position) == ("second", 2)] == [10]
    assert [p.key for p in places if (p.area, p.position) == ("section:news", 1)] == [9]
    assert ("editor", 0) in told(places[0])


def test_an_editor_may_pin_two_reports_of_one_story() -> None:
    pool = [one(key, story=5 if key < 3 else None) for key in range(1, 8)]
    places = arrange(pool, NOW, [], pinned={("lead", 0): 1, ("second", 1): 2})
    assert {(p.area, p.position): p.key for p in places}["second", 1] == 2
    assert len({p.key for p in places}) == len(places)


def test_a_section_of_one_story_has_no_block_of_its_own() -> None:
    shape = Shape(seconds=0, briefs=3)
    pool = [one(1, section="news"), *(one(key, 2, section="sport", story=5) for key in (2, 3, 4))]
    places = arrange(pool, NOW, ["sport"], shape=shape)
    assert by_area(places, "section:sport") == []
    assert len(by_area(places, "brief")) == 1


def test_sections_need_two_reports_and_keep_to_their_own() -> None:
    pool = [one(key, hours=key / 10) for key in range(1, 20)]
    pool += [one(30, section="sport", hours=30), one(31, section="sport", hours=31), one(32, section="world", hours=40)]
    places = arrange(pool, NOW, ["news", "sport", "world"])
    assert set(by_area(places, "section:sport")) <= {30, 31}
    assert by_area(places, "section:world") == []


def holding(pool: list[Candidate], places: list[Place]) -> list[Candidate]:
    """The pool as it is known when it is arranged again."""
    held = {p.key: (p.area, p.position) for p in places}
    return [replace(c, holds=held.get(c.key, ("", 0))[0], stood=held.get(c.key, ("", 0))[1]) for c in pool]


candidates = st.lists(
    st.builds(
        one,
        key=st.integers(1, 10**6),
        hours=st.floats(-5, 2000),
        source=st.integers(1, 6),
        section=st.sampled_from(["news", "sport", "world"]),
        dated=st.booleans(),
        sources=st.integers(0, 50),
        story=st.none() | st.integers(1, 8),
        weight=st.integers(-9, 9),
        views=st.integers(0, 10**7),
        holds=st.sampled_from(["", "lead", "second", "brief"]),
    ),
    max_size=60,
    unique_by=lambda c: c.key,
)


@given(candidates, st.randoms())
def test_nothing_stands_twice_and_the_order_of_input_does_not_matter(pool: list[Candidate], random: object) -> None:
    sections = ["news", "sport", "world"]
    places = arrange(pool, NOW, sections)
    shuffled = list(pool)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert arrange(shuffled, NOW, sections) == places
    keys = [p.key for p in places]
    assert len(keys) == len(set(keys))
    assert len({(p.area, p.position) for p in places}) == len(places)
    stories = {c.key: c.story for c in pool}
    told = [stories[k] for k in keys if stories[k] is not None]
    assert len(told) == len(set(told))
    assert bool(pool) == bool(places)
    shape = Shape()
    assert len(by_area(places, "lead")) <= 1
    assert len(by_area(places, "second")) <= shape.seconds


@given(
    st.builds(
        one,
        hours=st.floats(-5, 200),
        dated=st.booleans(),
        sources=st.integers(1, 50),
        pictured=st.booleans(),
        weight=st.integers(-3, 2),
        views=st.integers(0, 10**6),
        half_life=st.floats(1, 72),
    ),
    st.sampled_from(["dated", "sources", "pictured", "weight", "views", "newer"]),
    st.integers(1, 1000),
)
def test_a_fact_more_never_lowers_the_score(plain: Candidate, fact: str, more: int) -> None:
    better = {
        "dated": lambda: replace(plain, dated=True),
        "pictured": lambda: replace(plain, pictured=True),
        "sources": lambda: replace(plain, sources=plain.sources + more),
        "weight": lambda: replace(plain, weight=plain.weight + more),
        "views": lambda: replace(plain, views=plain.views + more),
        "newer": lambda: replace(plain, at=plain.at + more * HOUR),
    }[fact]()
    assert score(better, NOW).score >= score(plain, NOW).score > 0


@given(candidates)
def test_no_house_has_more_than_its_share_while_others_are_fit(pool: list[Candidate]) -> None:
    pool = [replace(c, at=max(c.at, NOW - 40 * HOUR), weight=0, dated=True, story=None) for c in pool]
    places = arrange(pool, NOW, [])
    by_key = {c.key: c for c in pool}
    top = [by_key[p.key] for p in places if p.area in ("lead", "second")]
    strongest = max((score(c, NOW).score for c in pool), default=0)
    below = [by_key[p.key] for p in places if p.area == "brief"]
    for house, number in Counter(c.house for c in top).items():
        if number <= TOP.house:
            continue
        fit = [c for c in below if score(c, NOW).score >= FIT * strongest and c.house != house]
        used_up = {h for h, n in Counter(c.house for c in top).items() if n >= TOP.house}
        assert all(c.house in used_up for c in fit)


def test_a_page_once_laid_out_does_not_move_by_itself() -> None:
    pool = [one(key, hours=key / 3, source=key % 5, section="news" if key % 2 else "sport") for key in range(1, 80)]
    places = arrange(pool, NOW, ["news", "sport"])
    for minutes in range(1, 31):
        again = arrange(holding(pool, places), NOW + timedelta(minutes=minutes), ["news", "sport"])
        assert {(p.area, p.position, p.key) for p in again} == {(p.area, p.position, p.key) for p in places}
        places = again


def moves(before: list[Place], after: list[Place]) -> list[tuple[int, int]]:
    """Pairs that stood in one part, stand in it still, and changed places."""
    found = []
    for area in {p.area for p in before}:
        old = [k for k in by_area(before, area) if k in by_area(after, area)]
        new = [k for k in by_area(after, area) if k in old]
        found += [(a, b) for n, a in enumerate(old) for b in old[n + 1 :] if new.index(b) < new.index(a)]
    return found


def arrivals(seed: int, days: int) -> list[Candidate]:
    """Reports of three days as they come: most of little interest, some picked up by more and more sources."""
    random, made = Random(seed), []
    for key in range(1, days * 200):
        at = NOW + timedelta(minutes=7.2 * key)
        section, half_life = random.choice([("news", 12), ("sport", 10), ("science", 36), ("world", 12)])
        words = frozenset({f"w{random.randrange(40)}", f"w{random.randrange(40)}", f"u{key}"})
        made.append(
            Candidate(
                key, at, random.randrange(12), section, pictured=random.random() < 0.6, half_life=half_life, words=words
            )
        )
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_days_of_arrivals_nothing_moves_without_a_cause(seed: int) -> None:
    """Between two layouts a report leaves a part of the page, or is passed, only for something that is stronger."""
    random, coming = Random(seed), arrivals(seed, 3)
    pool: list[Candidate] = []
    places: list[Place] = []
    swaps = entered = 0
    sections = ["news", "sport", "science", "world"]
    height = {"lead": 3, "second": 2, "brief": 0, "none": -1}  # a section's block: 1
    for step in range(3 * 24 * 2):
        now = NOW + timedelta(minutes=30 * (step + 1))
        while coming and coming[0].at <= now:
            pool.append(coming.pop(0))
        pool = [replace(c, sources=c.sources + 1) if random.random() < 0.004 else c for c in pool if now - c.at < OLD]
        before, places = places, arrange(holding(pool, places), now, sections)
        strength = {c.key: score(c, now).score for c in pool}
        stood = {p.key: p.area for p in before}
        came = {p.area: [q.key for q in places if q.area == p.area and stood.get(q.key) != p.area] for p in places}
        entered += sum(len(keys) for keys in came.values())
        for upper, lower in moves(before, places):
            swaps += 1
            assert strength[lower] > strength[upper], "changed places without being the stronger"
        area_now = {p.key: p.area for p in places}
        for key, area in stood.items():
            if area in height and key in strength and area_now.get(key) != area:
                went_up = height.get(area_now.get(key, "none"), 1) > height[area]
                assert went_up or came.get(area), "left its place though nothing came in its stead"
    quiet = arrange(holding(pool, places), now, sections)
    assert [(p.area, p.position, p.key) for p in quiet] == [(p.area, p.position, p.key) for p in places]
    assert entered > 200
    assert swaps < entered / 10
