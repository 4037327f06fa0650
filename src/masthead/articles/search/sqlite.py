"""The index in SQLite: an FTS5 table whose rowid is the article's id. Accents and case do not matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from masthead.articles.search.document import Document, Snippets, fold
from masthead.articles.search.piece import marked, piece
from masthead.articles.search.query import Query, Term
from masthead.articles.search.spelling import spelt, unspelt
from masthead.articles.search.windows import MOST, Marks, lasting

TABLE = "articles_search"
ID = f"{TABLE}.rowid"
# Weights of title, standfirst and text, for bm25; terms and windows say nothing of a rank.
WEIGHTS = "10.0, 4.0, 1.0, 0.0, 0.0"
SCORED = (
    f"(SELECT rowid AS id, bm25({TABLE}, {WEIGHTS}) AS score FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid BETWEEN"  # noqa: S608
    # Without bounds, where nothing was found, all that hold the words would be looked through for nothing.
    " coalesce((SELECT min(id) FROM found), 0) AND coalesce((SELECT max(id) FROM found), -1)"
    " AND +rowid IN (SELECT id FROM found))"
)
SCANNED_ARTICLES = 2000
LONG = 20_000
"""Characters of a text above which we look for the words ourselves: `highlight()` copies all that it has at each."""
_WORDS = re.compile(r"\w+")


def _phrase(term: Term) -> str:
    quoted = '"' + term.text.replace('"', '""') + '"'
    return f"{quoted} *" if term.prefix else quoted


def expression(query: Query, marks: Marks = ()) -> str:
    """A query in the language of FTS5; all terms quoted: nothing in it is syntax. `marks`: those it must have."""
    groups = [" OR ".join(map(_phrase, group)) for group in query.wanted]
    groups += [" OR ".join(f'days : "{mark}"' for mark in group) for group in marks]
    wanted = " AND ".join(f"({group})" for group in groups)
    if not query.excluded:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(map(_phrase, query.excluded))})"


def write(documents: Sequence[Document]) -> None:
    """Put documents in, in place of what stood there for the same articles."""
    delete([document.id for document in documents])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (rowid, title, standfirst, body, terms, days) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608
            [(d.id, d.title, d.standfirst, d.text, d.terms, " ".join(d.marks)) for d in documents],
        )


def delete(ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk in ids])  # noqa: S608


def sweep() -> None:
    """Take out what belongs to no article."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE rowid NOT IN (SELECT id FROM articles_article)")  # noqa: S608


def find(
    query: Query,
    language: str,
    where: str,
    parameters: tuple[Any, ...],
    limit: int,
    offset: int,
    newest: bool = False,
    marks: Marks = (),
    most: int = MOST,
    if_more: bool = False,
) -> tuple[list[int], int]:
    """The ids of one page of the `most` newest that are found, best first, and how many these are: one more than
    `most` where there are more. `where` restricts `ID`; `marks`: those it must have; `if_more`: no ids where there
    are not more."""
    order = "at DESC" if newest else "score"
    with connection.cursor() as cursor:
        query = spelt(query, cursor)
        # bm25 reads all that its words and marks have: it is asked last, without windows, and where it is needed.
        cursor.execute(
            "WITH hits AS MATERIALIZED (SELECT articles_search.rowid AS id, a.sort_at AS at"  # noqa: S608
            f" FROM {TABLE} JOIN articles_article AS a ON a.id = {ID}"
            f" WHERE {TABLE} MATCH %s AND {where} ORDER BY at DESC, 1 DESC LIMIT {most + 1}),"
            " seen AS MATERIALIZED (SELECT count(*) AS n FROM hits),"
            " found AS MATERIALIZED (SELECT hits.* FROM hits, seen WHERE n > %s"
            f" ORDER BY at DESC, id DESC LIMIT {most}),"
            f" placed AS (SELECT id, row_number() OVER (ORDER BY {order}, id DESC) AS place"
            f" FROM {'found' if newest else SCORED})"
            " SELECT seen.n, placed.id FROM seen LEFT JOIN placed ON place > %s AND place <= %s ORDER BY place",
            [
                expression(query, marks), *parameters, most if if_more else 0,
                *([] if newest else [expression(query, lasting(marks))]), offset, offset + limit,
            ],
        )  # fmt: skip
        rows = cursor.fetchall()
    return [row[1] for row in rows if row[1] is not None], rows[0][0]


def snippets(query: Query, language: str, ids: Sequence[int], start: str, stop: str) -> Snippets:
    """A piece of text of each article around what was found, the found words between `start` and `stop`; its terms."""
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        query = spelt(query, cursor)
        rows, values = f"rowid IN ({places})", list(ids)
        if any(unspelt(term) for group in query.wanted for term in group):
            # Row by row, such a beginning would be gathered anew for each.
            rows, values = f"rowid BETWEEN %s AND %s AND +{rows}", [min(ids), max(ids), *ids]
        cursor.execute(
            f"SELECT rowid, length(body) > {LONG}, CASE WHEN length(body) > {LONG} THEN body"  # noqa: S608
            f" ELSE highlight({TABLE}, 2, %s, %s) END, highlight({TABLE}, 1, %s, %s), terms"
            f" FROM {TABLE} WHERE {TABLE} MATCH %s AND {rows}",
            [start, stop, start, stop, expression(query), *values],
        )
        found = cursor.fetchall()
    words = [term for group in query.wanted for term in group]
    return {
        pk: (piece(marked(body, words, start, stop) if long else body or short, start, stop), terms)
        for pk, long, body, short, terms in found
    }


def neighbours(word: str) -> list[tuple[str, int]]:
    """Words of the newest headlines that begin like `word` and are about as long, with the number of their articles.

    The index knows all words, but in how many articles a word is it finds out by reading them all.
    """
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT title || ' ' || standfirst FROM {TABLE} ORDER BY rowid DESC LIMIT {SCANNED_ARTICLES}"  # noqa: S608
        )
        for (text,) in cursor.fetchall():
            lower = text.lower()
            found.update(set(_WORDS.findall(lower if lower.isascii() else fold(lower))))
    fits = range(len(word) - 2, len(word) + 3)
    return [(other, articles) for other, articles in found.items() if other[0] == word[0] and len(other) in fits]
