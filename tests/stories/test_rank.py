"""The score and the layout of a front page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from masthead.core.rank import Candidate, Place, Shape, arrange, score

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def one(key: int = 1, hours: float = 1, **values: object) -> Candidate:
    base = {"source": key, "section": "news"} | values
    return Candidate(key=key, at=NOW - hours * HOUR, **base)  # type: ignore[arg-type]


def by_area(places: list[Place], area: str) -> list[int]:
    return [p.key for p in sorted(places, key=lambda p: p.position) if p.area == area]


def test_the_score_halves_with_the_half_life() -> None:
    assert abs(score(one(hours=0), NOW).score - 2 * score(one(hours=12), NOW).score) < 1e-9
    assert abs(score(one(hours=6, half_life=6), NOW).score - 0.5) < 1e-9


def test_each_fact_lifts_the_score_and_is_told() -> None:
    plain = score(one(), NOW)
    for values, words in (
        ({"sources": 4}, "reported by 4 sources"),
        ({"pictured": True}, "has a picture"),
        ({"weight": 2}, "weight of +2"),
        ({"views": 90}, "read more than 80 times"),
    ):
        better = score(one(**values), NOW)
        assert better.score > plain.score
        assert any(words in reason for reason in better.why), better.why
    assert score(one(dated=False), NOW).score < plain.score


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
    assert "published 20 days ago" in places[0].why


def test_an_undated_report_does_not_lead() -> None:
    assert by_area(arrange([one(1, 0, dated=False, sources=9), one(2, 20)], NOW, []), "lead") == [2]


def test_one_source_cannot_fill_the_top() -> None:
    loud = [one(key, hours=0.1, source=7) for key in range(1, 30)]
    others = [one(key, hours=3, source=key) for key in range(40, 46)]
    top = arrange([*loud, *others], NOW, [])[:5]
    assert sum(1 for p in top if p.key < 30) <= 3


def test_a_story_stands_once() -> None:
    places = arrange([one(key, hours=key / 10, story=5) for key in range(1, 20)], NOW, ["news"])
    assert len(places) == 1


def test_what_stands_stays_unless_something_is_clearly_stronger() -> None:
    held, slightly, clearly = one(1, 3, holds="lead"), one(2, 2), one(3, 0, sources=3)
    assert by_area(arrange([held, slightly], NOW, []), "lead") == [1]
    assert by_area(arrange([held, slightly, clearly], NOW, []), "lead") == [3]
    places = arrange([held, slightly], NOW, [])
    assert any("kept its place" in reason for reason in places[0].why)


def test_pins_are_respected_and_never_repeated() -> None:
    pool = [one(key, hours=key) for key in range(1, 12)]
    pinned = {("lead", 0): 11, ("second", 2): 10, ("section:news", 1): 9, ("lead", 3): 404}
    places = arrange(pool, NOW, ["news"], pinned=pinned)
    assert by_area(places, "lead") == [11]
    assert [p.key for p in places if (p.area, p.position) == ("second", 2)] == [10]
    assert [p.key for p in places if (p.area, p.position) == ("section:news", 1)] == [9]
    assert "placed by an editor" in places[0].why


def test_sections_need_two_reports_and_keep_to_their_own() -> None:
    pool = [one(key, hours=key / 10) for key in range(1, 20)]
    pool += [one(30, section="sport", hours=30), one(31, section="sport", hours=31), one(32, section="world", hours=40)]
    places = arrange(pool, NOW, ["news", "sport", "world"])
    assert set(by_area(places, "section:sport")) <= {30, 31}
    assert by_area(places, "section:world") == []


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


def test_a_page_once_laid_out_does_not_move_by_itself() -> None:
    pool = [one(key, hours=key / 3, source=key % 5, section="news" if key % 2 else "sport") for key in range(1, 80)]
    places = arrange(pool, NOW, ["news", "sport"])
    for minutes in range(1, 31):
        held = {p.key: p.area for p in places}
        again = arrange(
            [replace(c, holds=held.get(c.key, "")) for c in pool], NOW + timedelta(minutes=minutes), ["news", "sport"]
        )
        assert {(p.area, p.position, p.key) for p in again} == {(p.area, p.position, p.key) for p in places}
        places = again
