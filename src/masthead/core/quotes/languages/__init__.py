"""The grammars of the six languages, and one of them all for a text in another language."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from masthead.core.characters import words
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.languages.arabic import ARABIC
from masthead.core.quotes.languages.english import ENGLISH
from masthead.core.quotes.languages.french import FRENCH
from masthead.core.quotes.languages.german import GERMAN
from masthead.core.quotes.languages.russian import RUSSIAN
from masthead.core.quotes.languages.spanish import SPANISH

GRAMMARS = {grammar.language: grammar for grammar in (ENGLISH, SPANISH, GERMAN, FRENCH, RUSSIAN, ARABIC)}
_LATIN_AND_CYRILLIC = (ENGLISH, SPANISH, GERMAN, FRENCH, RUSSIAN)
_SAME_WORD = words("so point points put puts sang")
"""Verbs of one language that are common words of another."""


def _merged() -> Grammar:
    """One grammar with the words of all languages that write names with capitals."""
    values: dict[str, Any] = {"language": ""}
    for field in fields(Grammar):
        if not field.init or field.name == "language":
            continue
        parts = [getattr(grammar, field.name) for grammar in _LATIN_AND_CYRILLIC]
        if isinstance(parts[0], frozenset):
            values[field.name] = frozenset().union(*parts)
        elif isinstance(parts[0], tuple):
            values[field.name] = tuple(dict.fromkeys(form for part in parts for form in part))
    return Grammar(**{**values, "verbs": values["verbs"] - _SAME_WORD, "inverts": True})


ANY = _merged()
