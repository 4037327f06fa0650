"""The lists of the site read indexes in order: no query walks a whole table or sorts one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from masthead.articles.models import Article
from masthead.audience.models import ViewCount
from masthead.pages import compose
from masthead.pages.arrange import arrange
from masthead.pages.candidates import candidates
from masthead.pages.models import Placement, Section
from masthead.pages.place import waiting as to_place
from masthead.stories import queries as stories
from masthead.stories.group import group
from masthead.stories.models import Member, Story

BIG = ("articles_article", "articles_revision", "pages_placement", "stories_member", "stories_posting", "stories_term")
CALLS: dict[str, Callable[[], object]] = {
    "front": lambda: compose.front("en"),
    "latest": lambda: compose.latest("en", 3),
    "section": lambda: compose.section("sport", "en", 2),
    "source": lambda: compose.source("the-herald", 2),
    "day": lambda: compose.day("en", date(2026, 5, 4)),
    "archive": lambda: compose.archive("en", 2026),
    "popular": lambda: compose.popular("en"),
    "frame": lambda: compose.frame("en"),
    "article": lambda: compose.article(next(iter(compose.latest("en").cards)).id),
    "candidates": lambda: candidates("en", {}),
    "to group": lambda: stories.waiting(10**6, 100),
    "to place": lambda: to_place(10**6, 100),
    "peers": lambda: stories.peers("en", ["word5", "word6"], timezone.now()),
}


@pytest.fixture
def busy(newsroom: Any) -> Any:
    """A site of 3,000 articles, of which the newest went all the way."""
    with time_machine.travel("2026-05-04T12:30:00Z", tick=False):
        newsroom.many(40)
        while group().more:
            pass
        arrange()
        newsroom.many(3000, source="The Herald", step=timedelta(hours=3))
        sport = Section.objects.get(slug="sport")
        Placement.objects.bulk_create(
            Placement(article=a, section=sport, language="en", at=a.sort_at)
            for a in Article.objects.filter(source__name="The Herald")
        )
        mass = list(Article.objects.filter(source__name="The Herald"))
        Story.objects.bulk_create(
            Story(
                pk=10_000 + a.pk, language="en", slug="s", title=a.title, lead=a, first_at=a.sort_at, last_at=a.sort_at
            )
            for a in mass
        )
        Member.objects.bulk_create(Member(story_id=10_000 + a.pk, article=a, at=a.sort_at) for a in mass)
        newest = compose.latest("en").cards
        ViewCount.objects.bulk_create(
            ViewCount(article_id=c.id, hour=timezone.now().replace(minute=0), views=3) for c in newest[:5]
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield newsroom


def plans(call: Callable[[], object]) -> list[tuple[str, str]]:
    """Each SELECT that `call` makes with the database's plan for it."""
    with CaptureQueriesContext(connection) as captured:
        assert call() is not None
    found = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in captured.captured_queries:
            sql = query["sql"]
            if sql.startswith("SELECT"):
                cursor.execute(
                    ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql.replace("%", "%%")
                )
                found.append((sql, "\n".join(str(row[-1]) for row in cursor.fetchall())))
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def test_no_big_table_is_walked(busy: Any) -> None:
    for name, call in CALLS.items():
        for sql, plan in plans(call):
            for table in BIG:
                walked = rf"SCAN {table}(?! USING)" if connection.vendor == "sqlite" else rf"Seq Scan on {table}"
                assert not re.search(walked, plan), f"{name}: {sql}\n{plan}"


def test_a_long_ranking_reads_the_most_read_of_each_hour_in_the_order_of_an_index(busy: Any) -> None:
    found = plans(lambda: compose.popular("en", "month"))
    looked = [(sql, plan) for sql, plan in found if "UNION ALL" in sql]
    assert looked
    for sql, plan in looked:
        assert "view_by_hour" in plan, f"{sql}\n{plan}"
        assert not re.search(r"TEMP B-TREE|SCAN audience_viewcount(?! USING)|Seq Scan on audience_viewcount", plan), (
            plan
        )


def test_a_ranking_reads_one_index_of_the_counts_and_no_other_rows(busy: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert not compose.popular("en", "day").fallback
        assert compose.popular_in("en", section="sport", window="day").cards
    rankings = [query["sql"] for query in captured.captured_queries if "AS read WHERE" in query["sql"]]
    assert len(rankings) == 2
    with connection.cursor() as cursor:
        for sql in rankings:
            lite = connection.vendor == "sqlite"
            if not lite:
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(("EXPLAIN QUERY PLAN " if lite else "EXPLAIN ") + sql.replace("%", "%%"))
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            wanted = "COVERING INDEX view_by_hour" if lite else r"Index Only Scan using view_by_hour|Index Scan"
            assert re.search(wanted, plan), plan
            for table in (*BIG, "audience_viewcount"):
                assert not re.search(rf"SCAN {table}(?! USING)|Seq Scan on {table}", plan), plan


def test_lists_come_in_the_order_of_an_index(busy: Any) -> None:
    for name in ("latest", "section", "source", "day"):
        lists = [(sql, plan) for sql, plan in plans(CALLS[name]) if "ORDER BY" in sql and "LIMIT 31" in sql]
        assert lists, name
        for sql, plan in lists:
            assert "TEMP B-TREE" not in plan, f"{name}: {sql}\n{plan}"
            assert not re.search(r"^\s*(?:->\s*)?Sort", plan, re.MULTILINE), f"{name}: {sql}\n{plan}"
