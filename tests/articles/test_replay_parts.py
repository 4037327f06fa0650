"""A replay that several processes share comes to the same as one alone, whoever is killed on the way."""

from __future__ import annotations

import dataclasses
import itertools
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from django.db import connection, connections
from django.utils import timezone

from masthead.articles.models import Article, Replay, Revision
from masthead.articles.replay import parts
from masthead.articles.replay import run as replays
from masthead.core.engine import fingerprint

from .test_replay import archive

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 10


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> Replay:
    """A run over ten spoilt articles, in parts of three."""
    monkeypatch.setattr(parts, "PART", 3)
    archive(COUNT)
    row, _ = replays.begin(applies=True, since=None, source=None)
    parts.cut(row)
    return row


def is_whole(row: Replay) -> None:
    """All was done, once, and is told as of one run."""
    run = parts.gather(row)
    assert run.row.finished_at is not None
    assert (run.findings.looked, run.findings.revised, run.findings.failed) == (COUNT, COUNT, 0)
    assert run.findings.fields["title"].changed == COUNT and len(run.samples.fields["title"]) == 8
    ours = Revision.objects.filter(origin=Revision.Origin.OURS)
    assert ours.count() == COUNT == ours.values("article").distinct().count()
    assert not Article.objects.filter(title__contains="&amp;").exists()


def test_parts_hold_every_entry_once_and_cutting_again_changes_nothing(whole: Replay) -> None:
    bounds = list(whole.parts.order_by("pk").values_list("last_entry", "until_entry", "total"))
    assert [total for *_, total in bounds] == [3, 3, 3, 1]
    assert all(one[1] == two[0] for one, two in itertools.pairwise(bounds))
    assert bounds[0][0] == 0 and bounds[-1][1] == whole.until_entry
    parts.cut(whole)
    assert whole.parts.count() == 4
    again, resumed = replays.begin(applies=True, since=None, source=None)
    assert resumed and again == whole


def test_several_at_once_do_each_part_once(whole: Replay) -> None:
    done: list[int] = []

    def work() -> None:
        try:
            while (outcome := parts.work()).more:
                done.append(outcome.done)
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":
        work()
    else:
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert sum(done) == COUNT
    is_whole(whole)


def test_what_one_had_who_was_killed_is_done_by_another(whole: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException): ...

    real, steps = replays.Run._step, [0]

    def step(run: replays.Run, pk: int) -> bool:
        steps[0] += 1
        if steps[0] == 3:
            raise Killed
        return real(run, pk)

    monkeypatch.setattr(replays.Run, "_step", step)
    with pytest.raises(Killed):
        parts.work()
    monkeypatch.undo()
    begun = whole.parts.order_by("pk").first()
    assert begun is not None and begun.finished_at is None and begun.findings["revised"] == 2
    # Nobody was there to give the lease back.
    Replay.objects.filter(pk=begun.pk).update(leased_until=timezone.now() + timedelta(minutes=5))
    if connection.vendor != "sqlite":
        while parts.work().more:
            pass
        assert parts.left(whole) == 1 and parts.gather(whole).row.finished_at is None
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        while parts.work().more:
            pass
    is_whole(whole)


def test_a_part_of_another_program_is_left_to_it(whole: Replay) -> None:
    whole.parts.update(engine="another")
    assert not parts.work().more
    whole.parts.update(engine=fingerprint())
    assert parts.work().more


def test_the_command_shares_with_workers_and_ends_also_where_there_are_none(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from masthead.cli import replay as module

    monkeypatch.setattr(parts, "PART", 3)
    monkeypatch.setattr(module, "ready", lambda: None)
    archive(COUNT)
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, broker="redis://nowhere", database_url="postgres://x/y")
    result = CliRunner().invoke(module.command, ["--apply", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["looked"], told["revised"], told["finished"], told["total"]) == (COUNT, COUNT, True, COUNT)
    is_whole(Replay.objects.get(pk=told["run"]))
