"""What grouping a report costs with the database. Imported by stories.py once Django is set up."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from front import COPIES as OF_THE_FRONT
from front import MOVED, copied
from masthead.articles.models import Article, Revision
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source
from masthead.stories.group import group
from masthead.stories.models import Progress
from stories_stream import endless

BATCH = 500
GROUPED = 10_000
"""So many reports are grouped one after the other; larger archives are made of copies."""
DAYS = 8
"""The copies are as many days older: the stream fills seven."""
COPIES = OF_THE_FRONT | {
    "entries_entry": {"id": "id + {n}", "key": "printf('copy%060d', id + {n})"},
    "stories_signature": {
        "id": "id + {n}", "article_id": "article_id + {n}", "revision": "revision + {n}",
        "at": MOVED.format(column="at"),
    },
}  # fmt: skip


def measure(steps: Sequence[int]) -> list[tuple[int, float, float]]:
    """For each step: articles, milliseconds of CPU a report over its last thousand, questions a report.

    Up to `GROUPED` the reports are grouped one after the other. Beyond, older copies of these are put under them, as if
    they had been grouped long ago, and a thousand more are grouped on top of so many.
    """
    call_command("migrate", verbosity=0)
    source = Source.objects.create(name="The Courier", slug="courier")
    feed = Feed.objects.create(source=source, url="https://courier.example/feed")
    reports = endless(GROUPED + 2 * BATCH * len(steps))
    rows: list[tuple[int, float, float]] = []
    made = 0
    archive: Archive | None = None
    for step in steps:
        while made < min(step, GROUPED) - 2 * BATCH:
            _grouped(source, feed, made, islice(reports, BATCH))
            made += BATCH
        if step > GROUPED:
            archive = archive or Archive()
            archive.grow(step - 2 * BATCH)
        spent = 0.0
        for _ in range(2):
            spent += _grouped(source, feed, made, islice(reports, BATCH))
            made += BATCH
        rows.append((step, spent / (2 * BATCH) * 1000, _questions(source, feed, made, next(endless(1, seed=made)))))
    return rows


def _grouped(source: Source, feed: Feed, first: int, reports: Iterable[tuple[str, str, str, Any]]) -> float:
    """CPU seconds until these reports, now stored, are grouped."""
    _articles(source, feed, first, reports)
    before = time.process_time()
    while group(100).more:
        pass
    return time.process_time() - before


class Archive:
    """Older copies of the reports that are there when it is made, put under them as if they were grouped long ago."""

    def __init__(self) -> None:
        self._last = _last()
        self._apart = self._copies = 0

    def grow(self, wanted: int) -> None:
        """Have about `wanted` articles. The copies are made of the first copy: it is too old to be grouped anew."""
        have, each = Article.objects.count(), self._last["articles_article"]
        for _ in range(-(-(wanted - have) // each)):
            apart = max(_last().values())
            with transaction.atomic(), connection.cursor() as cursor:
                for table, moved in COPIES.items():
                    rows = range(self._apart + 1, self._apart + self._last[table] + 1)
                    older = DAYS * (self._copies or 1)
                    copied(cursor, table, moved, rows=rows, n=apart - self._apart, days=older)
            self._apart = self._apart or apart
            self._copies += 1
        Progress.objects.update(article=_last()["articles_article"])


def _last() -> dict[str, int]:
    """The highest number in each table that is copied."""
    with connection.cursor() as cursor:
        found = {table: cursor.execute(f"SELECT MAX(id) FROM {table}").fetchone()[0] for table in COPIES}
    return {table: number or 0 for table, number in found.items()}


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
