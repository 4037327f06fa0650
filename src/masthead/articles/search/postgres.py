"""The index in PostgreSQL: a weighted tsvector of each article, under a GIN index.

Every text is indexed twice in one vector: stemmed by the rules of its language, and word for word without accents
("simple"). So a query finds inflected forms in its own language and exact words in every language.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from masthead.articles.search.document import Document, Snippets, fold
from masthead.articles.search.lookup import WORDS, looked_up
from masthead.articles.search.query import Query
from masthead.articles.search.tsquery import configuration, expression, readable
from masthead.articles.search.windows import MOST, SIGN, Marks

TABLE = "articles_search"
ID = f"{TABLE}.article_id"
SCANNED_ARTICLES = 2000

_VECTOR = "setweight(to_tsvector(%s::regconfig, %s) || to_tsvector('simple', %s), '{weight}')"


# In a snippet these must come back as they were: meanwhile characters for private use stand for them.
_TAGS, _STANDINS = "<>", "\ue000\ue001"
_BACK = str.maketrans(_STANDINS, _TAGS)


def write(documents: Sequence[Document]) -> None:
    """Put documents in, in place of what stood there for the same articles."""
    vector = " || ".join([*(_VECTOR.format(weight=weight) for weight in "ABD"), "array_to_tsvector(%s::text[])"])
    rows: list[tuple[Any, ...]] = []
    for d in documents:
        config = configuration(d.language)
        parts = map(readable, (d.title, d.standfirst, d.text))
        vectors = [value for part in parts for value in (config, part, fold(part))]
        rows.append((d.id, d.title, d.standfirst, d.text, d.terms, *vectors, list(d.marks)))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (article_id, title, standfirst, body, terms, vector)"  # noqa: S608
            f" VALUES (%s, %s, %s, %s, %s, {vector})"
            " ON CONFLICT (article_id) DO UPDATE SET title = excluded.title, standfirst = excluded.standfirst,"
            " body = excluded.body, terms = excluded.terms, vector = excluded.vector",
            rows,
        )
        learn(cursor, [d.id for d in documents])


def learn(cursor: Any, ids: Sequence[int]) -> None:
    """Note the words of these vectors, in one order, so that two who note at once cannot wait for each other."""
    cursor.execute(
        f"INSERT INTO {WORDS} SELECT DISTINCT new.word FROM {TABLE}, unnest(tsvector_to_array(vector)) AS new (word)"  # noqa: S608
        f" WHERE article_id = ANY(%s) AND left(new.word, 1) <> %s AND NOT EXISTS (SELECT FROM {WORDS} AS known"
        ' WHERE known.word = new.word COLLATE "C") ORDER BY 1 ON CONFLICT DO NOTHING',
        [list(ids), SIGN],
    )


def delete(ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE article_id = ANY(%s)", [list(ids)])  # noqa: S608


def sweep() -> None:
    """Take out what belongs to no article."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE article_id NOT IN (SELECT id FROM articles_article)")  # noqa: S608


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
    sql, values = expression(query, language)
    order, ranked = "at DESC", "found"
    if not newest:
        # Only what may be shown is ranked: that means to unpack its vector.
        order = "ts_rank_cd('{0.1, 0.2, 0.4, 1.0}', vector, query, 1) DESC"
        ranked = f"wish, found JOIN {TABLE} ON article_id = found.id"
    with connection.cursor() as cursor:
        look = looked_up(query, language, cursor, marks)
        cursor.execute(
            f"WITH wish AS MATERIALIZED (SELECT {sql} AS query, {look.columns}),"  # noqa: S608
            " hits AS MATERIALIZED (SELECT article_id AS id, a.sort_at AS at"
            f" FROM wish, {TABLE} JOIN articles_article AS a ON a.id = article_id"
            f" WHERE {look.condition} AND {where} ORDER BY at DESC, id DESC LIMIT {most + 1}),"
            " seen AS (SELECT count(*) AS n FROM hits),"
            f" found AS (SELECT hits.* FROM hits, seen WHERE n > %s ORDER BY at DESC, id DESC LIMIT {most}),"
            f" placed AS (SELECT id, row_number() OVER (ORDER BY {order}, id DESC) AS place FROM {ranked})"
            " SELECT seen.n, placed.id FROM seen LEFT JOIN placed ON place > %s AND place <= %s ORDER BY place",
            [*values, *look.parameters, *parameters, most if if_more else 0, offset, offset + limit],
        )
        rows = cursor.fetchall()
    return [row[1] for row in rows if row[1] is not None], rows[0][0]


def snippets(query: Query, language: str, ids: Sequence[int], start: str, stop: str) -> Snippets:
    """A piece of text of each article around what was found, the found words between `start` and `stop`; its terms."""
    sql, values = expression(Query(query.wanted), language)
    options = f'StartSel="{start}", StopSel="{stop}", MaxWords=32, MinWords=16, MaxFragments=1'
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT article_id, ts_headline(%s::regconfig,"  # noqa: S608
            f" translate(CASE WHEN body = '' THEN standfirst ELSE body END, %s, %s), {sql}, %s), terms"
            f" FROM {TABLE} WHERE article_id = ANY(%s)",
            [configuration(language), _TAGS, _STANDINS, *values, options, list(ids)],
        )
        return {pk: (text.translate(_BACK), terms) for pk, text, terms in cursor.fetchall()}


def neighbours(word: str) -> list[tuple[str, int]]:
    """Words of the newest headlines that begin like `word` and are about as long, with the number of their articles."""
    newest = (
        "SELECT to_tsvector(''simple'', title || '' '' || standfirst) FROM articles_search"  # noqa: S608
        f" ORDER BY article_id DESC LIMIT {SCANNED_ARTICLES}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word, ndoc FROM ts_stat('{newest}') WHERE left(word, 1) = %s AND length(word) BETWEEN %s AND %s",  # noqa: S608
            [word[0], len(word) - 2, len(word) + 2],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]
