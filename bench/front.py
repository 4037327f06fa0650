"""What a front page costs when the archive grows: the same days of news on top of 10,000 articles and of a million.

    python bench/front.py [--articles 10000 1000000] [--rounds 15]

The first number of articles is made through the models; the rest are older copies of them, month after month, written
straight into the tables. Measured is processor time, in turns within each size, of laying the page out (`lay_out`:
candidates, scores, places), of reading it for readers (`front`), of the list of the newest and of the first section.
SQLite in a folder of its own, before and after ANALYZE. Exit status 1 when laying out and reading together take twice
the time or more on the largest.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

SOURCES, SPAN = 500, timedelta(days=30)
# What differs between a row and its older copy, by table; {n} is the distance of numbers, {days} that in time.
MOVED = "datetime({column}, '-{{days}} days')"
COPIES: dict[str, dict[str, str]] = {
    "entries_entry": {"id": "id + {n}", "key": "printf('%064d', id + {n})"},
    "articles_article": {
        "id": "id + {n}",
        "entry_id": "entry_id + {n}",
        "revision_id": "revision_id + {n}",
        **{c: MOVED.format(column=c) for c in ("sort_at", "published_at", "first_seen_at")},
    },
    "articles_revision": {"id": "id + {n}", "article_id": "article_id + {n}"},
    "pages_placement": {
        "id": "id + {n}",
        "article_id": "article_id + {n}",
        "revision": "revision + {n}",
        "at": MOVED.format(column="at"),
    },
    "stories_story": {
        "id": "id + {n}",
        "lead_id": "lead_id + {n}",
        **{c: MOVED.format(column=c) for c in ("first_at", "last_at")},
    },
    "stories_member": {
        "id": "id + {n}",
        "article_id": "article_id + {n}",
        "story_id": "story_id + {n}",
        "at": MOVED.format(column="at"),
    },
}


def make(number: int) -> None:
    """`number` articles of the last month, of 500 sources; every fifth is of a story of two to nine sources."""
    from django.utils import timezone

    from masthead.articles.models import Article, Revision
    from masthead.entries.models import Entry
    from masthead.feeds.models import Feed, Source
    from masthead.pages.models import Placement, Section
    from masthead.pages.sections import create_defaults
    from masthead.stories.models import Member, Story

    chance, now = random.Random(number), timezone.now()
    create_defaults()
    sections = list(Section.objects.order_by("pk"))
    sources = Source.objects.bulk_create(
        Source(name=f"Paper {n}", slug=f"paper-{n}", home_url=f"https://paper{n}.example/") for n in range(SOURCES)
    )
    feeds = Feed.objects.bulk_create(Feed(source=s, url=f"{s.home_url}feed") for s in sources)
    times = [now - SPAN * (n + 1) / number for n in range(number)]
    of = [chance.randrange(SOURCES) for _ in times]
    entries = Entry.objects.bulk_create(
        (
            Entry(
                feed=feeds[s], source=sources[s], key=f"{n:064d}", first_seen_at=at, last_seen_at=at, cleaned_version=1
            )
            for n, (at, s) in enumerate(zip(times, of, strict=True))
        ),
        batch_size=2000,
    )
    words = [f"word{n}" for n in range(3000)]
    articles = Article.objects.bulk_create(
        (
            Article(
                entry=entry, source=entry.source, slug=f"report-{n}", title=" ".join(chance.sample(words, 8)),
                standfirst=" ".join(chance.sample(words, 30)), language="en", published_at=at, first_seen_at=at,
                sort_at=at, published_precision="minute", canonical_url=f"https://paper.example/{n}",
            )
            for n, (entry, at) in enumerate(zip(entries, times, strict=True))
        ),
        batch_size=2000,
    )  # fmt: skip
    revisions = Revision.objects.bulk_create(
        (Revision(article=a, number=1, made_at=a.sort_at, document={}, digest="") for a in articles), batch_size=2000
    )
    for article, revision in zip(articles, revisions, strict=True):
        article.revision = revision
    Article.objects.bulk_update(articles, ["revision"], batch_size=2000)
    Placement.objects.bulk_create(
        (
            Placement(article=a, section=chance.choice(sections), language="en", at=a.sort_at, revision=r.pk)
            for a, r in zip(articles, revisions, strict=True)
        ),
        batch_size=2000,
    )
    stories, members, next_one = [], [], 0
    while next_one < number:
        size = chance.randint(2, 9) if chance.random() < 0.04 else 1
        group = articles[next_one : next_one + size]
        next_one += size
        story = Story(
            title=group[0].title, slug="story", lead=group[0], articles=len(group), language="en",
            sources=len({a.source_id for a in group}), first_at=group[-1].sort_at, last_at=group[0].sort_at,
        )  # fmt: skip
        stories.append(story)
        members += [Member(story=story, article=a, at=a.sort_at) for a in group]
    Story.objects.bulk_create(stories, batch_size=2000)
    Member.objects.bulk_create(members, batch_size=2000)


def grow(base: int, wanted: int) -> None:
    """Put older copies of the first `base` articles under them until there are `wanted`."""
    from django.db import connection, transaction

    from masthead.articles.models import Article

    have = Article.objects.count()
    with connection.cursor() as cursor:
        for copy in range(have // base, wanted // base):
            with transaction.atomic():
                for table, moved in COPIES.items():
                    copied(cursor, table, moved, rows=range(1, base + 1), n=copy * base, days=SPAN.days * copy)


def copied(cursor: Any, table: str, moved: dict[str, str], *, rows: range, n: int, days: int) -> None:
    """Copy the rows of a table with these numbers, those columns changed that differ (SQLite)."""
    cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")
    names = [name for (name,) in cursor.fetchall()]
    values = ", ".join(moved.get(name, f'"{name}"').format(n=n, days=days) for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    which = f'"id" BETWEEN {rows.start} AND {rows.stop - 1}'
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {which}")


def milliseconds(work: Callable[[], Any]) -> float:
    """Processor time of one call."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def measure(rounds: int) -> dict[str, float]:
    """The median of each kind of work, in milliseconds, in turns."""
    from masthead.pages import compose
    from masthead.pages.arrange import lay_out

    kinds: dict[str, Callable[[], Any]] = {
        "lay out": lambda: lay_out("en"),
        "front": lambda: compose.front("en"),
        "latest": lambda: compose.latest("en"),
        "section": lambda: compose.section("world", "en"),
    }
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds + 2):
        for name, work in kinds.items():
            times[name].append(milliseconds(work))
    return {name: statistics.median(found[2:]) for name, found in times.items()}


def main() -> int:
    """Measure every size; print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"MASTHEAD_HOME": home, "DJANGO_SETTINGS_MODULE": "masthead.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        sizes = sorted(options.articles)
        make(sizes[0])
        totals: list[float] = []
        print(
            "| articles | state | " + " | ".join(f"{k}, ms" for k in ("lay out", "front", "latest", "section")) + " |"
        )
        print("|---:|---|---:|---:|---:|---:|")
        for size in sizes:
            grow(sizes[0], size)
            for state in ("as it grew", "after ANALYZE"):
                if state == "after ANALYZE":
                    with connection.cursor() as cursor:
                        cursor.execute("ANALYZE")
                found = measure(options.rounds)
                print(f"| {size:,} | {state} | " + " | ".join(f"{t:.1f}" for t in found.values()) + " |", flush=True)
                totals.append(found["lay out"] + found["front"])
        first, worst = min(totals[:2]), max(totals[-2:])
        print(f"\nThe largest takes {worst / first:.2f} times as long as the smallest.")
    return 0 if worst < 2 * first else 1


if __name__ == "__main__":
    sys.exit(main())
