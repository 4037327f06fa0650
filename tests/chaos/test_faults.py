"""A short round of every kind of fault; `make chaos-long` makes the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos import errors, kills, postgres, power, troubles
from chaos.result import Result


def held(result: Result) -> Result:
    """The result, where everything held. Pages and recovery are figures of the report: tests assert no times."""
    assert not result.broken, result
    assert result.rounds, result
    return result


def test_killed_in_ingest_and_publishing(tmp_path: Path) -> None:
    assert held(kills.ingest(tmp_path, 6, 1)).acknowledged


def test_killed_in_migration(tmp_path: Path) -> None:
    held(kills.migration(tmp_path, 2, 1))


def test_killed_in_backup(tmp_path: Path) -> None:
    held(kills.backup(tmp_path, 4, 1))


def test_killed_in_replay(tmp_path: Path) -> None:
    held(kills.replay(tmp_path, 3, 1))


@pytest.mark.service("strace")
def test_power_fails_in_ingest_and_publishing(tmp_path: Path) -> None:
    assert held(power.ingest(tmp_path, 12, 1)).acknowledged


@pytest.mark.service("strace")
def test_power_fails_in_the_first_start(tmp_path: Path) -> None:
    held(power.first_start(tmp_path, 8, 1))


@pytest.mark.service("strace")
def test_power_fails_in_backup(tmp_path: Path) -> None:
    held(power.backup(tmp_path, 5, 1))


@pytest.mark.service("strace")
def test_writes_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "STRIDE", 1)
    assert held(errors.writes(tmp_path, 20, 1)).hits


@pytest.mark.service("strace")
def test_no_space_in_backup(tmp_path: Path) -> None:
    held(errors.backups(tmp_path, 2, 1))


def test_a_running_site_survives_kills(tmp_path: Path) -> None:
    held(troubles.kills(tmp_path, 2, 1))


def test_a_database_that_is_locked(tmp_path: Path) -> None:
    result = held(troubles.locked(tmp_path, 4, 1))
    assert result.asked and not result.unanswered


def test_a_writer_that_is_stopped(tmp_path: Path) -> None:
    result = held(troubles.stopped(tmp_path, 1, 1, 3))
    assert result.asked and not result.unanswered


@pytest.mark.service("gcc")
def test_clocks_that_jump(tmp_path: Path) -> None:
    held(troubles.clock(tmp_path, 6, 1))


def test_two_schedulers(tmp_path: Path) -> None:
    held(troubles.schedulers(tmp_path, 1, 1))


def test_postgres_is_stopped_at_once_and_its_backends_terminated(tmp_path: Path) -> None:
    held(postgres.crashes(tmp_path, 2, 1))
