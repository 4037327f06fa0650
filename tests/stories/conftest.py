"""A newsroom in the database: sources, articles with all that stands behind them, made in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.articles.models import Article, Image, Revision, ShortLink
from masthead.core.records import to_builtins
from masthead.core.types import Block, CleanArticle
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass
class Newsroom:
    """Makes rows. `article` writes what the clean stage would have written."""

    feeds: dict[str, Feed] = field(default_factory=dict)
    made: int = 0

    def source(self, name: str = "The Courier", *, section: str = "", **values: Any) -> Source:
        if name not in self.feeds:
            slug = name.lower().replace(" ", "-")
            source = Source.objects.create(name=name, slug=slug, **values)
            self.feeds[name] = Feed.objects.create(source=source, url=f"https://{slug}.example/feed", section=section)
        return self.feeds[name].source

    def article(
        self,
        title: str = "A headline",
        text: str = "",
        *,
        source: str = "The Courier",
        at: datetime = NOON,
        dated: bool = True,
        language: str = "en",
        document: dict[str, Any] | None = None,
        **values: Any,
    ) -> Article:
        self.made += 1
        owner = self.source(source)
        entry = Entry.objects.create(
            feed=self.feeds[source], source=owner, key=f"{self.made:064d}", first_seen_at=at, last_seen_at=at
        )
        body = tuple(Block(type="paragraph", text=p, html=p) for p in text.split("\n\n") if p)
        record = CleanArticle(title=title, language=language, body=body, text=text)
        article = Article.objects.create(
            **{
                "entry": entry,
                "source": owner,
                "slug": f"report-{self.made}",
                "title": title,
                "language": language,
                "published_at": at if dated else None,
                "first_seen_at": at,
                "sort_at": at,
                "canonical_url": f"https://{owner.slug}.example/{self.made}",
            }
            | values
        )
        article.revision = Revision.objects.create(
            article=article, number=1, made_at=at, document=to_builtins(record) | (document or {}), digest=""
        )
        article.save(update_fields=["revision"])
        ShortLink.objects.create(code=f"c{self.made}", article=article, created_at=at)
        return article

    def many(self, number: int, *, source: str = "The Courier", step: timedelta = timedelta(minutes=7)) -> None:
        """`number` articles with different words, fast."""
        owner = self.source(source)
        feed = self.feeds[source]
        start = self.made
        self.made += number
        keys = range(start, start + number)
        Entry.objects.bulk_create(
            Entry(feed=feed, source=owner, key=f"{n + 10**9:064d}", first_seen_at=NOON, last_seen_at=NOON) for n in keys
        )
        entries = {int(e.key) - 10**9: e for e in Entry.objects.filter(source=owner)}
        Article.objects.bulk_create(
            Article(
                entry=entries[n],
                source=owner,
                slug=f"mass-{n}",
                title=f"word{n} word{n + 1} happened",
                language="en",
                published_at=NOON - n * step,
                first_seen_at=NOON - n * step,
                sort_at=NOON - n * step,
                categories=["Sport" if n % 3 else "World"],
                canonical_url=f"https://mass.example/{n}",
            )
            for n in keys
        )
        made = list(Article.objects.filter(revision=None))
        Revision.objects.bulk_create(
            Revision(
                article=a,
                number=1,
                made_at=NOON,
                digest="",
                document=to_builtins(CleanArticle(title=a.title, text=f"Body of {a.slug} with unique{a.pk} words")),
            )
            for a in made
        )
        revisions = {r.article_id: r for r in Revision.objects.filter(article__in=made)}
        for a in made:
            a.revision = revisions[a.pk]
        Article.objects.bulk_update(made, ["revision"], batch_size=500)


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return Newsroom()


@pytest.fixture
def picture() -> Callable[[str], Image]:
    """A picture that is there, in two widths."""

    def make(url: str = "https://pictures.example/1.jpg") -> Image:
        from masthead.pages.pictures import url_digest

        variants = [
            {"width": width, "height": width * 9 // 16, "type": kind, "path": f"images/ab/x-{width}.{kind[6:]}"}
            for width in (320, 1280)
            for kind in ("image/webp", "image/jpeg")
        ]
        return Image.objects.create(
            url=url, url_digest=url_digest(url), state="ready", variants=variants, colour="#aabbcc"
        )

    return make
