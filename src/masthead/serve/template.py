"""The first `masthead.toml` and the list of settings in the docs: both written from `options.py`."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from typing import Any

from masthead.options import Options, environment_name

_HEAD = """\
# Settings of this Masthead. A line counts once its "#" is taken away; restart afterwards.
# The same settings may come from the environment, which wins: site_name is MASTHEAD_SITE_NAME.
"""


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return json.dumps(value if isinstance(value, bool | int | float) else str(value))


def toml() -> str:
    """A commented `masthead.toml` that changes nothing."""
    parts = [_HEAD]
    for option in dataclasses.fields(Options):
        if option.name == "home":
            continue
        help_lines = textwrap.wrap(option.metadata["help"].replace("`", ""), 96)
        parts.append(
            "\n".join([*(f"# {line}" for line in help_lines), f"# {option.name} = {_default(option.name)}", ""])
        )
    return "\n".join(parts)


def markdown() -> str:
    """The table of `docs/settings.md`."""
    lines = ["| `masthead.toml` | environment | default | meaning |", "|---|---|---|---|"]
    for option in dataclasses.fields(Options):
        key = "" if option.name == "home" else f"`{option.name}`"
        meaning = option.metadata["help"].replace("|", "\\|")
        lines.append(f"| {key} | `{environment_name(option.name)}` | `{_default(option.name)}` | {meaning} |")
    return "\n".join(lines) + "\n"


def _default(name: str) -> str:
    return _shown(getattr(Options(), name))
