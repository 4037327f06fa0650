"""Every case of the damaged set is a test; `bench/damaged.py` counts the same cases by class and language."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from masthead.core.records import article_from_json, to_builtins

_BENCH = Path(__file__).parents[2] / "bench" / "damaged.py"


def _bench() -> Any:
    spec = importlib.util.spec_from_file_location("damaged_bench", _BENCH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


damaged = _bench()
CASES = damaged.cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_damage(case: Any) -> None:
    article = damaged.cleaned(case)
    assert damaged.faults(case, article) == []
    assert article_from_json(to_builtins(article)) == article


def test_the_set_is_as_large_as_it_claims_and_no_case_is_there_twice() -> None:
    assert len(CASES) >= 400
    assert {case.language for case in CASES} == {"en", "es", "de", "fr", "ru", "ar"}
    assert len({case.id for case in CASES}) == len(CASES)
    for case in CASES:
        assert case.expect


def test_a_fault_is_told() -> None:
    case = CASES[0]
    article = damaged.cleaned(case)
    wanted = {"title": "No such", "holds": ["nowhere"], "repairs": ["none"]}
    wrong = damaged.Case(case.group, case.name, case.language, case.kind, case.given, wanted)
    assert len(damaged.faults(wrong, article)) == 3
