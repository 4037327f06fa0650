"""What a likeness is worth in a crowd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from masthead.core.crowding import ALONE, NEAREST, crowd, relative, so_far
from masthead.core.grouper import Grouper

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_where_both_stand_alone_a_likeness_counts_fully() -> None:
    assert crowd([]) == crowd([0.01]) == ALONE
    assert relative(0.3, ALONE, ALONE) == pytest.approx(0.3)


def test_the_more_crowded_the_less_a_likeness_is_worth() -> None:
    around = [crowd([value] * NEAREST) for value in (0.1, 0.2, 0.4)]
    worth = [relative(0.3, own, own) for own in around]
    assert worth == sorted(worth, reverse=True) and worth[-1] < worth[0] / 2
    assert relative(0.3, around[0], around[2]) == relative(0.3, around[2], around[0])


def test_copies_and_distant_reports_make_no_crowd() -> None:
    near = [0.3] * NEAREST
    assert crowd([1.0, 1.0, -2.0, *near]) == crowd(near) == crowd([*near, *[0.01] * 50])


def test_what_cannot_be_one_event_cannot_be_in_a_crowd_either() -> None:
    assert relative(-2.0, 0.5, 0.5) == -2.0
    assert relative(0.0, 0.5, 0.5) == 0.0


def test_as_reports_arrive_the_older_one_is_as_crowded_as_the_younger_one() -> None:
    assert so_far(0.3, 0.4, ALONE) == relative(0.3, 0.4, 0.4)
    assert so_far(0.3, ALONE, 0.4) == relative(0.3, ALONE, 0.4)


def stories(each: int) -> int:
    """In how many stories two events of one subject end, each told by so many reports."""
    grouper = Grouper("en")
    for n in range(60):  # what else there is to read
        grouper.learn(f"x{n}", f"other{n} thing{n} place{n}")
    for n in range(each):
        for event in ("bridge", "hall"):
            own = f"own{event}{n}"
            words = [*(f"{event}{k}" for k in range(8)), *(f"{own}x{k}" for k in range(8))]
            text = f"gunners front ceasefire envoys border shelling {' '.join(words)}"
            grouper.add(f"{event}0 {event}1 {own}x0", text, NOON)
    grouper.settle()
    return len({grouper.story_of(key) for key in range(1, grouper.count + 1)})


def test_in_a_subject_that_fills_the_news_reports_must_share_more() -> None:
    """Reports that share only their subject pass for one event where they stand alone, not where others are nearer."""
    assert stories(each=1) == 1
    assert stories(each=11) == 2


def test_words_learned_beforehand_are_counted_once() -> None:
    grouper, text = Grouper("en"), "The old dam above the town of Alfeld broke."
    for _ in range(3):
        grouper.learn("Dam breaks", text)
    for n in range(4):
        grouper.add("Dam breaks", text, NOON + n * timedelta(hours=1))
    assert grouper.reports == 4
    assert grouper.frequencies["dam"] == 4
