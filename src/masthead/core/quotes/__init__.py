"""Who said what: quotations with the speaker that the text names.

Rules, no model: the marks of six languages (`marks.py`), which of them hold somebody's words (`paragraph.py`), the
clause beside them (`leading.py`, `following.py`, `inserts.py`), the words of each language (`languages/`), and the
people that the text itself introduces (`people.py`, `speakers.py`). A speaker of whom the text is not certain stays
None. An operator's own spaCy model may name the people instead (`model.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from masthead.core.quotes.grammar import grammar_of
from masthead.core.quotes.reader import Reader
from masthead.core.quotes.types import Quotation
from masthead.core.types import Block, Quote

__all__ = ["Quotation", "find_quotes", "read_quotations"]

_MOST_QUOTES = 300


def find_quotes(blocks: Iterable[Block], language: str = "", lead: str = "") -> tuple[Quote, ...]:
    """The quotations of the paragraphs and quote blocks, in order, at most 300. `block` is the index in `blocks`.

    `text` is exactly what stands between the marks; for one that runs over paragraphs it is the text from the first to
    the last, a blank line between the blocks. `lead` is text that stands before the blocks (a standfirst): names in it
    count as introduced.
    """
    found = read_quotations(blocks, language, lead)[:_MOST_QUOTES]
    return tuple(Quote(one.text, one.speaker, one.cue, one.block, round(one.confidence, 2)) for one in found)


def read_quotations(blocks: Iterable[Block], language: str = "", lead: str = "") -> list[Quotation]:
    """The same with the places of the words and the mention of the speaker: what `find_quotes` is made from."""
    return Reader(grammar_of(language)).read(list(blocks), lead)
