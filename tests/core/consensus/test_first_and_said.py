"""Who was first, where dates prove it; who said what, in which reports."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from masthead.core.consensus import Dated, First, first, gather
from masthead.core.types import UNKNOWN_SINCE, ArticleDate, Quote

SEEN = datetime(2026, 5, 4, 12, tzinfo=UTC)


def stated(clock: str, **changes: object) -> ArticleDate:
    at = f"2026-05-04T{clock}"
    known = {"value": f"{at}Z", "precision": "minute", "zone": "Z", "earliest": f"{at}:00Z", "latest": f"{at}:59Z"}
    known |= {"raw": at, "method": "stated", "confidence": 1.0}
    return ArticleDate(**(known | changes))  # type: ignore[arg-type]


DAY = {"value": "2026-05-04", "precision": "day", "zone": None, "earliest": "2026-05-03T10:00Z"}


def dated(key: int, date: ArticleDate | None) -> Dated:
    return Dated(key, key, date, SEEN)


def test_the_earliest_stated_time_is_first() -> None:
    found = first([dated(1, stated("09:30")), dated(2, stated("09:05")), dated(3, stated("11:00"))])
    assert found == First((2,), datetime(2026, 5, 4, 9, 5, tzinfo=UTC), 0)


def test_the_same_minute_is_shared() -> None:
    found = first([dated(1, stated("09:05")), dated(2, stated("09:05", earliest="2026-05-04T09:05:40Z"))])
    assert found is not None
    assert found.keys == (1, 2)


@pytest.mark.parametrize(
    "date",
    [
        None,
        stated("08:00", method="inferred"),
        stated("08:00", zone=None, earliest="2026-05-03T18:00Z"),
        stated("00:00", **DAY),
        stated("00:00", precision="day", earliest=UNKNOWN_SINCE, method="inferred"),
    ],
)
def test_what_is_not_exact_is_never_first_and_said_to_be_open(date: ArticleDate | None) -> None:
    found = first([dated(1, stated("09:30")), dated(2, stated("10:00")), dated(3, date)])
    assert found is not None
    assert (found.keys, found.open) == ((1,), 1)
    assert first([dated(1, stated("09:30")), dated(3, date)]) is None


def test_a_vague_date_that_must_be_later_leaves_nothing_open() -> None:
    later = stated("00:00", **(DAY | {"earliest": "2026-05-05T00:00Z"}))
    found = first([dated(1, stated("09:30")), dated(2, stated("10:00")), dated(3, later)])
    assert found is not None
    assert found.open == 0


def test_a_clock_that_runs_ahead_is_not_exact() -> None:
    ahead = Dated(2, 2, stated("11:00"), datetime(2026, 5, 4, 10, tzinfo=UTC))
    assert first([dated(1, stated("11:30")), ahead]) is None


def test_one_publisher_alone_is_not_first() -> None:
    assert first([Dated(1, 7, stated("09:00"), SEEN), Dated(2, 7, stated("10:00"), SEEN)]) is None


def quote(text: str, speaker: str | None, confidence: float = 0.9) -> Quote:
    return Quote(text, speaker, "said", 0, confidence)


def test_the_same_words_stand_once_with_all_their_reports() -> None:
    whole = "We measured the water every hour of that night"
    found = gather([
        (1, quote("measured the water every hour of that night", "Berg")),
        (2, quote(f"{whole}.", "Anna Berg")),
        (3, quote(whole.upper(), "Anna Berg")),
        (3, quote("Nobody listened to us then", "Anna Berg")),
    ])  # fmt: skip
    assert [(name, [(s.text, s.keys) for s in said]) for name, said in found] == [
        ("Anna Berg", [(f"{whole}.", (1, 2, 3)), ("Nobody listened to us then", (3,))])
    ]


def test_speakers_are_merged_only_where_names_plainly_agree() -> None:
    words = "The water came at night"
    names = ["Anna Berg", "Otto Berg", "Berg", "the mayor", "ANNA BERG"]
    found = gather((n, quote(f"{words} number {n}", name)) for n, name in enumerate(names))
    assert {name for name, _ in found} == {"ANNA BERG", "Otto Berg", "Berg", "the mayor"}


def test_an_office_after_the_name_makes_no_other_speaker() -> None:
    names = ("Anna Berg, mayor of Alfeld", "Anna Berg", "Berg")
    found = gather((n, quote(f"The water came at night number {n}", name)) for n, name in enumerate(names))
    assert [name for name, _ in found] == ["Anna Berg"]


def test_words_of_nobody_certain_and_single_terms_are_left_out() -> None:
    found = gather([(1, quote("We saw it coming for years", None)), (2, quote("a disaster", "Anna Berg"))])
    assert found == ()
    assert gather([(1, quote("We saw it coming for years", "Anna Berg", 0.4))]) == ()


def test_words_in_other_scripts() -> None:
    found = gather(
        [(1, quote("لقد قسنا وتجادلنا ثم قسنا", "آنا برغ")), (2, quote("لقد قسنا وتجادلنا ثم قسنا", "آنا برغ"))]
    )
    assert [(name, said[0].keys) for name, said in found] == [("آنا برغ", (1, 2))]
