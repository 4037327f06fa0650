"""Differences as people read them: by words, in every script, moved paragraphs named, long texts in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.differ import Paragraph, Part, paragraphs_changed, words_changed, words_of

MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def told(parts: tuple[Part, ...]) -> str:
    return "".join(MARKS[part.kind].format(part.text) for part in parts)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Ten people were hurt.", "Twelve people were hurt.", "[-Ten-]{+Twelve+} people were hurt."),
        ("It cost 3.5 million.", "It cost 3.8 million.", "It cost [-3.5-]{+3.8+} million."),
        ("He didn't go.", "He did go.", "He [-didn't-]{+did+} go."),
        ("The bridge is old.", "The old bridge is old.", "The {+old +}bridge is old."),
        ("北京市政府周一宣布新政策", "北京市政府周二宣布了新政策", "北京市政府周[-一-]{+二+}宣布{+了+}新政策"),
        ("東京で12人が負傷", "東京で14人が負傷", "東京で[-12-]{+14+}人が負傷"),
        (
            "قالت الوزيرة إن 12 شخصا أصيبوا",
            "قالت الوزيرة إن 14 شخصا أصيبوا",
            "قالت الوزيرة إن [-12-]{+14+} شخصا أصيبوا",
        ),
        ("नमस्ते दुनिया", "नमस्ते भारत", "नमस्ते [-दुनिया-]{+भारत+}"),
        ("He said “yes”.", 'He said "yes".', 'He said "yes".'),
        ("", "New words.", "{+New words.+}"),
        ("Old words.", "", "[-Old words.-]"),
        ("The same.", "The   same.", "The same."),
    ],
)
def test_word_by_word(before: str, after: str, expected: str) -> None:
    assert told(words_changed(before, after)) == expected


def test_thai_letters_keep_their_marks() -> None:
    for part in words_changed("รัฐบาลไทยประกาศวันจันทร์ที่แล้ว", "รัฐบาลไทยประกาศวันอังคารนี้"):
        assert part.text[0] not in "ัิีึืุู็่้๊๋์", "a mark is never parted from its letter"


def test_another_sentence_is_not_cut_into_crumbs() -> None:
    before, after = "The cat sat on the mat by the door.", "A committee will discuss the budget of the town by May."
    assert len(words_changed(before, after)) <= 3


@given(st.text(max_size=200), st.text(max_size=200))
@settings(deadline=None)
def test_both_texts_can_be_read_from_the_parts(before: str, after: str) -> None:
    parts = words_changed(before, after)
    new = "".join(part.text for part in parts if part.kind != "removed")
    assert new == "".join(words_of(after))
    old = "".join(part.text for part in parts if part.kind != "added")
    assert len(words_of(old)) <= len(words_of(before)) + len(words_of(after))


def kinds(found: list[Paragraph]) -> list[tuple[str, str]]:
    return [(paragraph.kind, told(paragraph.parts)) for paragraph in found]


A, B, C = "The council voted on Monday.", "Work begins in April and lasts a year.", "The bridge was closed last summer."


def test_paragraphs_that_stay_are_left_out_and_others_named() -> None:
    assert kinds(paragraphs_changed([A, B, C], [A, B.replace("April", "May"), C])) == [
        ("changed", "Work begins in [-April-]{+May+} and lasts a year.")
    ]
    assert kinds(paragraphs_changed([A, C], [A, B, C])) == [("added", "{+" + B + "+}")]
    assert kinds(paragraphs_changed([A, B, C], [A, C])) == [("removed", "[-" + B + "-]")]
    assert kinds(paragraphs_changed([A, B, C], [A, B, C])) == []


def test_a_paragraph_that_moved_was_neither_removed_nor_added() -> None:
    assert kinds(paragraphs_changed([A, B, C], [C, A, B])) == [("moved", C)]
    moved = kinds(paragraphs_changed([A, B, C], [C.replace("last", "this"), A, B]))
    assert moved == [("moved", "The bridge was closed [-last-]{+this+} summer.")]


def test_a_paragraph_between_changed_ones_finds_its_own_next_state() -> None:
    before = [A, B, C]
    after = ["Nobody expected that outcome at all.", A.replace("Monday", "Tuesday"), C.replace("summer", "winter")]
    assert [kind for kind, _ in kinds(paragraphs_changed(before, after))] == ["added", "changed", "removed", "changed"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a b " * 20_000], ["b c " * 20_000]),
        (["字" * 50_000], ["符" * 50_000]),
        ([f"word{n} and {n}" for n in range(3_000)], [f"term{n} or {n}" for n in range(3_000)]),
        (["x" * 2_000_000], ["y" * 2_000_000]),
    ],
)
def test_no_text_takes_long(before: list[str], after: list[str]) -> None:
    began = time.process_time()
    assert paragraphs_changed(before, after)
    assert time.process_time() - began < 5
