from __future__ import annotations

from xml.etree import ElementTree

import pytest

from masthead.articles.drawn import seed_of, svg


@pytest.mark.parametrize("label", ["World", "", "<script>", "عالم", "Спорт", "&"])
def test_drawings_are_well_formed_and_always_the_same(label: str) -> None:
    for seed in range(12):
        drawing = svg(seed, label, 640, 360)
        assert drawing == svg(seed, label, 640, 360)
        root = ElementTree.fromstring(drawing)
        assert root.get("viewBox") == "0 0 640 360"
        assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_seeds_are_stable() -> None:
    assert seed_of("world") == seed_of("world") != seed_of("sport")
    assert len({svg(seed, "A", 320, 180) for seed in range(30)}) == 30
