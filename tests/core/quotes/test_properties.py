"""What holds for every text: no exception, exact words, places in order, time that grows with the length."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.growth import assert_linear

from masthead.core.quotes import find_quotes, read_quotations
from masthead.core.quotes.marks import spans
from masthead.core.types import Block, BlockType

LANGUAGES = ("en", "es", "de", "fr", "ru", "ar", "", "pt-BR")
PIECES = (
    *(
        "“",
        "”",
        "„",
        "«",
        "»",
        '"',
        "'",
        "‘",
        "’",
        "''",
        "``",
        "—",
        " — ",
        "-",
        ", ",
        ". ",
        ": ",
        "; ",
        " ",
        "\n",
        "(",
        ")",
    ),
    *(
        "said",
        "told",
        "dijo",
        "sagte",
        "a déclaré",
        "сказал",
        "قال",
        "adding",
        "according to",
        "who",
        "the",
        "der",
        "de",
    ),
    *(
        "Ana",
        "Ruiz",
        "Mr.",
        "Sen.",
        "he",
        "she",
        "elle",
        "она",
        "I go",
        "no",
        "l’avocat",
        "dit-il",
        "،",
        "؟",
        "6’2”",
        "’90s",
    ),
)
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
kinds: tuple[BlockType, ...] = ("paragraph", "paragraph", "paragraph", "quote", "heading")
blocks = st.lists(st.builds(Block, st.sampled_from(kinds), texts), max_size=6)


@settings(max_examples=400, deadline=None)
@given(blocks, st.sampled_from(LANGUAGES), texts)
def test_exact_words_of_their_blocks(body: list[Block], language: str, lead: str) -> None:
    whole = "\n\n".join(block.text for block in body)
    for quotation in read_quotations(body, language, lead):
        assert quotation.text and quotation.text in whole
        assert 0 <= quotation.confidence <= 1
        assert quotation.speaker is None or quotation.speaker.strip()
        first, *_ = quotation.pieces
        assert first[0] == quotation.block
        if len(quotation.pieces) == 1:
            assert quotation.text == body[quotation.block].text[first[1] : first[2]]


@settings(max_examples=400, deadline=None)
@given(texts)
def test_spans_are_in_order_and_apart(text: str) -> None:
    end = 0
    for span in spans(text):
        assert end <= span.start < span.inner <= span.inner_end <= span.end <= len(text)
        end = span.end


HOSTILE = {
    "opening marks": "“a " * 40,
    "closing marks": "a” " * 40,
    "straight marks": '"a ' * 40,
    "straight pairs": '"a" ' * 40,
    "mixed": "“a „b « ' " * 12,
    "crossed": "“a „ b” “c " * 12,
    "apostrophes": "'a, 'b " * 20,
    "said": "“a,” said " * 15,
    "names": "Ana Ruiz " * 15,
    "dashes": "— a — said Ana " * 10,
    "commas": "a, said, " * 15,
    "low": "„a " * 40,
    "full stops": "a. " * 45,
    "opening parentheses": "((((" * 30,
    "words": "a" * 120,
    "dots": "a.b" * 40,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_time_is_linear(name: str, language: str) -> None:
    assert_linear(lambda text: find_quotes([Block("paragraph", text)], language), HOSTILE[name] * 640)


def test_many_paragraphs_that_never_close() -> None:
    paragraphs = [Block("paragraph", "“We go on and on, and on")] * 4000
    assert find_quotes(paragraphs, "en")[0].text.count("“") == 3999
    assert_linear(lambda places: find_quotes(paragraphs[: len(places)], "en"), " " * len(paragraphs))
