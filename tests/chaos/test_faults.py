"""A short round of the faults that come over single runs; `make chaos-long` makes the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos import errors, kills, postgres, power
from chaos.result import held

pytestmark = pytest.mark.slow


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


def test_postgres_is_stopped_at_once_and_its_backends_terminated(tmp_path: Path) -> None:
    held(postgres.crashes(tmp_path, 2, 1))
