"""Blocks that are quotations, where a quotation stands, marks, and the hook for an operator's model."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from masthead.core.quotes import find_quotes, model, read_quotations
from masthead.core.quotes.marks import spans
from masthead.core.types import Block, Quote


def paragraphs(*texts: str) -> list[Block]:
    return [Block("paragraph", text) for text in texts]


def test_the_record() -> None:
    body = [Block("heading", "Fire", level=2), *paragraphs("“Run,” shouted Ana Brill.")]
    assert find_quotes(body, "en") == (Quote("Run", "Ana Brill", "shouted", 1, 0.9),)


def test_block_quote_with_its_citation() -> None:
    (quote,) = find_quotes([Block("quote", "“We keep the pier open.”", cite="Edda Klein")], "en")
    assert (quote.text, quote.speaker, quote.confidence) == ("We keep the pier open.", "Edda Klein", 0.9)


def test_block_quote_announced_by_the_paragraph_before() -> None:
    body = [*paragraphs("Mayor Edda Klein wrote:"), Block("quote", "We keep the pier open.")]
    (quote,) = find_quotes(body, "en")
    assert (quote.text, quote.speaker, quote.cue, quote.block) == ("We keep the pier open.", "Edda Klein", "wrote", 1)


def test_block_quote_of_nobody() -> None:
    (quote,) = find_quotes([*paragraphs("Edda Klein left."), Block("quote", "We keep the pier open.")], "en")
    assert quote.speaker is None


def test_names_in_the_standfirst_are_introduced() -> None:
    (quote,) = find_quotes(paragraphs("“It took nine years,” Klein said."), "en", "Mayor Edda Klein opens the pier.")
    assert quote.speaker == "Edda Klein"


def test_two_people_of_one_surname_stay_apart() -> None:
    found = find_quotes(paragraphs("Edda Klein and Otto Klein own the pier.", "“It is ours,” Klein said."), "en")
    assert [quote.speaker for quote in found] == ["Klein"]


def test_pronoun_of_the_other_gender_is_not_taken() -> None:
    found = find_quotes(paragraphs("Mr. Otto Klein owns the pier. He built it.", "“It is ours,” she said."), "en")
    assert [quote.speaker for quote in found] == [None]


def test_pieces_of_a_quotation_over_paragraphs() -> None:
    body = paragraphs("Klein said: “We came.", "“We saw.", "“We left.”")
    (found,) = read_quotations(body, "en")
    assert found.text == "We came.\n\n“We saw.\n\n“We left."
    assert [body[block].text[start:end] for block, start, end in found.pieces] == ["We came.", "We saw.", "We left."]


def test_a_heading_between_ends_it() -> None:
    body = [*paragraphs("Klein said: “We came."), Block("heading", "Later", level=2), *paragraphs("“We saw the fire.”")]
    assert [quote.text for quote in find_quotes(body, "en")] == ["We came.", "We saw the fire."]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("„Er sagte ‚nein‘ zu uns“, so", ["Er sagte ‚nein‘ zu uns"]),
        ("„Er sagte »nein« zu uns“", ["Er sagte »nein« zu uns"]),
        ("»Er sagte ›nein‹«", ["Er sagte ›nein‹"]),
        ("«Dijo “no” y “nunca”»", ["Dijo “no” y “nunca”"]),
        ("« Il a dit «non» deux fois »", ["Il a dit «non» deux fois"]),
        ("”Vi går nu,” sade han", ["Vi går nu,"]),
        ("``We go,'' he said", ["We go,"]),
        ("a wall of 6’2” and a door of 5’11”", []),
        ("rock ’n’ roll and the boys’ room", []),
        ("“left open", ["left open"]),
        ("never opened”", []),
        ('"one" and "two"', ["one", "two"]),
    ],
)
def test_marks(text: str, inner: list[str]) -> None:
    assert [span.words(text) for span in spans(text)] == inner


@pytest.fixture
def no_model() -> Iterator[None]:
    model._model.cache_clear()
    yield
    model.use_model("")
    model._model.cache_clear()


@pytest.mark.usefixtures("no_model")
def test_a_model_of_the_operator_names_the_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spaCy of two names: it is asked only once it is named, and its people count in the place of the rules'."""
    names = ("edda klein", "Klein")

    def read(text: str) -> Any:
        places = [(text.find(name), name) for name in names if name in text]
        entities = [
            SimpleNamespace(start_char=at, end_char=at + len(name), label_="PER") for at, name in sorted(places)
        ]
        return SimpleNamespace(ents=[*entities, SimpleNamespace(start_char=0, end_char=1, label_="ORG")])

    spacy = ModuleType("spacy")
    spacy.load = lambda name: read if name == "house-model" else None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", spacy)
    body = paragraphs("“It is ours,” said the keeper edda klein.")
    assert find_quotes(body, "en")[0].speaker == "the keeper edda klein"
    model.use_model("house-model")
    assert find_quotes(body, "en")[0].speaker == "edda klein"


@pytest.mark.usefixtures("no_model")
def test_a_model_that_is_not_there_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    body = paragraphs("“It is ours,” said Edda Klein.", "“Ours alone,” said Klein.")
    without = find_quotes(body, "en")
    model.use_model("no-such-model")
    assert find_quotes(body, "en") == without
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "quotes_model = 'no-such-model' cannot be used" in caplog.text
