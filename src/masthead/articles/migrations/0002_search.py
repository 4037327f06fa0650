"""The table of the search index: FTS5 in SQLite, a tsvector under a GIN index in PostgreSQL."""

from django.db import NotSupportedError, migrations

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE articles_search USING fts5(title, standfirst, body, terms UNINDEXED, days,"
        " tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')",
        # The words of the index: a view of it, which takes no room.
        "CREATE VIRTUAL TABLE articles_search_words USING fts5vocab(articles_search, instance)",
    ],
    "postgresql": [
        "CREATE TABLE articles_search (article_id bigint PRIMARY KEY, title text NOT NULL, standfirst text NOT NULL,"
        " body text NOT NULL, terms text NOT NULL,"
        " vector tsvector NOT NULL)",
        # What beginnings of two and three letters a vector has words for, as `prefix` does in SQLite.
        "CREATE FUNCTION articles_search_beginnings(vector tsvector) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        " AS $$ SELECT coalesce(array_agg(left(word, 2)) || array_agg(left(word, 3)), '{}')"
        " FROM unnest(tsvector_to_array(vector)) AS word WHERE left(word, 1) <> U&'\\E000' $$",
        "CREATE INDEX articles_search_vector ON articles_search"
        " USING gin (vector, articles_search_beginnings(vector))",
        # Every word that a vector has or had.
        'CREATE TABLE articles_search_words (word text COLLATE "C" PRIMARY KEY)',
    ],
}
DROP = {
    "sqlite": ["DROP TABLE IF EXISTS articles_search_words", "DROP TABLE IF EXISTS articles_search"],
    "postgresql": [
        "DROP TABLE IF EXISTS articles_search",
        "DROP TABLE IF EXISTS articles_search_words",
        "DROP FUNCTION IF EXISTS articles_search_beginnings",
    ],
}


def run(schema_editor, statements):
    vendor = schema_editor.connection.vendor
    if vendor not in statements:
        raise NotSupportedError(
            f"Masthead searches in SQLite or PostgreSQL; {vendor} has no index for it"
        )
    for statement in statements[vendor]:
        schema_editor.execute(statement)


def create(apps, schema_editor):
    run(schema_editor, CREATE)


def drop(apps, schema_editor):
    run(schema_editor, DROP)


class Migration(migrations.Migration):

    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
