"""One site that answers on demand: a line names a kind of page and a round, the answer is what it cost.

The cost is processor time, of this process and (PostgreSQL) of the server process that works for it: that of a busy
machine's other users is not in it, nor is waiting for a disk. Nothing comes out of the page cache.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from masthead.accounts.models import User
from masthead.articles.models import Article
from masthead.feeds.models import Feed, Source
from masthead.pages.lists import PER_PAGE
from masthead.serve import statics
from masthead.stories.models import Story
from size.make import A_DAY
from size.words import COMMON, MEDIUM, RARE, vocabulary

Address = Callable[[int], str]


def addresses(seed: int) -> dict[str, Address]:
    """The kinds of pages; each round asks for another one of its kind."""
    last = Article.objects.order_by("-pk").values_list("pk", flat=True)[0]
    sources, feeds = Source.objects.count(), Feed.objects.count()
    stories = list(
        Story.objects.filter(articles__gt=2, sources__gt=1).order_by("-pk").values_list("pk", flat=True)[:99]
    )
    words = vocabulary(seed)
    pk: Address = lambda n: str(last - 7 - n * 37)  # noqa: E731
    back = min(9, last // A_DAY // 2)
    day = timezone.now() - timedelta(days=back)
    spread = max(1, last // 40)
    deep = lambda page, share=1: min(page, max(1, last // share // PER_PAGE))  # noqa: E731
    return {
        "front page": lambda n: "/",
        "latest": lambda n: "/latest/",
        "latest, page 20": lambda n: f"/latest/?page={deep(20)}",
        "latest, page 300": lambda n: f"/latest/?page={deep(300)}",
        "section": lambda n: "/section/world/",
        "section, page 20": lambda n: f"/section/world/?page={deep(20, 12)}",
        "source": lambda n: f"/source/paper-{1 + n * 7 % sources}/",
        "sources": lambda n: "/about/sources/",
        "article, new": lambda n: f"/article/{pk(n)}-report-{pk(n)}/",
        "article, old": lambda n: f"/article/{1 + n * spread}-report-{1 + n * spread}/",
        "story": lambda n: f"/story/{stories[n % len(stories)]}-story/",
        "popular": lambda n: "/popular/",
        "archive": lambda n: "/archive/",
        "archive, a month": lambda n: f"/archive/{day:%Y/%m}/",
        "archive, a day": lambda n: f"/archive/{day - timedelta(days=n % max(1, back)):%Y/%m/%d}/",
        "feed": lambda n: "/feed.rss",
        "sitemap": lambda n: "/sitemap.xml",
        "sitemap, 10,000 articles": lambda n: "/sitemap-articles-0.xml",
        "API, articles": lambda n: "/api/v1/articles",
        "API, sources": lambda n: f"/api/v1/sources?limit=100&page={1 + n % max(1, sources // 100)}",
        "search, common word": lambda n: f"/search/?q={COMMON}",
        "search, common word, page 20": lambda n: f"/search/?q={COMMON}&page={deep(20, 5)}",
        "search, in every report": lambda n: f"/search/?q={words[n % 3]}",
        "search, one in a hundred": lambda n: f"/search/?q={MEDIUM}",
        "search, rare word": lambda n: f"/search/?q={RARE}",
        "search, beginning": lambda n: f"/search/?q={COMMON[:4]}*",
        "search, beginning of two letters": lambda n: f"/search/?q={COMMON[:2]}*",
        "search, common word in a section": lambda n: f"/search/?q={COMMON}&section=world",
        "search, common word in a source": lambda n: f"/search/?q={COMMON}&source=paper-{1 + n * 7 % sources}",
        "search, two common words": lambda n: f"/search/?q={COMMON}+{words[3 + n % 5]}",
        "search, nothing": lambda n: f"/search/?q={COMMON[:-1]}zzz{n}",
        "desk, overview": lambda n: "/desk/",
        "desk, articles": lambda n: "/desk/articles/",
        "desk, articles, page 50": lambda n: f"/desk/articles/?page={deep(50)}",
        "desk, words in headlines": lambda n: f"/desk/articles/?q={COMMON}",
        "desk, articles held": lambda n: "/desk/articles/?state=held",
        "desk, sources": lambda n: "/desk/sources/",
        "desk, feeds": lambda n: "/desk/feeds/",
        "desk, a feed": lambda n: f"/desk/feeds/{1 + n * 11 % feeds}/",
        "desk, readers": lambda n: "/desk/readers/",
        "desk, log": lambda n: "/desk/log/",
    }


def _clock() -> Callable[[], float]:
    """Processor time in milliseconds of all that works for an answer."""
    if connection.vendor == "sqlite":
        return lambda: time.process_time() * 1000
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # others would not be counted
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: time.process_time() * 1000 + int(server.read_text().split()[0]) / 1e6


def main() -> None:
    """Answer until stdin ends."""
    settings.ALLOWED_HOSTS = ["*"]
    statics.collect(settings.MASTHEAD.home)
    found = addresses(1)
    client = Client()
    client.force_login(User.objects.get_or_create(username="bench", defaults={"role": "operator"})[0])
    clock = _clock()
    print(*found, sep="\t", flush=True)
    for line in sys.stdin:
        kind, number = line.rstrip("\n").split("\t")
        began = clock()
        answer = client.get(found[kind](int(number)), follow=True)
        cost = clock() - began
        if answer.status_code != 200:
            raise SystemExit(f"{found[kind](int(number))}: {answer.status_code}")
        print(f"{cost:.3f}", flush=True)
