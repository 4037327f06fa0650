"""The quotations of one text: its paragraphs read in order, each quotation given to who says it."""

from __future__ import annotations

from collections.abc import Sequence

from masthead.core.quotes.clause import Clause
from masthead.core.quotes.following import signature
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.joined import join
from masthead.core.quotes.leading import before, subject
from masthead.core.quotes.marks import Span, spans
from masthead.core.quotes.paragraph import Paragraph, blanked
from masthead.core.quotes.phrases import Mention
from masthead.core.quotes.speakers import Speakers
from masthead.core.quotes.types import Quotation
from masthead.core.types import Block

_NEAR = 100
"""Characters beside a quotation in which its clause of attribution stands; more is prose of its own."""


class Reader:
    """Reads one text; remembers who spoke last. Make a new one for each text."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.speakers = Speakers(grammar)
        self._last: tuple[int, Mention, str | None] | None = None

    def read(self, blocks: Sequence[Block], lead: str = "") -> list[Quotation]:
        """All quotations of the paragraphs and quote blocks, in order; names in `lead` count as introduced."""
        self.speakers.introduce(blanked(lead, spans(lead)))
        paragraphs: dict[int, Paragraph] = {}
        for index, block in enumerate(blocks):
            if block.type == "paragraph":
                later = blocks[index + 1] if index + 1 < len(blocks) else block
                follower = later.text if later is not block and later.type == "paragraph" else ""
                paragraph = Paragraph(index, block.text, paragraphs.get(index - 1), follower, self.grammar)
                paragraphs[index] = paragraph
                self.speakers.learn(paragraph)
        found: list[Quotation] = []
        for index, block in enumerate(blocks):
            earlier = paragraphs.get(index - 1)
            if index in paragraphs:
                found += self._quotations(paragraphs[index], earlier, paragraphs.get(index + 1))
            elif block.type == "quote" and block.text.strip():
                found.append(self._block_quote(index, block, earlier))
        return join(found, {index: paragraph.text for index, paragraph in paragraphs.items()})

    def _block_quote(self, index: int, block: Block, earlier: Paragraph | None) -> Quotation:
        """A block that is set as a quotation: said by whom it cites, or by whom the paragraph before announces."""
        text = block.text
        found = spans(text)
        whole = len(found) == 1 and not (text[: found[0].start] + text[found[0].end :]).strip()
        said = (found[0].words(text) if whole else "") or text.strip()
        start = text.index(said)
        pieces = ((index, start, start + len(said)),)
        if block.cite.strip():
            return Quotation(index, said, pieces, block.cite, block.cite, "", 0.9)
        announced = earlier if earlier and earlier.ends_with_colon else None
        clause = before(announced.bare, 0, len(announced.bare), self.grammar) if announced else None
        if clause is None or clause.mention is None:
            return Quotation(index, said, pieces, None, "", "", 0.6)
        speaker = self.speakers.of(index - 1, clause.mention)
        return Quotation(index, said, pieces, speaker, clause.mention.text, clause.cue, min(0.7, clause.sure))

    def _quotations(self, paragraph: Paragraph, earlier: Paragraph | None, later: Paragraph | None) -> list[Quotation]:
        found: list[Quotation] = []
        start = 0
        for number, (span, clause) in enumerate(paragraph.said):
            is_last = number == len(paragraph.said) - 1 and not paragraph.text[span.end :].strip()
            signed = signature(later.text, self.grammar) if later and is_last and clause.mention is None else None
            found.append(self._quotation(paragraph, span, signed or clause, start, earlier))
            start = span.end
        return found

    def _quotation(
        self, paragraph: Paragraph, span: Span, clause: Clause, start: int, earlier: Paragraph | None
    ) -> Quotation:
        index, named, cue, sure = paragraph.index, clause.mention, clause.cue, clause.sure
        speaker: str | None = None
        if named is None and (near := self._sentence_before(paragraph, span, start, earlier)):
            place, told = near
            named, cue, sure = told.mention, cue or told.cue, min(0.7, told.sure)
            speaker = self.speakers.of(place, named) if named else None
        elif named is not None:
            speaker = self.speakers.of(index, named)
        elif self._last and index - self._last[0] <= 1:
            _, named, speaker = self._last
            sure = 0.6
        if named is not None:
            self._last = (index, named, speaker)
        said = span.words(paragraph.text)
        said = said.rstrip(",") or said
        begins = paragraph.text.index(said, span.inner)
        pieces = ((index, begins, begins + len(said)),)
        sure = sure if span.closed else min(sure, 0.6)
        return Quotation(index, said, pieces, speaker, named.text if named else "", cue, sure, not span.closed)

    def _sentence_before(
        self, paragraph: Paragraph, span: Span, start: int, earlier: Paragraph | None
    ) -> tuple[int, Clause] | None:
        """Whose a quotation without a clause is by the sentence before it, and the paragraph of that sentence."""
        lead = paragraph.bare[start : span.start].strip()
        told: Clause | None = None
        place = paragraph.index
        if lead:
            is_attribution = start and self._last and self._last[0] == place and len(lead) < _NEAR
            told = None if is_attribution else subject(paragraph.bare, start, span.start, self.grammar)
        elif not start and earlier:
            place = earlier.index
            if earlier.ends_with_colon:
                told = before(earlier.bare, 0, len(earlier.bare), self.grammar)
            elif not (earlier.said and len(earlier.text) - earlier.said[-1][0].end < _NEAR):
                told = subject(earlier.bare, 0, len(earlier.bare), self.grammar)
        return (place, told) if told and told.mention else None
