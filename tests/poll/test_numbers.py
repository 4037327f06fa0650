"""Each numbered behaviour of a polite poller has a test whose name carries its number."""

from __future__ import annotations

import re
from pathlib import Path

NAMES = re.compile(r"^(?:async )?def test_((?:\d+_(?:and_)?)+)", re.MULTILINE)


def test_no_behaviour_is_without_a_test() -> None:
    told: set[int] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for numbers in NAMES.findall(file.read_text()):
            told |= {int(number) for number in re.findall(r"\d+", numbers)}
    assert set(range(1, 41)) <= told, sorted(set(range(1, 41)) - told)
