"""The grammars of the six languages."""

from masthead.core.quotes.languages.english import ENGLISH

GRAMMARS = {grammar.language: grammar for grammar in (ENGLISH,)}
ANY = ENGLISH
