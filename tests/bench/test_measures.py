"""The measures of `make bench-correctness`, on texts small enough to count by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from correctness import bag, days, names, quotations, rouge, shingles, table
from correctness.measures import Row


def test_runs_of_four_words_are_counted_with_multiplicity() -> None:
    precision, recall = shingles.page_score("a b c d e", "a b c d f")
    assert (precision, recall) == (0.5, 0.5)
    assert shingles.f1([(1.0, 0.5), (None, 1.0)]) == pytest.approx(2 * 0.75 / 1.75)
    assert shingles.page_score("", "a b") == (None, 0.0)


def test_word_f1_does_not_mind_order_or_case() -> None:
    assert bag.word_f1("The cat sat", "sat the CAT") == 1.0
    assert bag.word_f1("one two", "one three") == 0.5
    assert bag.word_f1("", "") == 1.0


def test_rouge_takes_the_best_reading_of_an_optional_paragraph() -> None:
    reference = ["[An optional summary.]", "The harbour closed. Ships waited."]
    assert rouge.rouge_lsum("The harbour closed.\nShips waited.", reference) == 1.0
    assert rouge.rouge_lsum("An optional summary.\nThe harbour closed.\nShips waited.", reference) == 1.0
    assert 0 < rouge.rouge_lsum("The harbour closed.", reference) < 1
    assert rouge.rouge_lsum("", reference) == 0.0


@pytest.mark.parametrize(
    "words", ["2021-12-03", "3. Dezember 2021", "Dec 3, 2021", "03/12/2021", "/2021/12/03/", "3 de diciembre de 2021"]
)
def test_a_day_that_stands_on_the_page_is_not_invented(words: str) -> None:
    assert not days.invented("2021-12-03", f"<p>Published {words}</p>".encode())
    assert days.invented("2021-12-04", f"<p>Published {words}</p>".encode())


def test_a_name_is_the_same_in_capitals() -> None:
    assert names.any_author(["Ada BROOK", "B. Field"], ["Ada Brook"])
    assert not names.any_author(["Ada"], ["Ada Brook"])
    assert names.same_title("A  line", "A line")


def test_a_quotation_counts_by_its_letters() -> None:
    text = "Ada Brook said: “The river will rise again tonight.”"
    content = text.index("“")
    attribution = {
        "direct": True,
        "content": [{"spans": [[content, len(text)]], "text": text[content:]}],
        "source": [{"spans": [[0, 9]], "text": "Ada Brook"}],
    }
    assert quotations.score([{"text": text, "attributions": [attribution]}])["span"] == 1.0


def test_a_program_that_was_not_asked_has_a_dash() -> None:
    shown = table.lines([Row("one", {"a": 0.5}), Row("two", {"b": 3}, share=False)])
    assert [line.split("|")[2].strip() for line in shown[2:]] == ["0.500", "–"]
