"""Search of words that very many articles hold: the newest are ranked, at a cost that the archive does not raise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from masthead.articles.models import Article
from masthead.articles.search import backend, index, scope, search
from masthead.articles.search.windows import GROWTH, LEVELS, MOST_MARKS, marks, window

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("length", [0, 1, 3.5, 20, 35, 100, 5000])
@pytest.mark.parametrize("days", [0, 1, 2, 5, 17, 63, 64, 300, 1500, 4000])
@pytest.mark.parametrize("until", [NOON, datetime(1970, 1, 1, 3, tzinfo=UTC), datetime(1962, 5, 1, tzinfo=UTC)])
def test_a_window_holds_all_that_stands_in_it_and_nothing_older(days: int, length: float, until: datetime) -> None:
    at = until - timedelta(days=days)
    found = window(until, length)
    assert found is not None and len(found.marks) <= MOST_MARKS and len(marks(at)) == LEVELS
    assert (at >= found.since) == bool(set(marks(at)) & set(found.marks))
    assert length <= (until - found.since) / timedelta(days=1) < length * (1 + GROWTH / (MOST_MARKS - 1)) + 1


def test_a_window_longer_than_there_are_marks_for() -> None:
    assert window(NOON, 365 * 250) is None and window(NOON, 365 * 5000) is None
    early = datetime(3, 1, 1, tzinfo=UTC)
    assert (shortened := window(early, 365 * 50)) and shortened.since < early


@pytest.fixture
def spread(db: None, make_article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    """Forty articles, one every five days back, all with one word; the limit is ten."""
    monkeypatch.setattr(scope, "MOST", 10)
    real = backend.backend().find
    monkeypatch.setattr(backend.backend(), "find", lambda *a, **k: real(*a, **{**k, "most": 10}))
    made = [make_article(f"Harbour report {n}", f"Cargo {n}.", at=NOON - timedelta(days=5 * n)) for n in range(40)]
    index([article.pk for article in made])
    return made


def test_of_very_many_the_newest_are_ranked(spread: list[Article]) -> None:
    newest = [article.pk for article in spread[:10]]
    found = search("harbour", per_page=4)
    assert (found.total, found.more) == (10, True) and set(found.ids) <= set(newest)
    pages = [pk for page in (1, 2, 3) for pk in search("harbour", per_page=4, page=page).ids]
    assert sorted(pages) == sorted(newest)
    beyond = search("harbour", per_page=4, page=9)
    assert (beyond.ids, beyond.total, beyond.more) == ((), 10, True)
    assert list(search("harbour", newest=True, per_page=10).ids) == newest
    until = search("harbour", until=(NOON - timedelta(days=50)).date(), newest=True, per_page=3)
    assert list(until.ids) == [article.pk for article in spread[10:13]] and until.more
    since = search("harbour", since=(NOON - timedelta(days=20)).date(), newest=True)
    assert list(since.ids) == [article.pk for article in spread[:5]] and not since.more
    rare = search("harbour 39")
    assert (rare.ids, rare.total, rare.more) == ((spread[39].pk,), 1, False)


def test_a_moved_article_is_found_in_its_new_window(db: None, make_article: Callable[..., Article]) -> None:
    old, new = make_article("Harbour closes", at=NOON - timedelta(days=900)), make_article("Harbour opens", at=NOON)
    index([old.pk, new.pk])
    new.sort_at = NOON - timedelta(days=1800)
    new.save()
    index([new.pk])
    assert list(search("harbour", newest=True).ids) == [old.pk, new.pk]
    assert search("harbour", since=(NOON - timedelta(days=1000)).date()).ids == (old.pk,)


def test_marks_are_no_words(db: None, make_article: Callable[..., Article]) -> None:
    article = make_article("Harbour closes", at=NOON)
    index([article.pk])
    for typed in (marks(NOON)[0], marks(NOON)[0][1:], "0x*", "days"):
        assert search(typed).ids == () or typed == marks(NOON)[0]


def test_a_page_says_that_there_are_more(
    spread: list[Article], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "More than 10 reports found" in client.get("/search/?q=harbour").text
    assert client.get("/api/v1/search?q=harbour").json()["more"] is True


def test_a_common_word_asks_few_questions(spread: list[Article]) -> None:
    with CaptureQueriesContext(connection) as asked:
        search("harbour 3")
    searches: list[Any] = [query for query in asked if "hits AS MATERIALIZED" in query["sql"]]
    assert 1 <= len(searches) <= LEVELS + 1


def test_a_day_that_all_stand_at_the_beginning_of_is_left_behind(
    db: None, make_article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dates without a time stand at midnight: a window from midnight to midnight has no length to be made longer."""
    monkeypatch.setattr(scope, "MOST", 4)
    real, asked = backend.backend().find, []

    def find(*given: Any, **named: Any) -> tuple[list[int], int]:
        asked.append(given)
        assert len(asked) < 20, "it asks for the same for ever"
        return real(*given, **{**named, "most": 4})

    monkeypatch.setattr(backend.backend(), "find", find)
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    made = [make_article(f"Report {n}", at=midnight) for n in range(9)]
    old = make_article("Harbour closes", at=midnight - timedelta(days=30))
    index([article.pk for article in [*made, old]])
    assert search("harbour").ids == (old.pk,)


def test_in_a_source_only_its_own_reports_are_read(spread: list[Article], make_source: Callable[..., Any]) -> None:
    own = [article for article in spread if article.source_id == spread[0].source_id]
    assert set(search("harbour", source=spread[0].source_id, per_page=50).ids) <= {article.pk for article in own}
    assert search("harbour", source=spread[0].source.slug, per_page=50).total == min(10, len(own))
    assert search("harbour", source=make_source().pk).ids == search("harbour", source="nobody").ids == ()


def test_windows_end_where_the_archive_begins(spread: list[Article]) -> None:
    with CaptureQueriesContext(connection) as asked:
        search("39")
    searches: list[Any] = [query for query in asked if "hits AS MATERIALIZED" in query["sql"]]
    assert len(searches) <= 2, "two hundred days: a window of the newest ten, 45 days, then all"


@pytest.mark.parametrize("every", [2, 3, 7])
def test_a_window_is_widened_by_what_the_one_before_held(
    db: None, make_article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    """A word of every second, third, seventh report: the second or third window holds enough, and not much more."""
    monkeypatch.setattr(scope, "MOST", 4)
    real, held = backend.backend().find, []

    def find(*given: Any, **named: Any) -> tuple[list[int], int]:
        held.append(real(*given, **{**named, "most": 1000})[1])
        return real(*given, **{**named, "most": 4})

    monkeypatch.setattr(backend.backend(), "find", find)
    made = [
        make_article(f"Report {n}", "Pier." if n % every == 0 else "", at=NOON - timedelta(days=n)) for n in range(400)
    ]
    index([article.pk for article in made])
    found = search("pier", newest=True)
    assert (found.total, found.more, list(found.ids)) == (4, True, [article.pk for article in made[::every]][:4])
    assert len(held) <= 4 and 4 < held[-1] <= 16
