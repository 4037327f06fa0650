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


def test_in_a_subject_that_fills_the_news_reports_must_share_more() -> None:
    """The same two reports, among others of their subject and among none."""

    def together(others: int) -> bool:
        grouper = Grouper("en")
        subject = "gunners front ceasefire envoys border shelling minister talks convoy hostages ministry rebels"
        for n in range(others):
            own = " ".join(f"detail{n}x{k}" for k in range(12))
            grouper.add(f"Detail{n}x1 and detail{n}x2", f"{subject} {own}", NOON)
        one = [f"bridge{k}" for k in range(12)]
        grouper.add("Convoy waits at border", f"{subject} {' '.join(one)}", NOON)
        first = grouper.count
        grouper.add("Envoys call for talks", f"{subject} {' '.join(f'hall{k}' for k in range(12))}", NOON)
        grouper.settle()
        return grouper.story_of(first) == grouper.story_of(grouper.count)

    assert together(0)
    assert not together(25)


def test_words_learned_beforehand_are_counted_once() -> None:
    grouper, text = Grouper("en"), "The old dam above the town of Alfeld broke."
    for _ in range(3):
        grouper.learn("Dam breaks", text)
    for n in range(4):
        grouper.add("Dam breaks", text, NOON + n * timedelta(hours=1))
    assert grouper.reports == 4
    assert grouper.frequencies["dam"] == 4
