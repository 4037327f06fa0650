"""The pipeline: one broken step stops no other, and rest is recognised."""

from __future__ import annotations

import sys
import threading
import time
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from masthead import pipeline
from masthead.pipeline import Lane, Step, run_until_idle
from masthead.store.models import Heartbeat
from masthead.store.steps import Outcome

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def steps() -> Iterator[types.SimpleNamespace]:
    """Steps of a module made for the test: `work` finishes three rows, two at a time; `broken` raises."""
    module = types.ModuleType("house_steps")
    state = types.SimpleNamespace(left=3, broken=0, runs=0)

    def work() -> Outcome:
        state.runs += 1
        taken = min(2, state.left)
        state.left -= taken
        return Outcome(done=taken, more=state.left > 0)

    def broken() -> Outcome:
        state.broken += 1
        raise ValueError("a fault")

    module.work, module.broken = work, broken  # type: ignore[attr-defined]
    sys.modules["house_steps"] = module
    yield state
    del sys.modules["house_steps"]


def test_everything_is_run_until_there_is_nothing_left(steps: types.SimpleNamespace) -> None:
    result = run_until_idle(
        10,
        (
            Step("missing", "a", "masthead.no_such_module:verb"),
            Step("broken", "a", "house_steps:broken"),
            Step("work", "b", "house_steps:work"),
        ),
    )
    assert result.idle and result.done["work"] == 3
    assert "ModuleNotFoundError" in result.errors["missing"] and result.errors["broken"] == "ValueError: a fault"
    assert steps.broken == 1  # its pause holds it back
    beat = Heartbeat.objects.get(step="work")
    assert beat.total == 3 and beat.error == ""
    assert Heartbeat.objects.get(step="broken").error == "ValueError: a fault"


def test_a_lane_goes_on_after_a_fault_and_stops_when_told(steps: types.SimpleNamespace) -> None:
    stopping = threading.Event()
    lane = Lane(
        "x", [Step("broken", "x", "house_steps:broken"), Step("work", "x", "house_steps:work", idle=0.05)], stopping
    )
    lane.start()
    for _ in range(200):
        if steps.left == 0 and steps.runs > 5:
            break
        threading.Event().wait(0.05)
    stopping.set()
    lane.join(10)
    assert not lane.is_alive() and steps.left == 0 and steps.broken >= 1


def test_what_lanes_need_is_imported_before_any_of_them_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: types.SimpleNamespace
) -> None:
    """By one thread: several that import parts of a package at once can wait for each other, which Python ends."""
    monkeypatch.syspath_prepend(tmp_path)
    seen = "import threading\nfrom house_steps import work as verb\nTHREAD = threading.current_thread().name\n"
    for name in ("lane_one", "lane_two"):
        (tmp_path / f"{name}.py").write_text(seen)
    stopping = threading.Event()
    lanes = pipeline.start([Step(n, n, f"lane_{n}:verb", idle=0.05) for n in ("one", "two")], stopping)
    stopping.set()
    for lane in lanes:
        lane.join(10)
    threads = [sys.modules.pop(name).THREAD for name in ("lane_one", "lane_two")]
    assert threads == [threading.current_thread().name] * 2 and not any(lane.is_alive() for lane in lanes)


def test_every_step_of_the_house_can_be_imported() -> None:
    import importlib

    for step in pipeline.STEPS:
        module, _, function = step.verb.partition(":")
        assert callable(getattr(importlib.import_module(module), function)), step.verb


def test_after_many_failures_of_the_database_a_step_is_tried_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("house_database")
    module.faults = [OperationalError, ValueError]  # type: ignore[attr-defined]

    def verb() -> Outcome:
        raise module.faults[0]("away")

    module.verb = verb  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "house_database", module)
    pauses = []
    for _ in range(2):
        runner = pipeline.Runner(Step("away", "a", "house_database:verb"))
        for _ in range(8):
            before = time.monotonic()
            runner.run()
        pauses.append(runner.not_before - before)
        module.faults.reverse()  # type: ignore[attr-defined]
    assert pauses[0] < 2 * pipeline.DATABASE_PAUSE < pipeline.LONGEST_PAUSE <= pauses[1]
