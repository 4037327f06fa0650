"""A clause of attribution: who, in which words, how surely."""

from __future__ import annotations

from typing import NamedTuple

from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.phrases import Mention, read_phrase
from masthead.core.quotes.tokens import Token

WINDOW = 320
"""Characters beside a quotation that are read: longer clauses of attribution are rare."""


class Clause(NamedTuple):
    """Who (None: not named in this clause) and the verb. `sure`: how far the words leave no other reading, 0..1."""

    mention: Mention | None
    cue: str
    sure: float


def according(text: str, found: list[Token], grammar: Grammar) -> Clause | None:
    for form in grammar.according:
        if tuple(token.low for token in found[: len(form)]) == form:
            named, _ = read_phrase(text, found[len(form) :], grammar)
            if named:
                return Clause(named, " ".join(form), 0.85)
    return None
