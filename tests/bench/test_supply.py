"""The audit never passes in silence, and the bill of materials holds what runs and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import supply

KNOWN = {"name": "heron", "version": "1.0", "vulns": []}
FAULTY = KNOWN | {"vulns": [{"id": "HERON-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "otter", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "required", "status", "said"),
    [
        ([KNOWN], "", 0, "1 packages, no known fault"),
        ([KNOWN, FAULTY], "", 1, "heron 1.0: HERON-1, mended in 1.1"),
        ([KNOWN, SKIPPED], "", 0, "NOT AUDITED: 1 of 2"),
        ([KNOWN, SKIPPED], "1", 1, "NOT AUDITED: 1 of 2"),
        ([FAULTY, SKIPPED], "", 1, "HERON-1"),
        ([], "1", 1, "NOT AUDITED"),
    ],
)
def test_what_the_audit_says(packages, required, status, said, monkeypatch, capsys):
    monkeypatch.setenv("MASTHEAD_REQUIRE_AUDIT", required)
    assert supply.judge(packages) == status
    assert said in capsys.readouterr().out


def test_an_audit_that_cannot_run_says_so(monkeypatch, capsys):
    class Done:
        stdout, stderr = "", "a fault\nno connection"

    monkeypatch.delenv("MASTHEAD_REQUIRE_AUDIT", raising=False)
    monkeypatch.setattr(supply.subprocess, "run", lambda *_, **__: Done)
    assert supply.audit() == 0
    assert capsys.readouterr().out == "NOT AUDITED: the advisory service could not be asked: no connection\n"


def test_the_bill_holds_what_runs(tmp_path):
    import json

    assert supply.sbom(tmp_path / "bill.json") == 0
    bill = json.loads((tmp_path / "bill.json").read_text())
    names = {part["name"].lower() for part in bill["components"]}
    assert {"django", "aiohttp", "nh3", "sqlparse", "celery"} <= names
    assert not names & {"pytest", "ruff", "mypy", "playwright", "masthead", "html5lib"}
    assert bill["bomFormat"] == "CycloneDX"
