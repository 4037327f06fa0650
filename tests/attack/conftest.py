"""The battery of `bench/attack`, in the tests' database."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))


@pytest.fixture
def editions(settings) -> None:
    """A German edition beside the first, so that the routes of editions lead somewhere."""
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, editions=("en", "de"))
