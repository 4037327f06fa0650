"""The instants by which an article is sorted, for every precision of its date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from masthead.articles.columns import moment_of, sort_moment
from masthead.core.repair.dates import build, read_iso

SEEN = datetime(2026, 11, 25, 19, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "published", "sorted_at"),
    [
        ("2026-11-24T08:30:00Z", datetime(2026, 11, 24, 8, 30, tzinfo=UTC), datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 20, 12, tzinfo=UTC)),
        ("2021-12", None, datetime(2021, 12, 31, 9, tzinfo=UTC)),
        ("2024-02", None, datetime(2024, 2, 29, 9, tzinfo=UTC)),
        ("2021", None, datetime(2021, 12, 31, 9, tzinfo=UTC)),
        ("2026-11", None, datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026", None, datetime(2026, 1, 1, 9, tzinfo=UTC)),
    ],
)
def test_a_report_stands_where_its_date_puts_it(stated: str, published: datetime | None, sorted_at: datetime) -> None:
    parts = read_iso(stated)
    assert parts is not None
    date = build(parts, stated)
    assert moment_of(date, SEEN) == published
    assert sort_moment(date, SEEN) == sorted_at


def test_a_report_without_a_date_stands_where_it_was_first_seen() -> None:
    assert (moment_of(None, SEEN), sort_moment(None, SEEN)) == (None, SEEN)


def test_a_report_without_a_date_out_of_a_new_feed_is_no_news() -> None:
    assert sort_moment(None, SEEN, watched=False) == SEEN - timedelta(days=3)


def test_no_partial_date_puts_a_report_after_it_was_seen() -> None:
    early = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    parts = read_iso("2026")
    assert parts is not None
    assert sort_moment(build(parts, "2026"), early) == early
