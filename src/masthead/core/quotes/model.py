"""The hook for an operator's own spaCy model, which then names the people of a text in the place of our rules.

Nothing is imported before the first text is read with a model named; without one nothing here does anything.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from functools import cache
from typing import Any

_LOG = logging.getLogger(__name__)
_PERSON = frozenset({"PERSON", "PER"})
_settings = {"model": ""}

Places = list[tuple[int, int]]


def use_model(name: str) -> None:
    """Name the model to use from now on: an installed package ("en_core_web_sm") or a folder. Empty: none."""
    _settings["model"] = name


def people_in(text: str) -> Places | None:
    """Where the model sees people, as (start, end) in order; None when no model is named or it cannot be used."""
    name = _settings["model"]
    read = _model(name) if name else None
    if read is None or not text.strip():
        return None
    return [(entity.start_char, entity.end_char) for entity in read(text).ents if entity.label_ in _PERSON]


@cache
def _model(name: str) -> Callable[[str], Any] | None:
    try:
        loaded: Callable[[str], Any] = importlib.import_module("spacy").load(name)
    except (ImportError, OSError, ValueError) as error:
        _LOG.warning(
            "quotes_model = %r cannot be used (%s): install spaCy and the model beside Masthead, or empty the setting. "
            "Quotations are read without it.",
            name,
            error,
        )
        return None
    return loaded
