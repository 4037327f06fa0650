"""What grouping a report costs with the database. Imported by stories.py once Django is set up."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from masthead.articles.models import Article, Revision
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source
from masthead.stories.group import group
from stories_stream import endless

BATCH = 500


def measure(steps: Sequence[int]) -> list[tuple[int, float, float]]:
    """For each step: articles, milliseconds of CPU a report over the last thousand, questions a report."""
    call_command("migrate", verbosity=0)
    source = Source.objects.create(name="The Courier", slug="courier")
    feed = Feed.objects.create(source=source, url="https://courier.example/feed")
    reports = endless(max(steps))
    rows: list[tuple[int, float, float]] = []
    made, spent = 0, 0.0
    while made < max(steps):
        _articles(source, feed, made, islice(reports, BATCH))
        made += BATCH
        if made + BATCH in steps:
            spent = 0.0
        before = time.process_time()
        while group(100).more:
            pass
        spent += time.process_time() - before
        if made in steps:
            rows.append((made, spent / (2 * BATCH) * 1000, _questions(source, feed, made, next(endless(1, seed=made)))))
    return rows


@transaction.atomic
def _articles(source: Source, feed: Feed, first: int, reports: Iterable[tuple[str, str, str, Any]]) -> None:
    """Store articles as the clean stage does."""
    for number, (title, text, _, at) in enumerate(reports, first):
        key = f"{number:064d}"
        entry = Entry.objects.create(feed=feed, source=source, key=key, first_seen_at=at, last_seen_at=at)
        article = Article.objects.create(
            entry=entry, source=source, slug=f"report-{number}", title=title, language="en", published_at=at,
            first_seen_at=at, sort_at=at, canonical_url=f"https://courier.example/{number}",
        )  # fmt: skip
        article.revision = Revision.objects.create(
            article=article, number=1, made_at=at, document={"text": text}, digest=""
        )
        article.save(update_fields=["revision"])


def _questions(source: Source, feed: Feed, number: int, report: tuple[str, str, str, Any]) -> float:
    _articles(source, feed, 10**9 + number, [report])
    with CaptureQueriesContext(connection) as asked:
        group(100)
    return float(len(asked))
