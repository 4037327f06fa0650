"""What is said of a database whose tables are not those of the program, on each kind of database."""

from __future__ import annotations

import pytest
from django.db import connection

from masthead.serve import database

pytestmark = pytest.mark.django_db


def test_our_own_tables_lack_nothing() -> None:
    state = database.state()
    assert (state.newer, state.unmade, state.pending, state.empty, state.lacking) == ((), (), 0, False, ())


def test_a_column_and_a_table_that_are_not_there_are_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_article RENAME COLUMN word_count TO words")
        cursor.execute("ALTER TABLE stories_progress RENAME TO stories_onward")
    whole = ("article", "id", "leased_until")
    assert database.state().lacking == ("articles_article.word_count", *(f"stories_progress.{name}" for name in whole))
