"""Beginnings of words in SQLite, as the words of the index that begin so.

FTS5 gathers all reports of all words of a beginning before it looks at anything else of a query, unless it has an index
of beginnings of that length. Words that are spelt out it reads from where the other parts of the query are.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from masthead.articles.search.query import Query, Term

MOST_WORDS = 200
"""Where more words begin so, the beginning stays what it is: every report is found, at the cost of them all."""
INDEXED = 3
"""Beginnings of two and of so many letters have an index of their own."""
_LATIN = 0x180


def spelt(query: Query, cursor: Any) -> Query:
    """The query with the words of the index in the place of long beginnings. It finds the same."""

    def group(terms: tuple[Term, ...]) -> tuple[Term, ...]:
        return tuple(other for term in terms for other in _words(term, cursor))

    return Query(tuple(map(group, query.wanted)), group(query.excluded), query.notes)


def unspelt(term: Term) -> bool:
    """Whether it is a beginning that has no index."""
    return term.prefix and len(term.text) > INDEXED


def _words(term: Term, cursor: Any) -> tuple[Term, ...]:
    """The words, in the order of the index; the term where it is no long beginning, or where there are too many."""
    beginning = as_indexed(term.text)
    if not unspelt(term) or not beginning:
        return (term,)
    found: list[Term] = []
    at = beginning
    while len(found) <= MOST_WORDS:
        # A row for each place where a word stands: the next word is one step further than the last.
        cursor.execute("SELECT term FROM articles_search_words WHERE term >= %s LIMIT 1", [at])
        row = cursor.fetchone()
        if row is None or not row[0].startswith(beginning):
            return tuple(found) or (term,)
        found.append(Term(row[0]))
        at = row[0] + "\x01"
    return (term,)


def as_indexed(text: str) -> str:
    """One word as the index holds it; empty where that is not certain."""
    # FTS5 knows the letters of Unicode 6.1; Python keeps those of 3.2 beside its own.
    if any(unicodedata.ucd_3_2_0.category(letter) == "Cn" for letter in text):
        return ""
    letters = []
    for letter in text.lower():
        parted = unicodedata.normalize("NFD", letter)
        base, above = parted[0], parted[1:]
        if (above or base != letter) and (ord(letter) >= _LATIN or not base.isascii()):
            return ""
        if not base.isalnum() or base.casefold() != base:
            return ""
        letters.append(base)
    return "".join(letters)
