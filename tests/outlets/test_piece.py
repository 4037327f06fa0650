"""The piece of a text that is shown for what was found in it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from tests.growth import assert_linear

from masthead.articles.search.backend import backend
from masthead.articles.search.document import Document
from masthead.articles.search.piece import CHARACTERS, WORDS, piece
from masthead.articles.search.query import parse

FILLER = "grey water lay under the bridge all day and nobody came "


def cut(text: str) -> str:
    return (
        piece(text.replace("<", "\x02").replace(">", "\x03"), "\x02", "\x03").replace("\x02", "<").replace("\x03", ">")
    )


def test_a_short_text_is_shown_whole() -> None:
    assert cut("A <fire> in the old mill.") == "A <fire> in the old mill."
    assert cut("Nothing was found here.") == "Nothing was found here."
    assert cut("") == "" and cut("  ") == ""


def test_it_begins_a_few_words_before_what_was_found() -> None:
    shown = cut(FILLER * 20 + "then the <fire> broke out " + FILLER * 20)
    assert shown.startswith("…") and shown.endswith("…") and "then the <fire> broke out" in shown
    assert len(shown.split()) <= WORDS and shown.split().index("<fire>") <= 6


def test_it_begins_with_the_sentence_where_that_is_near() -> None:
    assert cut(FILLER * 20 + "They slept. Then the <fire> broke out.").startswith("…Then the <fire>")


def test_the_place_where_most_of_the_words_are_wins() -> None:
    shown = cut("<fire> " + FILLER * 9 + "<fire> <fire> " + FILLER * 9 + "<fire> in the <mill> " + FILLER * 9)
    assert "<fire> in the <mill>" in shown


@pytest.mark.parametrize(
    "text", ["<" + "very " * 60 + "long>" + " end" * 9, "字" * 900 + "<火事>" + "字" * 900, "<" + "字" * 900 + ">"]
)
def test_marks_are_never_left_open_and_no_piece_is_long(text: str) -> None:
    shown = cut(text)
    assert shown.count("<") == shown.count(">") >= 1
    assert len(shown) <= CHARACTERS + 10


def test_a_word_that_is_everywhere_costs_no_more_than_it_is_long() -> None:
    assert_linear(cut, "<word> " * 40_000)


@pytest.mark.django_db
def test_nor_does_it_in_the_index() -> None:
    def work(text: str) -> None:
        backend().write([Document(1, "A title", "", text, "en", "x")])
        found = backend().snippets(parse("harbour eastmouth stays shut"), "en", [1], "\x02", "\x03")
        assert found[1][0].count("\x02") > 3

    assert_linear(work, "The harbour of Eastmouth stays shut. " * 5_000)


@pytest.mark.django_db
@pytest.mark.parametrize("words", [10, 40_000], ids=["short", "long"])
def test_long_texts_are_marked_as_short_ones_are(words: int) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL marks long texts and short ones alike")
    text = "grey " * words + "The Café at the old mill burns, said the firefighters."
    backend().write([Document(1, "A title", "", text, "en", "x")])
    for query, wanted in (
        ("cafe", {"Café"}),
        ("burns mill", {"burns", "mill"}),
        ("firef*", {"firefighters"}),
        ('"old mill"', {"old", "mill"}),
    ):
        shown = backend().snippets(parse(query), "en", [1], "<", ">")[1][0]
        assert set(re.findall(r"\w+", " ".join(re.findall("<([^>]*)>", shown)))) == wanted, (query, shown)
