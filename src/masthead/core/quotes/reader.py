"""Quotations of one text, paragraph by paragraph: which marks hold somebody's words, and whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from masthead.core.quotes.clauses import Clause, after, before
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.marks import Span, spans
from masthead.core.quotes.people import People
from masthead.core.quotes.phrases import Mention
from masthead.core.types import Block

_ENDS = ".?!…"
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words: text[start:end] of block `block`, without marks; `mention` as the text names the speaker."""

    block: int
    start: int
    end: int
    text: str
    speaker: str | None
    mention: str
    cue: str
    confidence: float


class Reader:
    """Reads the paragraphs of one text in order; remembers who spoke last."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.people = People(grammar)
        self._last: tuple[int, Clause] | None = None

    def read(self, blocks: Sequence[Block]) -> list[Quotation]:
        """All quotations of the paragraphs, in order."""
        marked = {i: spans(block.text) for i, block in enumerate(blocks) if block.type == "paragraph"}
        clauses = {i: self._attribute(blocks[i].text, found) for i, found in marked.items()}
        for i, found in marked.items():
            self.people.learn(i, blank(blocks[i].text, found))
        for pairs in clauses.values():
            for _, clause in pairs:
                if clause.mention and clause.mention.kind == "name":
                    self.people.speaks(clause.mention)
        result: list[Quotation] = []
        for i, pairs in clauses.items():
            text = blocks[i].text
            lead_in = before(blocks[i - 1].text + " ", 0, len(blocks[i - 1].text), self.grammar) if i and blocks[i - 1].text.rstrip().endswith(":") else None
            for span, clause in pairs:
                result.append(self._quotation(i, text, span, clause, lead_in))
        return result

    def _attribute(self, text: str, found: list[Span]) -> list[tuple[Span, Clause]]:
        """The quotations among the marks of a paragraph, each with its clause; an empty clause where none is near."""
        pairs: list[tuple[Span, Clause]] = []
        end_before = 0
        for number, span in enumerate(found):
            limit = found[number + 1].start if number + 1 < len(found) else len(text)
            clause = self._clause(text, span, end_before, limit, pairs)
            if clause is not None:
                pairs.append((span, clause))
            end_before = span.end
        # "A." "B," said X: the words before belong to the same speaker.
        for number in range(len(pairs) - 2, -1, -1):
            (span, clause), (follower, known) = pairs[number], pairs[number + 1]
            if not clause.mention and not clause.cue and not text[span.end : follower.start].strip():
                pairs[number] = (span, known)
        return pairs

    def _clause(self, text: str, span: Span, start: int, limit: int, earlier: list[tuple[Span, Clause]]) -> Clause | None:
        said = span.words(text)
        count = len(said.split())
        if not count:
            return None
        lead = text[start : span.start].rstrip()
        follow = text[span.end : span.end + 3].lstrip()[:1]
        opens = not lead or lead[-1] in ".?!…:”\"—–"
        leads_in = before(text, start, span.start, self.grammar) if lead else None
        word_before = lead.split()[-1].lower() if lead else ""
        if not opens and lead[-1] != "," and word_before not in self.grammar.verbs | self.grammar.participles:
            return None
        strong = said[-1] in ",?!…—-" or follow in (",", "—", "–")
        trailing = after(text, span.end, limit, self.grammar) if strong or (follow.isalpha() and said[-1] not in ".") else None
        closes = said[-1] in _ENDS or follow in _ENDS or not span.closed
        if trailing and (opens or leads_in is None) and not (lead.endswith(",") and not strong):
            if trailing.mention or leads_in is None:
                return trailing
        if leads_in and lead[-1] in ",:—–" or word_before in self.grammar.verbs | self.grammar.participles:
            return leads_in or Clause(None, "", 0.4)
        if opens and (closes or strong) and count >= _FEWEST_WORDS:
            return Clause(None, "", 0.3)
        return None

    def _quotation(self, index: int, text: str, span: Span, clause: Clause, lead_in: Clause | None) -> Quotation:
        if clause.mention is None:
            if lead_in:
                clause = replace_mention(clause, lead_in, 0.7)
            elif self._last and index - self._last[0] <= 1:
                clause = replace_mention(clause, self._last[1], 0.6)
        speaker = self._speaker(index, span, clause.mention)
        if clause.mention is not None:
            self._last = (index, clause if clause.mention.kind != "pronoun" or not speaker else clause._replace(mention=clause.mention))
        said = span.words(text).rstrip(",")
        start = text.index(said, span.inner)
        return Quotation(index, start, start + len(said), said, speaker, clause.mention.text if clause.mention else "", clause.cue, clause.sure)

    def _speaker(self, index: int, span: Span, named: Mention | None) -> str | None:
        if named is None:
            return None
        if named.kind == "name":
            return self.people.full(named.text)
        if named.kind == "phrase":
            return named.text
        if named.gender:
            candidates = self.people.before(index, named.start, named.gender)
            if len(candidates) == 1:
                return candidates[0]
        return None


def replace_mention(clause: Clause, other: Clause, sure: float) -> Clause:
    """The clause with the speaker of another."""
    return Clause(other.mention, clause.cue or other.cue, min(sure, other.sure))


def blank(text: str, found: list[Span]) -> str:
    """The text with its quotations blanked out, places kept."""
    for span in found:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text
