"""Who said what."""

from masthead.core.quotes.grammar import grammar_of
from masthead.core.quotes.reader import Quotation, Reader
from masthead.core.types import Block, Quote


def read_quotations(blocks, language=""):
    return Reader(grammar_of(language)).read(list(blocks))


def find_quotes(blocks, language=""):
    return tuple(Quote(q.text, q.speaker, q.cue, q.block, q.confidence) for q in read_quotations(blocks, language))[:300]
