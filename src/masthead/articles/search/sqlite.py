"""The index in SQLite: an FTS5 table whose rowid is the article's id. Accents and case do not matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from masthead.articles.search.document import Document, Snippets
from masthead.articles.search.query import Query, Term

TABLE = "articles_search"
WORDS = "articles_search_words"
ID = f"{TABLE}.rowid"
# Weights of title, standfirst and text, for bm25.
WEIGHTS = "10.0, 4.0, 1.0"
# The order of lists, for who wants the newest first.
NEWEST = "(SELECT sort_at FROM articles_article WHERE articles_article.id = found.id) DESC"
SNIPPET_WORDS = 32
SCANNED_WORDS = 20_000


def _phrase(term: Term) -> str:
    quoted = '"' + term.text.replace('"', '""') + '"'
    return f"{quoted} *" if term.prefix else quoted


def expression(query: Query) -> str:
    """A query in the language of FTS5; every term quoted, so that nothing in it is syntax."""
    wanted = " AND ".join("(" + " OR ".join(map(_phrase, group)) + ")" for group in query.wanted)
    if not query.excluded:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(map(_phrase, query.excluded))})"


def write(documents: Sequence[Document]) -> None:
    """Put documents in, in place of what stood there for the same articles."""
    delete([document.id for document in documents])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (rowid, title, standfirst, body, terms) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
            [
                (document.id, document.title, document.standfirst, document.text, document.terms)
                for document in documents
            ],
        )


def delete(ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk in ids])  # noqa: S608


def sweep() -> None:
    """Take out what belongs to no article."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE rowid NOT IN (SELECT id FROM articles_article)")  # noqa: S608


def find(
    query: Query, language: str, where: str, parameters: tuple[Any, ...], limit: int, offset: int, newest: bool = False
) -> tuple[list[int], int]:
    """The ids of one page, best first, and how many there are in all. `where` restricts `ID`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found AS MATERIALIZED (SELECT rowid AS id, bm25({TABLE}, {WEIGHTS}) AS score"  # noqa: S608
            f" FROM {TABLE} WHERE {TABLE} MATCH %s AND {where})"
            f" SELECT id, (SELECT count(*) FROM found) FROM found ORDER BY {NEWEST if newest else 'score'}, id DESC"
            " LIMIT %s OFFSET %s",
            [expression(query), *parameters, limit, offset],
        )
        rows = cursor.fetchall()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def snippets(query: Query, language: str, ids: Sequence[int], start: str, stop: str) -> Snippets:
    """A piece of text of each article around what was found, the found words between `start` and `stop`; its terms."""
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, snippet({TABLE}, 2, %s, %s, '…', {SNIPPET_WORDS}),"  # noqa: S608
            f" snippet({TABLE}, 1, %s, %s, '…', {SNIPPET_WORDS}), terms"
            f" FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid IN ({marks})",
            [start, stop, start, stop, expression(query), *ids],
        )
        return {row[0]: (row[1] or row[2], row[3]) for row in cursor.fetchall()}


def neighbours(word: str) -> list[tuple[str, int]]:
    """Words of the index that begin like `word` and are about as long, each with the number of its articles."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT term, doc FROM {WORDS} WHERE term >= %s AND term < %s"  # noqa: S608
            " AND length(term) BETWEEN %s AND %s LIMIT %s",
            [word[0], chr(ord(word[0]) + 1), len(word) - 2, len(word) + 2, SCANNED_WORDS],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]
