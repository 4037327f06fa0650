"""A short round of the faults that come over a running site, which is read and edited meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos import troubles
from chaos.result import held

pytestmark = pytest.mark.slow


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
