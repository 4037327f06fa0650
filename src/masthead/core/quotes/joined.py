"""Quotations that run over paragraphs, and those that are never closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from masthead.core.quotes.clause import Clause
from masthead.core.quotes.following import after
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.marks import Span
from masthead.core.quotes.types import Quotation

BETWEEN = "\n\n"
"""What parts two blocks in the plain text of an article."""
_PLACE = re.compile(r"[,?!.]\s+(?=\w)")
_MOST = 40


def cut_unclosed(text: str, span: Span, grammar: Grammar) -> tuple[Span, Clause] | None:
    """An unclosed quotation up to the clause that says whose it is: "“We stay, said Ruiz." None: there is none."""
    for number, place in enumerate(_PLACE.finditer(text, span.inner, span.inner_end)):
        if number >= _MOST:
            return None
        clause = after(text, place.end(), span.inner_end, grammar)
        if clause and clause.mention and clause.cue and text.find(clause.cue, place.end()) - place.end() < 40:
            end = place.start() + (text[place.start()] != ",")
            return Span(span.start, end, span.inner, end), clause
    return None


def join(found: Sequence[Quotation], texts: dict[int, str]) -> list[Quotation]:
    """The quotations with those made one that run on: open at the end of a block, begun anew at the start of the next.

    The text of a joined one is exactly that of the blocks, a blank line between them, with the mark repeated.
    """
    result: list[Quotation] = []
    for quotation in found:
        last = result[-1] if result else None
        if last is None or not last.open or not _runs_on(last, quotation, texts):
            result.append(quotation)
            continue
        told = last if last.mention and last.confidence >= quotation.confidence else quotation
        told = told if told.mention else last
        result[-1] = replace(
            told,
            block=last.block,
            text=_between(texts, last, quotation),
            pieces=last.pieces + quotation.pieces,
            open=quotation.open,
        )
    return result


def _runs_on(last: Quotation, quotation: Quotation, texts: dict[int, str]) -> bool:
    block, _, end = last.pieces[-1]
    following, start, _ = quotation.pieces[0]
    return (
        following == block + 1
        and following in texts
        and not texts[block][end:].strip(" ,\u00a0")
        and not any(letter.isalnum() for letter in texts[following][:start])
    )


def _between(texts: dict[int, str], last: Quotation, quotation: Quotation) -> str:
    block, _, end = last.pieces[-1]
    following, _, stop = quotation.pieces[-1]
    return last.text + texts[block][end:] + BETWEEN + texts[following][:stop]
