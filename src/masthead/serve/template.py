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


def _meaning(option: dataclasses.Field[Any]) -> str:
    least = option.metadata["least"]
    return str(option.metadata["help"]) + (f" At least {least}." if least else "")


def toml() -> str:
    """A commented `masthead.toml` that changes nothing."""
    parts = [_HEAD]
    for option in dataclasses.fields(Options):
        if option.name == "home":
            continue
        help_lines = textwrap.wrap(_meaning(option).replace("`", ""), 96)
        parts.append(
            "\n".join([*(f"# {line}" for line in help_lines), f"# {option.name} = {_default(option.name)}", ""])
        )
    return "\n".join(parts)


def markdown() -> str:
    """The table of `docs/settings.md`."""
    lines = ["| `masthead.toml` | environment | default | meaning |", "|---|---|---|---|"]
    for option in dataclasses.fields(Options):
        key = "" if option.name == "home" else f"`{option.name}`"
        meaning = _meaning(option).replace("|", "\\|")
        lines.append(f"| {key} | `{environment_name(option.name)}` | `{_default(option.name)}` | {meaning} |")
    return "\n".join(lines) + "\n"


_PAGE = """\
# Settings

A setting is looked for in the environment, then in `masthead.toml` in the home (`$MASTHEAD_HOME`, by default
`masthead-home` in the folder where Masthead is started), then its default holds. The first start writes a
`masthead.toml` that names them all. Lists are written `["a", "b"]` in the file and `a, b` in the environment.
A name that does not exist, or a value that cannot be used, ends the start with one line that says so. Restart after
a change.

This page is made from `src/masthead/options.py` by `make docs/settings.md`.

"""


def page() -> str:
    """The whole of `docs/settings.md`."""
    return _PAGE + markdown()


def _default(name: str) -> str:
    return _shown(getattr(Options(), name))
