"""Quotations of one text, paragraph by paragraph: which marks hold somebody's words, and whose."""

from __future__ import annotations

from collections.abc import Sequence

from masthead.core.quotes.clauses import Clause, after, before, signature, subject
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.inserts import dialogue, incise
from masthead.core.quotes.joined import cut_unclosed, join
from masthead.core.quotes.marks import Span, spans
from masthead.core.quotes.people import People
from masthead.core.quotes.phrases import Mention
from masthead.core.quotes.types import Quotation
from masthead.core.types import Block

_ENDS = ".?!…؟"
_COMMAS = (",", "،", "—", "–")
_FEWEST_WORDS = 3
_NOTHING = Clause(None, "", 0.3)
_AGAIN = "»"
"""Begins each further paragraph of a quotation in Spanish and French, beside the mark that opened it."""

Said = tuple[Span, Clause]


class Paragraph:
    """A paragraph with its marks; `bare` is its text with the quotations blanked out, places kept."""

    def __init__(self, index: int, text: str, earlier: Paragraph | None = None) -> None:
        self.index = index
        self.text = text
        runs_on = bool(earlier and earlier.spans and not earlier.spans[-1].closed)
        self.spans = spans("«" + text[1:] if runs_on and text.startswith(_AGAIN) else text)
        self.bare = _blanked(text, self.spans)
        self.said: list[Said] = []

    @property
    def ends_with_colon(self) -> bool:
        """Whether what follows is announced."""
        return self.text.rstrip().endswith((":", "："))


