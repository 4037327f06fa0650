"""The command as it is called, and the invented exports."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from masthead.cli import import_ as module

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def wxr() -> ModuleType:
    """`exports.py`, which builds WordPress exports."""
    spec = importlib.util.spec_from_file_location("masthead_test_exports", Path(__file__).with_name("exports.py"))
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def run(db: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`masthead import` with arguments; what is no exit is raised."""
    monkeypatch.setattr(module, "ready", lambda: None)

    def invoke(*arguments: object) -> Result:
        result = CliRunner().invoke(module.command, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def report(run: Run) -> Callable[..., dict[str, Any]]:
    """The report of an import as `--json` gives it, with the exit status as "exit"."""

    def make(*arguments: object) -> dict[str, Any]:
        result = run(*arguments, "--json")
        return {**json.loads(result.stdout), "exit": result.exit_code, "stderr": result.stderr}

    return make
