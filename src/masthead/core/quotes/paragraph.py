"""One paragraph: which of its marks hold somebody's words, and the clause beside each that says whose."""

from __future__ import annotations

from masthead.core.quotes.clause import Clause
from masthead.core.quotes.following import after
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.inserts import dialogue, incise
from masthead.core.quotes.joined import cut_unclosed
from masthead.core.quotes.leading import before
from masthead.core.quotes.marks import Span, spans

ENDS = ".?!…؟"
_COMMAS = (",", "،")
_STRONG = ",?!…—-؟،"
_OPENS_AFTER = '.?!…:”"—–؟'
_FEWEST_WORDS = 3
_ASIDE = 120
"""Characters between two quotations of one speaker, at most: "Ruiz, the head of the agency, told reporters." """
_NOTHING = Clause(None, "", 0.3)
_AGAIN = "»"
"""Begins each further paragraph of a quotation in Spanish and French, beside the mark that opened it."""

Said = tuple[Span, Clause]


class Paragraph:
    """A paragraph with its marks; `bare` is its text with the quotations blanked out, places kept.

    `said` are its quotations, each with its clause, which is empty where none is near.
    """

    def __init__(self, index: int, text: str, earlier: Paragraph | None, follower: str, grammar: Grammar) -> None:
        """`earlier`: the paragraph right before; `follower`: the text of the one right after; either may be none."""
        self.index = index
        self.text = text
        self.grammar = grammar
        is_after_open = bool(earlier and earlier.marked and not earlier.marked[-1].closed)
        self.marked: list[Span] = spans("«" + text[1:] if is_after_open and text.startswith(_AGAIN) else text)
        self._goes_on = is_after_open and bool(self.marked) and not text[: self.marked[0].start].strip()
        self._follower = follower.lstrip()[:1]
        self.bare = blanked(text, self.marked)
        self.said: list[Said] = self._read()

    @property
    def ends_with_colon(self) -> bool:
        """Whether what follows is announced."""
        return self.text.rstrip().endswith(":")

    def _read(self) -> list[Said]:
        if (self.grammar.inserts or not self.marked) and (spoken := dialogue(self.text, self.grammar)):
            self.bare = blanked(self.text, [span for span, _ in spoken])
            return spoken
        said: list[Said] = []
        start = 0
        for number, span in enumerate(self.marked):
            limit = self.marked[number + 1].start if number + 1 < len(self.marked) else len(self.text)
            said += self._quoted(span, start, limit, said)
            start = span.end
        # "A." "B," said X: the words before belong to the same speaker.
        for number in range(len(said) - 2, -1, -1):
            (span, clause), (later, known) = said[number], said[number + 1]
            if not clause.mention and not clause.cue and not self.text[span.end : later.start].strip():
                said[number] = (span, known)
        return said

    def _quoted(self, span: Span, start: int, limit: int, earlier: list[Said]) -> list[Said]:
        """A span as a quotation; as two where a clause stands inside; as none where it holds something else."""
        if self.grammar.inserts and (inside := incise(self.text, span, self.grammar)):
            return inside
        if not span.closed:
            runs_on = self._follower and self._follower in self.text[span.start] + _AGAIN
            if not runs_on and (cut := cut_unclosed(self.text, span, self.grammar)):
                return [cut]
        clause = self._clause(span, start, limit, earlier)
        if clause is None and self._goes_on and span is self.marked[0] and span.words(self.text):
            clause = _NOTHING
        return [] if clause is None else [(span, clause)]

    def _clause(self, span: Span, start: int, limit: int, earlier: list[Said]) -> Clause | None:
        """The clause of a quotation, or None when the marks hold something else: a title, a word held at a distance."""
        said = span.words(self.text)
        lead = self.text[start : span.start].rstrip()
        word_before = lead.split()[-1].lower() if lead else ""
        is_cue = word_before in self.grammar.verbs or word_before in self.grammar.participles
        opens = not lead or lead[-1] in _OPENS_AFTER
        if not said or word_before in self.grammar.labels:
            return None
        if not opens and not is_cue and lead[-1] not in _COMMAS:
            return None
        leads = self._leading(start, span.start) if lead else None
        follow = self.text[span.end : span.end + 3].lstrip()[:1]
        strong = said[-1] in _STRONG or follow in (*_COMMAS, "—", "–")
        trails = self._trailing(span, limit, strong, said, follow)
        if trails and (strong or lead[-1:] not in _COMMAS) and _is_better(trails, leads, opens):
            is_fragment = said[0].islower() and lead[-1:] in _COMMAS and lead and not earlier
            return None if is_fragment else trails
        if is_cue or (leads and lead[-1] in ",،:—–"):
            return leads or Clause(None, word_before if is_cue else "", 0.4)
        ends = strong or said[-1] in ENDS or follow in ENDS or not span.closed
        goes_on = bool(earlier) and start > 0 and len(lead) < _ASIDE
        return _NOTHING if opens and ends and (len(said.split()) >= _FEWEST_WORDS or goes_on) else None

    def _leading(self, start: int, end: int) -> Clause | None:
        """The clause before a quotation; "adding" after another quotation has its subject before that one."""
        clause = before(self.text, start, end, self.grammar)
        if clause and clause.mention is None and start:
            whole = before(self.bare, 0, end, self.grammar)
            if whole and whole.mention:
                return whole._replace(cue=clause.cue, sure=min(0.7, whole.sure))
        return clause

    def _trailing(self, span: Span, limit: int, strong: bool, said: str, follow: str) -> Clause | None:
        goes_on = strong or (follow.islower() and said[-1] != ".")
        return after(self.text, span.end, limit, self.grammar) if goes_on else None


def _is_better(trails: Clause, leads: Clause | None, opens: bool) -> bool:
    """Whether the clause after a quotation says more than the one before."""
    return leads is None or (trails.mention is not None and (opens or leads.mention is None))


def blanked(text: str, found: list[Span]) -> str:
    """The text with its quotations blanked out; the mark that ends a sentence stays. As long as the text."""
    parts: list[str] = []
    position = 0
    for span in found:
        last = text[max(span.inner, span.inner_end - 1) : span.inner_end]
        blanks = " " * (span.end - span.start)
        parts += [text[position : span.start], blanks[1:] + last if last and last in ENDS else blanks]
        position = span.end
    return "".join([*parts, text[position:]])
