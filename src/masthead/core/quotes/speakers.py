"""From the words that name a speaker to the speaker: surnames made full, pronouns resolved where certain."""

from __future__ import annotations

from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.leading import subject
from masthead.core.quotes.paragraph import Paragraph
from masthead.core.quotes.people import People
from masthead.core.quotes.phrases import Mention


class Speakers:
    """Who is meant. Told of each paragraph first (`learn`), then asked in the order of the text."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._people = People(grammar)
        self._paragraphs: dict[int, Paragraph] = {}
        self._spoke: tuple[int, str] | None = None

    def introduce(self, text: str) -> None:
        """Take in the names of a text that stands before the first paragraph."""
        self._people.learn(-1, text)

    def learn(self, paragraph: Paragraph) -> None:
        """Take in the names of a paragraph, and who speaks in it."""
        self._paragraphs[paragraph.index] = paragraph
        self._people.learn(paragraph.index, paragraph.bare)
        for number, (span, clause) in enumerate(paragraph.said):
            if clause.mention is None or clause.mention.kind == "pronoun":
                continue
            named = self._people.narrowed(paragraph.index, clause.mention)
            if named.kind == "name":
                self._people.speaks(named)
            paragraph.said[number] = (span, clause._replace(mention=named))

    def of(self, index: int, named: Mention) -> str | None:
        """The speaker whom a mention in paragraph `index` means; None where the text is not certain."""
        if named.kind == "phrase":
            return named.text
        if named.kind == "name":
            speaker: str | None = self._people.full(named.text)
        else:
            speaker = self._antecedent(index, named) if named.gender else None
        if speaker:
            self._spoke = (index, speaker)
        return speaker

    def _antecedent(self, index: int, named: Mention) -> str | None:
        """Whom a pronoun means: the only one it can, or the subject of the sentence before, or who spoke last."""
        candidates = self._people.before(index, named.start, named.gender)
        if len(candidates) == 1:
            return candidates[0]
        told = self._spoke[1] if self._spoke and self._spoke[0] >= index - 1 else None
        if not candidates:
            return told if told and self._people.gender(told) == named.gender else None
        bare, end = self._words_before(index, named)
        before = subject(bare, 0, end, self._grammar)
        if before is None or before.mention is None or before.mention.kind != "name":
            return told if told in candidates and not bare[:end].strip(" .,?!…") else None
        name = self._people.full(before.mention.text)
        others = [one.rpartition(" ")[2] for one in candidates if one != name]
        # "Grau met Stern. "...," he said": two in one sentence, and no verb of speech that tells them apart.
        in_doubt = not before.cue and any(other in bare[before.mention.end : end] for other in others)
        return name if name in candidates and not in_doubt else None

    def _words_before(self, index: int, named: Mention) -> tuple[str, int]:
        """The text without quotations in which the sentence before a clause stands, and where that sentence ends."""
        paragraph = self._paragraphs[index]
        begins = [span.start for span, _ in paragraph.said if span.start < named.start]
        end = begins[-1] if begins else named.start
        earlier = self._paragraphs.get(index - 1)
        if paragraph.bare[:end].strip(" .,?!…") or earlier is None:
            return paragraph.bare, end
        return earlier.bare, len(earlier.bare)
