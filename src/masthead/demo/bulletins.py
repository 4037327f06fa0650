"""The short notices that keep a newsroom's wire moving when all prepared reports are out: tides, prices, air, ferries.

Real newsrooms publish such notices by machine from measurements; ours draws the measurements from the number of the
notice, so that the same number is the same notice after a restart.
"""

from __future__ import annotations

import math
import tomllib
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from masthead.demo.press import Press
from masthead.demo.texts import Piece, Report


@cache
def _kinds() -> tuple[dict[str, Any], ...]:
    path = resources.files("masthead.demo") / "newsroom" / "bulletins.toml"
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["bulletins"])


def bulletin(press: Press, number: int, at: datetime) -> Report:
    """The notice of a number (from 0), as measured at `at`."""
    kinds = _kinds()
    kind = kinds[number % len(kinds)]
    publisher = press.publishers[kind["publisher"]]
    draw = Random(f"{number}/{kind['slug']}")  # noqa: S311
    local = at.astimezone(timezone(timedelta(hours=publisher.offset)))
    values = {name: _value(range_, number, draw, publisher.language) for name, range_ in kind["values"].items()}
    values["time"] = f"{local:%H:%M}"
    paragraphs = [draw.choice(options).format(**values) for options in kind["paragraphs"]]
    return Report(
        publisher=publisher.key,
        slug=f"{kind['slug']}-{number}",
        title=draw.choice(kind["titles"]).format(**values),
        when="",
        section=kind["section"],
        scene=kind["scene"],
        author=publisher.desk,
        standfirst=paragraphs[0],
        body=tuple(Piece("paragraph", text) for text in paragraphs[1:]),
    )


def _value(spec: list[float], number: int, draw: Random, language: str) -> str:
    """A measurement between two bounds that drifts from notice to notice; the third figure is its decimals."""
    low, high, decimals = spec
    phase = draw.uniform(-0.25, 0.25)
    share = (math.sin(number / 9 + phase) + 1) / 2
    text = f"{low + (high - low) * share:,.{int(decimals)}f}"
    if language in ("de", "es"):
        return text.translate(str.maketrans(",.", ".,"))
    if language in ("fr", "ru"):
        return text.replace(",", "\u202f").replace(".", ",")
    return text
