"""Quotations with the clause of attribution inside: «We go, — said X, — and we stay», and dialogue behind a dash."""

from __future__ import annotations

import re

from masthead.core.quotes.clause import Clause
from masthead.core.quotes.following import after
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.marks import Span

_DASH_OPENS = re.compile(r"\s*[—–―-]\s?(?=[^\s\d—–―-])")
_DASH = re.compile(r"(?<=[,.?!…\w»”\"])(?:\s+[—–―-]\s*|[—–―]\s*)|(?<=[.,?!…])\s*[—–―]\s*")
_COMMA = re.compile(r"[,?!…],?\s+(?=\w)")
_MOST = 40
"""Places within one quotation where a clause is looked for."""

Part = tuple[Span, Clause]


def dialogue(text: str, grammar: Grammar) -> list[Part]:
    """What is said in a paragraph that opens with a dash, when a clause in it says by whom; else nothing."""
    opened = _DASH_OPENS.match(text)
    if opened is None:
        return []
    span = Span(opened.start(), len(text), opened.end(), len(text), closed=False)
    return parts(text, span, grammar) or _with_comma(text, span, grammar)


def parts(text: str, span: Span, grammar: Grammar) -> list[Part]:
    """The pieces of a quotation that clauses between dashes part, each with the clause; empty when there is none."""
    found: list[Part] = []
    start = span.inner
    last: Clause | None = None
    position = span.inner
    for _ in range(_MOST):
        dash = _DASH.search(text, position, span.inner_end)
        if dash is None:
            break
        position = dash.end()
        clause = after(text, dash.end(), span.inner_end, grammar)
        if clause is None or not _begins_with_verb(text, dash.end(), clause):
            continue
        found.append((Span(start, dash.start(), start, dash.start()), clause))
        last = clause
        further = _DASH.search(text, dash.end(), span.inner_end)
        start = position = further.end() if further else span.inner_end
        start += len(text[start : span.inner_end]) - len(text[start : span.inner_end].lstrip(".,:; "))
    if last and text[start : span.inner_end].strip(" .,"):
        found.append((Span(start, span.inner_end, start, span.inner_end), last))
    return [(piece, clause) for piece, clause in found if piece.words(text)]


def incise(text: str, span: Span, grammar: Grammar) -> list[Part]:
    """The same for clauses between commas, as French has them: «Nous irons, a dit X, et nous resterons.»"""
    return parts(text, span, grammar) or _with_comma(text, span, grammar)


def _with_comma(text: str, span: Span, grammar: Grammar) -> list[Part]:
    for number, comma in enumerate(_COMMA.finditer(text, span.inner, span.inner_end)):
        if number >= _MOST:
            break
        clause = after(text, comma.end(), span.inner_end, grammar)
        if clause is None or clause.mention is None or not _begins_with_verb(text, comma.end(), clause):
            continue
        end = comma.start() + (text[comma.start()] != ",")
        pieces = [(Span(span.start, end, span.inner, end), clause)]
        rest = re.search(r"[,.]\s*", text[clause.mention.end : span.inner_end])
        if rest:
            start = clause.mention.end + rest.end()
            pieces.append((Span(start, span.inner_end, start, span.inner_end), clause))
        return [(piece, known) for piece, known in pieces if piece.words(text)]
    return []


def _begins_with_verb(text: str, at: int, clause: Clause) -> bool:
    """Whether the clause at this place begins with its verb ("said X", "a-t-il dit"), not with a new sentence."""
    if not clause.cue:
        return False
    place = text.find(clause.cue, at, at + 60)
    return 0 <= place - at <= 12 and text[at].islower()
