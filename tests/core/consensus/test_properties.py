"""Whatever reports hold, consensus says only what stands in them, and no length of a text holds it up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.growth import assert_linear

from masthead.core.consensus import apart, contested, figures, headline, named, read, shared, summary

from .reports import report

PIECES = st.sampled_from(
    [
        "Alfeld",
        "3",
        "five",
        "dead",
        "houses",
        "Anna Berg",
        ".",
        ". ",
        "\n",
        "“",
        "”",
        "1.200",
        "٥",
        "قتلى",
        "\u00a0",
        "'s",
        "…",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=30).map(" ".join)
LANGUAGES = st.sampled_from(["en", "de", "fr", "es", "ru", "ar", "zh", "", "tlh"])


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=5), LANGUAGES)
def test_every_word_stands_in_the_report_it_is_taken_from(texts: list[tuple[str, str, str]], language: str) -> None:
    rows = [report(n, title, text, language, whole=f"{text} {more}") for n, (title, text, more) in enumerate(texts, 1)]
    shown = {r.key: f"{r.title}\n{r.text}" for r in rows}
    reading = read(rows)
    stated = figures(reading)
    assert headline(reading, 1) in shown
    contests = contested(stated)
    assert all(line.text in shown[line.key] for line in summary(reading, [n for c in contests for n in c.nouns]))
    assert all(
        f.words in shown[f.keys[0]] for f in (*shared(stated, reading.sources), *(s for c in contests for s in c.sides))
    )
    assert all(word in shown[key] for key, words in apart(reading).items() for word in words)
    assert all(len(set(name.keys)) == len(name.keys) for name in named(reading))


@pytest.mark.parametrize(
    "text", ["A" * 300_000, "1 " * 150_000, "Aa " * 100_000, "1.234." * 50_000, "x. " * 100_000, "“" * 300_000]
)
def test_long_texts_hold_nobody_up(text: str) -> None:
    def everything(text: str) -> None:
        reading = read([report(n, f"Flood in Alfeld: {n} dead", text) for n in (2, 3, 4)])
        contested(figures(reading))
        summary(reading)
        named(reading)
        apart(reading)

    assert_linear(everything, text)
