"""The tests that docs/security.md names are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 60
    missing = []
    for path, test in named:
        text = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""
        if not text or (test and f"def {test}(" not in text):
            missing.append(f"{path}::{test}")
    assert not missing, missing


def test_every_line_of_the_lists_is_there():
    demands, _, faults = PAGE.partition("## Past faults")
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", demands, re.MULTILINE)] == list(range(1, 21))
    rows = re.findall(r"^\| ([\d, ]+) \|", faults, re.MULTILINE)
    assert sorted(int(n) for row in rows for n in row.split(",")) == list(range(1, 46))
