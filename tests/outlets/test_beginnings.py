"""Beginnings of words are answered out of the words of the index: what is found is what the database would find."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from masthead.articles.models import Article
from masthead.articles.search import index, lookup, search, spelling

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WORDS = [
    "harvest", "harvesting", "harvester", "harbour", "hard", "ha", "Hárvest", "harv", "übermorgen", "uber", "ubung",
    "наука", "научный", "йогурт", "йод", "o'hara", "well-known", "1999", "19th", "naïve", "ﬁnal", "straße", "interim",
    "interior",
]  # fmt: skip
SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5's words")


@pytest.fixture
def filled(make_article: Callable[..., Article]) -> dict[int, tuple[str, ...]]:
    """Reports of one to three words each, by number."""
    chosen = [*((word,) for word in WORDS), *itertools.islice(itertools.combinations(WORDS, 3), 0, None, 40)]
    made = {
        make_article("Report", " ".join(words), at=NOON - timedelta(hours=n)).pk: words
        for n, words in enumerate(chosen)
    }
    index(made)
    return made


def plainly(query: str, monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """What is found where no beginning is spelt out nor asked for as a key."""
    with monkeypatch.context() as without:
        without.setattr(spelling, "unspelt", lambda term: False)
        without.setattr(lookup, "_keys", lambda parts: [])
        without.setattr(lookup, "_spelt", lambda part, cursor: part)
        return set(search(query, per_page=100).ids)


@pytest.mark.parametrize(
    "query",
    [
        "harv*", "ha*", "har*", "harvest*", "harvesti*", "harves* hard*", "harv* OR uber*", "har* OR 19*",
        "harv* -hard*", "ha* -har*", "harbour -harv*", "überm*", "uberm*", "ub*", "науч*", "на*", "йогу*", "йог*",
        "o'ha*", "well-kn*",
        "199*", "1999*", "naïv*", "fina*", "stras*", "straß*", "inter*", "zzzz*", "zz*",
        "har* hard", "\"hard ha\" harv*",
    ],
)  # fmt: skip
def test_the_same_is_found(query: str, filled: dict[int, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    found = set(search(query, per_page=100).ids)
    assert found == plainly(query, monkeypatch)
    if query == "harv*":
        assert {"harvest", "harvesting", "harvester", "harv"} <= {w for pk in found for w in filled[pk]}


def test_too_many_words_are_found_all_the_same(
    filled: dict[int, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = search("harv*", per_page=100)
    for module in (spelling, lookup):
        monkeypatch.setattr(module, "MOST_WORDS", 2)
    beyond = search("harv*", per_page=100)
    assert set(beyond.ids) == set(whole.ids) and beyond.total == whole.total
    assert beyond.snippets.keys() == whole.snippets.keys() and "<mark>" in "".join(beyond.snippets.values())


def test_beginnings_are_spelt_out(filled: dict[int, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the others of these tests compare a thing with itself."""
    seen: list[Any] = []
    module, name = (spelling, "_words") if connection.vendor == "sqlite" else (lookup, "_spelt")
    real = getattr(module, name)
    monkeypatch.setattr(module, name, lambda what, cursor: seen.append(real(what, cursor)) or seen[-1])
    search("harv*")
    told = str(seen)
    assert "harvester" in told and "harbour" not in told


@SQLITE
def test_letters_are_those_of_the_index() -> None:
    """Of every letter that a beginning may hold, FTS5 makes what we say."""
    letters = [chr(n) for n in range(0x21, 0x3000) if spelling.as_indexed(chr(n))]
    assert len(letters) > 1000 and {"é", "ü", "ж", "A"} <= set(letters)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO articles_search (rowid, title, standfirst, body, terms, days) VALUES (%s, %s, '', '', '', '')",
            [(900_000 + n, f"q{letter}q") for n, letter in enumerate(letters)],
        )
        cursor.execute("SELECT doc, term FROM articles_search_words WHERE doc >= 900000")
        found: dict[int, list[str]] = {}
        for doc, term in cursor.fetchall():
            found.setdefault(doc - 900_000, []).append(term)
    wrong = [letter for n, letter in enumerate(letters) if found.get(n) != [f"q{spelling.as_indexed(letter)}q"]]
    assert wrong == []
