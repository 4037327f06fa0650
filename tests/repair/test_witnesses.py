"""What else in an article speaks for its date, held against the moment at which it was seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from masthead.core.repair.witnesses import witnesses_of
from masthead.core.types import Block, ImageRef


@pytest.mark.parametrize(
    ("name", "kind"), [("5fc8a3f0aaaabbbbccccdddd.jpg", "image-object-id"), ("1606984688.jpg", "image-made-at")]
)
def test_what_was_made_after_it_was_seen_is_no_witness(name: str, kind: str) -> None:
    picture = Block(type="figure", image=ImageRef(f"https://img.example/{name}"))
    later, before = datetime(2021, 1, 1, tzinfo=UTC), datetime(2020, 12, 1, tzinfo=UTC)
    assert [(witness.kind, witness.says) for witness in witnesses_of([picture], later)] == [
        (kind, "made on Thursday 2020-12-03")
    ]
    assert witnesses_of([picture], before) == []
