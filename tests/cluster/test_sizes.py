"""The settings that size a site of several machines: refused where they cannot be used, written down where they are."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from masthead.options import OptionError, Options, environment_name, load

DOCS = Path(__file__).parents[2] / "docs"
LEAST = {
    "lease": 3, "lane_concurrency": 1, "database_pool": 0, "workers": 0, "concurrency": 1, "web_workers": 1,
    "web_threads": 1, "cache_megabytes": 0, "worker_megabytes": 64, "host_gap": 0, "address_gap": 0, "poll_floor": 1,
}  # fmt: skip
SIZES = ["lease", "lane_concurrency", "database_pool", "workers", "concurrency", "web_workers", "web_threads"]


@pytest.mark.parametrize(("name", "least"), LEAST.items())
def test_a_size_that_cannot_be_is_refused_by_its_name_and_the_least_is_taken(
    tmp_path: Path, name: str, least: int
) -> None:
    variable = environment_name(name)
    home = {"MASTHEAD_HOME": str(tmp_path)}
    assert getattr(load({**home, variable: str(least)}), name) == least
    for wrong in (least - 1, -1_000_000):
        with pytest.raises(OptionError, match=rf"^{variable}={wrong}(\.0)? cannot be used: {least} is the least$"):
            load({**home, variable: str(wrong)})
    with pytest.raises(OptionError, match=f"{variable}='many' cannot be used: (int|float) is wanted"):
        load({**home, variable: "many"})


def test_no_number_among_the_settings_is_without_a_least() -> None:
    numbers = {o.name for o in dataclasses.fields(Options) if type(getattr(Options(), o.name)) in (int, float)}
    assert numbers == {o.name for o in dataclasses.fields(Options) if o.metadata["least"] is not None}


@pytest.mark.parametrize("name", SIZES)
def test_a_size_is_written_down_where_somebody_looks_for_it(name: str) -> None:
    rows = (DOCS / "settings.md").read_text().splitlines()
    [row] = [row for row in rows if row.startswith(f"| `{name}` |")]
    least = next(o.metadata["least"] for o in dataclasses.fields(Options) if o.name == name)
    assert not least or f"At least {least}." in row
    assert re.search(rf"`{name}`", (DOCS / "scale-out.md").read_text()), f"docs/scale-out.md does not name {name}"
