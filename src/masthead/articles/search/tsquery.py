"""What a reader looks for, in the language of PostgreSQL's text search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from masthead.articles.search.document import fold
from masthead.articles.search.query import Query, Term

# The text search configurations that PostgreSQL 15 brings, by primary language subtag.
CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# PostgreSQL's parser takes "<b>" for a tag, "and/or" for a file and the end of "2019-20" for a number below zero.
_MISREAD = re.compile(r"[<>/\\]|(?<=\d)-(?=\d)")


def readable(text: str) -> str:
    """`text` as PostgreSQL reads word for word."""
    return _MISREAD.sub(" ", text)


def configuration(language: str) -> str:
    """The name of the text search configuration of a language (BCP 47)."""
    return CONFIGURATIONS.get(language.partition("-")[0].lower(), "simple")


def quoted(word: str) -> str:
    """A word as one operand of a tsquery, whatever it holds."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def of_term(term: Term, config: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The tsquery of a term word for word and, in a language with rules, stemmed."""
    words = readable(term.text)
    for name, text in (("simple", fold(words)), (config, words)):
        if term.prefix:
            # Quoting makes one lexeme of it, whatever it holds.
            yield "to_tsquery(%s::regconfig, %s)", (name, f"{quoted(text)}:*")
        else:
            yield "phraseto_tsquery(%s::regconfig, %s)", (name, text)
        if config == "simple":
            return


def expression(query: Query, language: str) -> tuple[str, list[str]]:
    """A query as SQL of type tsquery, with its parameters."""
    config = configuration(language)
    parameters: list[str] = []

    def either(terms: Sequence[Term]) -> str:
        parts = [part for term in terms for part in of_term(term, config)]
        parameters.extend(value for _, values in parts for value in values)
        return "(" + " || ".join(sql for sql, _ in parts) + ")"

    sql = " && ".join(either(group) for group in query.wanted)
    if query.excluded:
        sql += f" && !! {either(query.excluded)}"
    return f"({sql})", parameters
