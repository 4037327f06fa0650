"""Articles for the tests of the outlets, made as the pipeline leaves them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from masthead.articles.models import Article, Revision, ShortLink
from masthead.articles.search import index
from masthead.core.records import to_builtins
from masthead.core.types import ArticleDate, Block, CleanArticle, SourceRef
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source

MakeArticle = Callable[..., Article]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def stated(at: datetime) -> ArticleDate:
    """The date of an article that its source states to the second."""
    instant = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return ArticleDate(instant, "second", "Z", instant, instant, instant, "stated", 1.0)


@pytest.fixture
def make_source(db: None) -> Callable[..., Source]:
    numbers = count(1)

    def make(name: str = "", **fields: Any) -> Source:
        number = next(numbers)
        fields.setdefault("policy", "full")
        return Source.objects.create(
            name=name or f"Publisher {number}",
            slug=fields.pop("slug", f"publisher-{number}"),
            home_url=fields.pop("home_url", f"https://publisher-{number}.example/"),
            **fields,
        )

    return make


@pytest.fixture
def make_article(make_source: Callable[..., Source]) -> MakeArticle:
    numbers = count(1)

    def make(
        title: str = "A title",
        text: str = "A first paragraph.\n\nA second paragraph.",
        *,
        source: Source | None = None,
        language: str = "en",
        at: datetime | None = NOON,
        blocks: tuple[Block, ...] | None = None,
        record: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Article:
        number = next(numbers)
        source = source or Source.objects.first() or make_source()
        feed, _ = Feed.objects.get_or_create(source=source, url=f"https://feeds.example/{source.pk}")
        seen = fields.pop("first_seen_at", None) or (at or NOON) + timedelta(minutes=5)
        key = hashlib.sha256(f"{feed.pk}-{number}".encode()).hexdigest()
        entry = Entry.objects.create(feed=feed, source=source, key=key, first_seen_at=seen, last_seen_at=seen)
        link = fields.setdefault("canonical_url", f"{source.home_url}news/{number}")
        article = Article.objects.create(
            entry=entry,
            source=source,
            slug=fields.pop("slug", f"a-title-{number}"),
            title=title,
            language=language,
            published_at=at,
            published_precision="second" if at else "",
            first_seen_at=seen,
            sort_at=at or seen,
            **fields,
        )
        body = blocks or tuple(Block("paragraph", text=part, html=part) for part in text.split("\n\n"))
        clean = CleanArticle(
            title=title,
            standfirst=article.standfirst,
            byline=tuple(article.byline),
            language=language,
            published=stated(at) if at else None,
            source=SourceRef(source.name, source.home_url),
            canonical_url=link,
            body=body,
            text=text,
            **(record or {}),
        )
        article.revision = Revision.objects.create(
            article=article, number=1, made_at=seen, document=to_builtins(clean), digest=key
        )
        article.save()
        ShortLink.objects.create(article=article, code=f"c{number:05d}", created_at=seen)
        index([article.pk])
        return article

    return make
