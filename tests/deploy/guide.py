"""The commands of docs/deploy.md, as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "deploy.md"


def section(title: str) -> str:
    """The text under a heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.M | re.S)
    assert found is not None, title
    return found[1]


def blocks(title: str, kind: str) -> list[str]:
    """Its blocks of a kind, such as `toml`."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", section(title), re.M | re.S)


def commands(title: str) -> list[str]:
    """What a person would type under a heading, as root (`#`) or not (`$`)."""
    lines = "".join(blocks(title, "console")).splitlines()
    typed = [line[2:] for line in lines if line.startswith(("# ", "$ "))]
    assert typed and len(typed) == len(lines), f"a line under {title!r} is no command"
    return typed
