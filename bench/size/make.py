"""A site of so many articles in the database of the settings, as the stages would have left it.

333 reports a day, whatever the size, so that a larger site has a longer past and not a fuller day; a feed for every
twenty reports, up to 50,000; a publisher for every five feeds; every fifth report in a story of two to nine sources.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import zstandard
from django.core.management import call_command
from django.db import connection, transaction

from masthead.articles.models import Article, Revision, ShortLink
from masthead.articles.search.document import terms
from masthead.articles.search.windows import marks_of
from masthead.audience.models import ViewCount
from masthead.core.records import to_builtins
from masthead.core.types import Block, CleanArticle, SourceRef
from masthead.entries.models import Entry, EntryAlias, EntryVersion
from masthead.feeds.models import Feed, Fetch, Source
from masthead.pages.arrange import arrange
from masthead.pages.models import Arrangement, DayCount, Placement, Section
from masthead.pages.sections import create_defaults
from masthead.stories.models import Member, Progress, Story
from size.load import Table, bulk, instant, without_index, write_index
from size.words import texts

A_DAY = 333
BLOCK = 20_000
_COMPRESS = zstandard.ZstdCompressor(level=3)


def make(number: int, length: int, seed: int) -> None:
    """Make it, with texts of `length` words."""
    call_command("migrate", verbosity=0)
    create_defaults()
    now = datetime.now(UTC).replace(microsecond=0)
    feeds, sources = _publishers(min(50_000, max(100, number // 20)), now)
    sections = list(Section.objects.order_by("pk").values_list("pk", flat=True))
    source_terms = terms(Source.objects.filter(policy="full").first() or Source())
    chance = random.Random(seed)
    per_day: Counter[Any] = Counter()
    with bulk(), without_index():
        made = enumerate(texts(number, length, seed), 1)
        for first in range(1, number + 1, BLOCK):
            size = min(BLOCK, number - first + 1)
            times = [now - timedelta(days=(number - n) / A_DAY) for n in range(first, first + size)]
            of = [chance.randrange(feeds) for _ in times]
            rows = [next(made) for _ in times]
            with transaction.atomic():
                _articles(rows, times, of, sources, source_terms, [chance.choice(sections) for _ in times])
                _stories(rows, times, of, chance)
            per_day.update(at.date() for at in times)
            print(f"\r{first + size - 1:,} articles", end="", flush=True)
        Table(DayCount, "id", "edition", "day", "articles", "counted_at").write(
            (n, "en", day.isoformat(), count, instant(now)) for n, (day, count) in enumerate(sorted(per_day.items()), 1)
        )
        newest = range(max(1, number - 2000), number)
        hour = now.replace(minute=0, second=0)
        Table(ViewCount, "id", "article_id", "hour", "views").write(
            (n, pk, instant(hour - timedelta(hours=pk % 30)), 1 + pk % 50) for n, pk in enumerate(newest, 1)
        )
    print()
    _set_counters(number)


def _publishers(number: int, now: datetime) -> tuple[int, int]:
    sources = max(20, number // 5)
    Table(Source, "id", "name", "slug", "home_url", "policy", "language").write(
        (n, f"The {n} Paper", f"paper-{n}", f"https://paper{n}.example/", "full", "en") for n in range(1, sources + 1)
    )
    Table(Feed, "id", "source_id", "url", "host", "due_at", "fetched_at", "succeeded_at").write(
        (n, n % sources + 1, f"https://paper{n % sources}.example/feed{n}", f"paper{n % sources}.example",
         instant(now + timedelta(seconds=n % 3600)), instant(now), instant(now)) for n in range(1, number + 1)
    )  # fmt: skip
    Table(Fetch, "id", "feed_id", "started_at", "status", "headers", "body", "body_size", "ingested_at").write(
        (n, n, instant(now), 200, "{}", _COMPRESS.compress(b"<rss/>"), 6, instant(now)) for n in range(1, number + 1)
    )
    return number, sources


def _articles(
    rows: list[tuple[int, tuple[str, str, str]]],
    times: list[datetime],
    of: list[int],
    sources: int,
    source_terms: str,
    sections: list[int],
) -> None:
    """One block of entries, versions, articles, revisions, placements, short links and documents of the index."""
    whole = [
        (pk, instant(at), feed + 1, (feed + 1) % sources + 1, *parts, hashlib.sha256(b"%d" % pk).hexdigest())
        for (pk, parts), at, feed in zip(rows, times, of, strict=True)
    ]
    Table(Entry, "id", "feed_id", "source_id", "key", "first_seen_at", "last_seen_at", "cleaned_version").write(
        (pk, feed, source, key, at, at, 1) for pk, at, feed, source, *_, key in whole
    )
    Table(EntryVersion, "id", "entry_id", "number", "received_at", "original", "record", "context", "digest").write(
        _versions(whole)
    )
    Table(EntryAlias, "id", "source_id", "kind", "value", "entry_id").write(
        (pk, source, "link", key, pk) for pk, _, _, source, *_, key in whole
    )
    Table(
        Article, "id", "entry_id", "source_id", "slug", "title", "standfirst", "language", "published_at",
        "first_seen_at", "sort_at", "published_precision", "canonical_url", "word_count", "revision_id",
    ).write(
        (pk, pk, source, f"report-{pk}", title, standfirst, "en", at, at, at, "minute",
         f"https://paper{source}.example/{pk}", len(text) // 6, pk)
        for pk, at, _, source, title, standfirst, text, _ in whole
    )  # fmt: skip
    Table(Revision, "id", "article_id", "number", "made_at", "document", "digest", "version", "engine").write(
        (pk, pk, 1, at, _document(*parts), key, 1, key) for pk, at, _, _, *parts, key in whole
    )
    Table(Placement, "id", "article_id", "section_id", "language", "at", "revision").write(
        (pk, pk, section, "en", at, pk) for (pk, at, *_), section in zip(whole, sections, strict=True)
    )
    Table(ShortLink, "id", "code", "article_id", "created_at").write((pk, f"{pk:x}", pk, at) for pk, at, *_ in whole)
    write_index([
        (row[0], *row[4:7], source_terms, list(marks_of(at, row[3]))) for row, at in zip(whole, times, strict=True)
    ])  # fmt: skip


def _versions(whole: list[Any]) -> Iterator[tuple[Any, ...]]:
    for pk, at, _, source, title, standfirst, text, key in whole:
        item = f"<item><title>{title}</title><guid>{key}</guid><description>{standfirst} {text}</description></item>"
        link = f"https://paper{source}.example/{pk}"
        record = {"id": key, "link": link, "title": title, "summary_html": f"{standfirst} {text}"}
        yield (
            pk, pk, 1, at, _COMPRESS.compress(item.encode()), msgspec.json.encode(record).decode(),
            '{"title": "A paper", "language": "en"}', key,
        )  # fmt: skip


def _document(title: str, standfirst: str, text: str) -> str:
    third = len(text) // 3
    parts = (text[:third], text[third : 2 * third], text[2 * third :])
    body = tuple(Block(type="paragraph", text=part, html=part) for part in parts)
    record = CleanArticle(
        title=title, standfirst=standfirst, language="en", source=SourceRef(name="A paper"), body=body, text=text
    )
    return msgspec.json.encode(to_builtins(record)).decode()


def _stories(rows: list[Any], times: list[datetime], of: list[int], chance: random.Random) -> None:
    """Stories of one block, each of consecutive reports; their numbers are those of their first reports."""
    stories, members, place = [], [], 0
    while place < len(rows):
        size = min(chance.randint(2, 9) if chance.random() < 0.04 else 1, len(rows) - place)
        pk, (title, _, _) = rows[place]
        group = range(place, place + size)
        stories.append(
            (pk, "en", "story", title, pk, size, len({of[n] for n in group}), instant(times[place]),
             instant(times[place + size - 1]))
        )  # fmt: skip
        members += [(rows[n][0], pk, rows[n][0], instant(times[n])) for n in group]
        place += size
    Table(Story, "id", "language", "slug", "title", "lead_id", "articles", "sources", "first_at", "last_at").write(
        stories
    )
    Table(Member, "id", "story_id", "article_id", "at").write(members)


def _set_counters(number: int) -> None:
    """What the stages remember of how far they are, the sequences, and what the planner knows."""
    Progress.objects.update_or_create(pk=1, defaults={"article": number})
    Arrangement.objects.update_or_create(pk=1, defaults={"revision": number})
    if connection.vendor == "postgresql":
        from django.apps import apps
        from django.core.management.color import no_style

        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
                cursor.execute(sql)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # as its autovacuum does; Masthead keeps SQLite free of statistics
            cursor.execute("VACUUM (ANALYZE)")
    arrange()
