"""`make fuzz` finds what it is there to find, and finds the same again by its number."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import fuzz
from fuzzing import alike, areas, papers, run
from fuzzing.seeds import Pool, gather
from masthead.core.parse import parse_feed

OFFLINE = [area.name for area in areas.AREAS if area.name != "websub"]


@pytest.fixture(scope="module")
def pool() -> Pool:
    return gather(None, fuzz.FIXTURES)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[areas.Area]]:
    """The areas, of which a test may change some; numbers keep theirs."""
    turn = list(run._TURN)
    monkeypatch.setattr(run, "_TURN", turn)
    return turn


def tallied(pool: Pool, count: int, only: list[str], seed: int = 7) -> tuple[run.Tallies, list[run.Failure]]:
    failures: list[run.Failure] = []
    return run.run(seed, count, pool, only, lambda _: None, failures.append), failures


def test_a_few_thousand_inputs_break_nothing(pool: Pool) -> None:
    tallies, failures = tallied(pool, 4000, OFFLINE)
    assert failures == []
    assert sum(tally.inputs for tally in tallies.values()) == 4000
    assert set(tallies) == set(OFFLINE)
    # The inputs are damaged as much as they should be: many are still feeds, and many are none.
    refused = tallies["parse"].declared["NotAFeed"] / tallies["parse"].inputs
    assert 0.05 < refused < 0.8


def _plant(turn: list[areas.Area], name: str, read: Any) -> None:
    turn[:] = [replace(area, read=read) if area.name == name else area for area in turn]


def test_an_undeclared_error_is_named_and_found_again(planted: list[areas.Area], pool: Pool) -> None:
    def read(text: str) -> str:
        if "9" in text:
            raise KeyError("nine")
        return "NoNine"

    _plant(planted, "date", read)
    tallies, failures = tallied(pool, 100, ["date"])
    assert tallies["date"].failed.total() > len(failures) == 5
    assert tallies["date"].declared["NoNine"] + tallies["date"].failed.total() == 100
    for failure in failures:
        assert failure.kind.startswith("KeyError in read, line ")
        assert "9" in run.given(7, failure.number, pool)
        _, again, _ = run.judged(failure.number, run.given(7, failure.number, pool))
        assert again is not None and again.kind == failure.kind


def test_a_process_that_dies_names_its_input_and_the_others_are_read(planted: list[areas.Area], pool: Pool) -> None:
    import os

    bad = run.given(7, next(n for n in run.numbers(0, 20, ["url"])), pool)

    def read(given: Any) -> str:
        if given == bad:
            os._exit(3)
        return ""

    _plant(planted, "url", read)
    tallies, failures = tallied(pool, 20, ["url"])
    assert [failure.kind for failure in failures] == ["the process died"]
    assert tallies["url"].inputs == 19


def test_a_call_that_takes_too_long_is_one_of_the_faults(
    planted: list[areas.Area], pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "END", 0.2)

    def read(given: Any) -> str:
        while True:
            pass

    _plant(planted, "codings", read)
    _, [failure] = tallied(pool, 1, ["codings"])
    assert failure.kind == "too slow"


def test_a_lost_item_is_a_broken_promise() -> None:
    rng = Random("paper")
    items = [report for _ in range(3) for report in papers.reports(rng)]
    one, two = (papers.written(papers.style(rng, "rss"), some) for some in (items, items[1:]))
    assert len(parse_feed(one).entries) == len(items)
    with pytest.raises(alike.Broken, match="items"):
        alike.compare(alike.Pair(one, two, "a test"))
    changed = [replace(items[0], title="Another"), *items[1:]]
    style = papers.style(rng, "atom")
    with pytest.raises(alike.Broken, match="title"):
        alike.compare(alike.Pair(papers.written(style, items), papers.written(style, changed), "a test"))


def test_the_command_prints_a_table_and_tells_by_its_status(
    planted: list[areas.Area], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz.py", "--inputs", "50", "--only", "headers,opml"])
    assert fuzz.main() == 0
    table = capsys.readouterr().out
    assert "| headers | " in table and "| opml | " in table and "| all | 50 |" in table

    def read(given: Any) -> str:
        raise ZeroDivisionError

    _plant(planted, "headers", read)
    assert fuzz.main() == 1
    told = capsys.readouterr().out
    number = told.partition("--again 1:")[2].partition(")")[0]
    monkeypatch.setattr(sys, "argv", ["fuzz.py", "--again", f"1:{number}"])
    assert fuzz.main() == 1
    assert "ZeroDivisionError in read" in capsys.readouterr().out