class Reader:
    """Reads the paragraphs of one text in order; remembers who spoke last."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.people = People(grammar)
        self._last: tuple[int, Clause] | None = None
        self._spoke: tuple[int, str] | None = None
        self._bare: dict[int, str] = {}
        self._said: dict[int, list[Said]] = {}

    def read(self, blocks: Sequence[Block], lead: str = "") -> list[Quotation]:
        """All quotations of the paragraphs and quote blocks, in order; names in `lead` count as introduced."""
        paragraphs: dict[int, Paragraph] = {}
        for index, block in enumerate(blocks):
            if block.type == "paragraph":
                paragraphs[index] = Paragraph(index, block.text, paragraphs.get(index - 1))
        self.people.learn(-1, _blanked(lead, spans(lead)))
        for index, paragraph in paragraphs.items():
            follower = paragraphs.get(index + 1)
            self._attribute(paragraph, follower.text.lstrip()[:1] if follower else "")
            self.people.learn(index, paragraph.bare)
            self._bare[index] = paragraph.bare
            paragraph.said = self._said[index] = [(span, self._narrowed(paragraph, clause)) for span, clause in paragraph.said]
        result: list[Quotation] = []
        for index, block in enumerate(blocks):
            earlier = paragraphs.get(index - 1)
            if index in paragraphs:
                result += self._quotations(paragraphs[index], earlier, paragraphs.get(index + 1))
            elif block.type == "quote" and block.text.strip():
                result.append(self._block_quote(index, block, earlier))
        return join(result, {index: block.text for index, block in enumerate(blocks)})

    def _narrowed(self, paragraph: Paragraph, clause: Clause) -> Clause:
        """The clause as it is, its speaker made known to the people of the text."""
        if clause.mention is None or clause.mention.kind == "pronoun":
            return clause
        named = self.people.narrowed(paragraph.index, paragraph.bare, clause.mention)
        if named.kind == "name":
            self.people.speaks(named)
        return clause._replace(mention=named)

    def _block_quote(self, index: int, block: Block, earlier: Paragraph | None) -> Quotation:
        """A block that is set as a quotation: said by whom it cites, or by whom the paragraph before announces."""
        text = block.text
        found = spans(text)
        whole = len(found) == 1 and not (text[: found[0].start] + text[found[0].end :]).strip()
        said = found[0].words(text) if whole else text.strip()
        start = text.index(said)
        piece = (index, start, start + len(said))
        if block.cite:
            return Quotation(index, said, (piece,), block.cite, block.cite, "", 0.9)
        clause = before(earlier.bare, 0, len(earlier.bare), self.grammar) if earlier and earlier.ends_with_colon else None
        if clause is None or clause.mention is None:
            return Quotation(index, said, (piece,), None, "", "", 0.6)
        speaker = self._speaker(index - 1, clause.mention)
        return Quotation(index, said, (piece,), speaker, clause.mention.text, clause.cue, min(0.7, clause.sure))

    def _attribute(self, paragraph: Paragraph, follower: str) -> None:
        """Find the quotations among the marks, each with its clause. `follower`: how the next paragraph begins."""
        text, found, pairs = paragraph.text, paragraph.spans, paragraph.said
        if (self.grammar.inserts or not found) and (spoken := dialogue(text, self.grammar)):
            pairs += spoken
            paragraph.bare = _blanked(text, [span for span, _ in spoken])
            return
        end_before = 0
        for number, span in enumerate(found):
            limit = found[number + 1].start if number + 1 < len(found) else len(text)
            pairs += self._quoted(paragraph, span, end_before, limit, runs_on=bool(follower) and follower in text[span.start] + _AGAIN)
            end_before = span.end
        # "A." "B," said X: the words before belong to the same speaker.
        for number in range(len(pairs) - 2, -1, -1):
            (span, clause), (follower, known) = pairs[number], pairs[number + 1]
            if not clause.mention and not clause.cue and not text[span.end : follower.start].strip():
                pairs[number] = (span, known)

    def _quoted(self, paragraph: Paragraph, span: Span, start: int, limit: int, runs_on: bool) -> list[Said]:
        """A span as a quotation with its clause; as two where a clause stands inside; as none where it is no quotation."""
        if self.grammar.inserts and (inside := incise(paragraph.text, span, self.grammar)):
            return inside
        if not span.closed and not runs_on and (cut := cut_unclosed(paragraph.text, span, self.grammar)):
            return [cut]
        clause = self._clause(paragraph, span, start, limit)
        return [] if clause is None else [(span, clause)]

    def _clause(self, paragraph: Paragraph, span: Span, start: int, limit: int) -> Clause | None:
        """The clause of a quotation, or None when the marks hold something else: a title, a word held at a distance."""
        text, grammar = paragraph.text, self.grammar
        said = span.words(text)
        if not said:
            return None
        lead = text[start : span.start].rstrip()
        follow = text[span.end : span.end + 3].lstrip()[:1]
        opens = not lead or lead[-1] in ".?!…:”\"—–؟"
        word_before = lead.split()[-1].lower() if lead else ""
        is_cue = word_before in grammar.verbs or word_before in grammar.participles
        if word_before in grammar.labels or (not opens and lead[-1] not in ",،" and not is_cue):
            return None
        leads_in = self._leading(paragraph, start, span.start) if lead else None
        strong = said[-1] in ",?!…—-؟،" or follow in _COMMAS
        trails = after(text, span.end, limit, grammar) if strong or (follow.islower() and said[-1] != ".") else None
        if trails and (trails.mention or leads_in is None) and (strong or not lead.endswith((",", "،"))):
            if opens or leads_in is None or not leads_in.mention:
                return None if _is_fragment(said, lead, paragraph.said) else trails
        if is_cue or (leads_in and lead[-1] in ",،:—–"):
            return leads_in or Clause(None, word_before if is_cue else "", 0.4)
        closes = said[-1] in _ENDS or follow in _ENDS or not span.closed
        goes_on = bool(paragraph.said) and start > 0 and len(lead) < 120
        if opens and (closes or strong) and (len(said.split()) >= _FEWEST_WORDS or goes_on):
            return _NOTHING
        return None

    def _leading(self, paragraph: Paragraph, start: int, end: int) -> Clause | None:
        """The clause before a quotation; "adding" after another quotation has its subject before that one."""
        clause = before(paragraph.text, start, end, self.grammar)
        if clause and clause.mention is None and start:
            whole = before(paragraph.bare, 0, end, self.grammar)
            if whole and whole.mention:
                return whole._replace(cue=clause.cue, sure=min(0.7, whole.sure))
        return clause

    def _quotations(self, paragraph: Paragraph, earlier: Paragraph | None, later: Paragraph | None) -> list[Quotation]:
        result: list[Quotation] = []
        end_before = 0
        for number, (span, clause) in enumerate(paragraph.said):
            if clause.mention is None:
                is_last = number == len(paragraph.said) - 1 and not paragraph.text[span.end :].strip()
                clause = self._from_around(paragraph, span, end_before, earlier, later if is_last else None, clause)
            if clause.mention is not None:
                self._last = (paragraph.index, clause)
            result.append(self._quotation(paragraph, span, clause))
            end_before = span.end
        return result

    def _from_around(
        self, paragraph: Paragraph, span: Span, start: int, earlier: Paragraph | None, later: Paragraph | None, own: Clause
    ) -> Clause:
        """Who says what has no clause of its own: the sentence before, a signature after, or who spoke last."""
        if later and (signed := signature(later.text, self.grammar)):
            return signed
        lead = paragraph.bare[start : span.start].strip()
        near: Clause | None = None
        if lead and not (start and self._last and self._last[0] == paragraph.index and len(lead) < 100):
            near = subject(paragraph.bare, start, span.start, self.grammar)
        elif not lead and not start and earlier and earlier.index == paragraph.index - 1:
            if earlier.ends_with_colon:
                near = before(earlier.text, 0, len(earlier.text), self.grammar)
            elif not (earlier.said and len(earlier.text) - earlier.said[-1][0].end < 100):
                near = subject(earlier.bare, 0, len(earlier.bare), self.grammar)
        if near is not None and near.mention is not None:
            return Clause(near.mention, own.cue or near.cue, min(0.7, near.sure))
        if self._last and paragraph.index - self._last[0] <= 1:
            return Clause(self._last[1].mention, own.cue, 0.6)
        return own

    def _quotation(self, paragraph: Paragraph, span: Span, clause: Clause) -> Quotation:
        said = span.words(paragraph.text).rstrip(",")
        start = paragraph.text.index(said, span.inner)
        speaker = self._speaker(paragraph.index, clause.mention)
        if speaker and clause.mention and clause.mention.kind != "phrase":
            self._spoke = (paragraph.index, speaker)
        named = clause.mention.text if clause.mention else ""
        piece = (paragraph.index, start, start + len(said))
        sure = clause.sure if span.closed else min(clause.sure, 0.6)
        return Quotation(paragraph.index, said, (piece,), speaker, named, clause.cue, sure, not span.closed)

    def _speaker(self, index: int, named: Mention | None) -> str | None:
        if named is None:
            return None
        if named.kind == "name":
            return self.people.full(named.text)
        if named.kind == "phrase":
            return named.text
        return self._antecedent(index, named) if named.gender else None

    def _antecedent(self, index: int, named: Mention) -> str | None:
        """Whom a pronoun means: the only one it can, or the subject of the sentence before, or who spoke last."""
        candidates = self.people.before(index, named.start, named.gender)
        if len(candidates) == 1:
            return candidates[0]
        told = self._spoke if self._spoke and self._spoke[0] >= index - 1 else None
        if not candidates:
            return told[1] if told and self.people.gender(told[1]) == named.gender else None
        for paragraph, end in ((index, named.start), (index - 1, None)):
            bare = self._bare.get(paragraph, "")
            told_before = subject(bare, 0, len(bare) if end is None else self._sentence(paragraph, end), self.grammar)
            if told_before and told_before.mention and told_before.mention.kind == "name":
                name = self.people.full(told_before.mention.text)
                others = [one.rpartition(" ")[2] for one in candidates if one != name]
                sentence = bare[told_before.mention.end : end]
                in_doubt = not told_before.cue and any(other in sentence for other in others)
                return name if name in candidates and not in_doubt else None
            if bare[:end].strip(" .,?!…") and paragraph == index:
                break
        return told[1] if told and told[1] in candidates else None

    def _sentence(self, paragraph: int, position: int) -> int:
        """Where the quotation that a clause at `position` belongs to begins: the words before it are what counts."""
        begins = [span.start for span, clause in self._said.get(paragraph, []) if span.start < position]
        return begins[-1] if begins else position


def _is_fragment(said: str, lead: str, earlier: list[Said]) -> bool:
    """Whether words in the middle of a sentence of the reporter's: "In his country, "it is so," he says"."""
    return said[0].islower() and lead.endswith((",", "،")) and not earlier


def _blanked(text: str, found: list[Span]) -> str:
    """The text with its quotations blanked out; the mark that ends a sentence stays."""
    parts: list[str] = []
    position = 0
    for span in found:
        ends = text[max(span.inner, span.inner_end - 1) : span.inner_end]
        size = span.end - span.start
        parts += [text[position : span.start], " " * (size - 1), ends if ends and ends in _ENDS and size else " " * bool(size)]
        position = span.end
    return "".join([*parts, text[position:]])
