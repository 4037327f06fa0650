"""How PostgreSQL's index is asked for beginnings of words.

A GIN index gathers all reports of all words of a beginning before it looks at anything else of a query. So a beginning
of two or three letters is asked for as a key of its own, and a longer one as the words of the index that begin so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from masthead.articles.search.query import Query, Term
from masthead.articles.search.tsquery import configuration, expression, of_term, quoted
from masthead.articles.search.windows import Marks

WORDS = "articles_search_words"
BEGINNINGS = "articles_search_beginnings"
"""The function that the index of beginnings is made by (migration 0002)."""
INDEXED = 3
"""Beginnings of two and of so many letters are keys of the index."""
MOST_WORDS = 200
"""Where more words begin so, the beginning stays what it is: every report is found, at the cost of them all."""
_BEGINNING = re.compile(r"'([^'\\]+)':\*")


@dataclass(frozen=True, slots=True)
class Look:
    """`condition` on the index, over `columns` of the wish, whose `parameters` these are. PostgreSQL plans without
    seeing the words: an index that knows time as well is the way whatever they are."""

    columns: str
    condition: str
    parameters: tuple[Any, ...]


def looked_up(query: Query, language: str, cursor: Any, marks: Marks = ()) -> Look:
    """What to ask the index for; it finds what `expression` does, with these marks."""
    lone = [group[0] for group in query.wanted if len(group) == 1 and group[0].prefix]
    prefixes = {term for group in (*query.wanted, query.excluded) for term in group if term.prefix}
    read = {term: _read(term, language, cursor) for term in prefixes}
    keys = {term: parts for term in lone if (parts := _keys(read[term]))}
    spelt = {term: [_spelt(part, cursor) for part in parts] for term, parts in read.items()}
    rest = tuple(group for group in query.wanted if len(group) > 1 or group[0] not in keys)
    # What the index would have to gather whole is no help in leaving out: that is looked for in what was found.
    unwanted = tuple(t for t in query.excluded if any(map(_BEGINNING.fullmatch, spelt.get(t, ()))))
    wish = Query(rest, tuple(term for term in query.excluded if term not in unwanted))
    parts, parameters = _tsquery(wish, language, spelt)
    for group in marks:
        parts.append("%s::tsquery")
        parameters.append(" | ".join(map(quoted, group)))
    columns = [f"{' && '.join(parts)} AS look"] if parts else []
    conditions = ["vector @@ look"] if parts else []
    if unwanted:
        sql, values = expression(Query((unwanted,)), language)
        columns.append(f"{sql} AS unwanted")
        conditions.append("NOT vector @@ unwanted")
        parameters += values
    for number, beginnings in enumerate(keys.values()):
        columns.append(f"%s::text[] AS beginnings{number}")
        conditions.append(f"{BEGINNINGS}(vector) && beginnings{number}")
        parameters.append(beginnings)
    return Look(", ".join(columns), " AND ".join(conditions), tuple(parameters))


def _read(term: Term, language: str, cursor: Any) -> list[str]:
    """A beginning as each of the configurations reads it; none where it is no word to them."""
    parts = list(of_term(term, configuration(language)))
    cursor.execute(
        f"SELECT {', '.join(f'{sql}::text' for sql, _ in parts)}", [v for _, values in parts for v in values]
    )
    return list(dict.fromkeys(filter(None, cursor.fetchone())))


def _keys(parts: Sequence[str]) -> list[str]:
    """The keys for a beginning; none where it is too long for that, or not a single word."""
    found = [match[1] for part in parts if (match := _BEGINNING.fullmatch(part)) and 2 <= len(match[1]) <= INDEXED]
    return found if len(found) == len(parts) else []


def _spelt(part: str, cursor: Any) -> str:
    """The words of the index in the place of a beginning, unless they are too many."""
    match = _BEGINNING.fullmatch(part)
    if match is None or len(match[1]) <= INDEXED:
        return part
    first, last = match[1], match[1] + "\U0010ffff"
    cursor.execute(
        f'SELECT word FROM {WORDS} WHERE word >= %s COLLATE "C" AND word < %s COLLATE "C" LIMIT {MOST_WORDS + 1}',  # noqa: S608
        [first, last],
    )
    words = [row[0] for row in cursor.fetchall()]
    return " | ".join(map(quoted, words)) if 0 < len(words) <= MOST_WORDS else part


def _tsquery(query: Query, language: str, spelt: dict[Term, list[str]]) -> tuple[list[str], list[Any]]:
    """The parts of a query that all must hold, with their parameters."""
    parts: list[str] = []
    parameters: list[Any] = []

    def either(terms: Sequence[Term]) -> str:
        found = []
        for term in terms:
            if spelt.get(term):
                found += ["%s::tsquery"] * len(spelt[term])
                parameters.extend(spelt[term])
            else:
                sql, values = expression(Query(((term,),)), language)
                found.append(sql)
                parameters.extend(values)
        return f"({' || '.join(found)})"

    parts += [either(group) for group in query.wanted]
    if query.excluded:
        parts.append(f"!! {either(query.excluded)}")
    return parts, parameters
