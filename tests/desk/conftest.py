"""A small newsroom for the screens of the desk."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from masthead.accounts.models import Role, User
from masthead.articles.models import Article, Revision
from masthead.core.records import to_builtins
from masthead.core.types import Block, CleanArticle, Provenance, Repair
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source
from masthead.pages.models import Section
from masthead.stories import hand
from masthead.stories.models import Decision, Member, Story

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(name=f"Hill Gazette {HOSTILE}", slug="hill-gazette", ownership=HOSTILE)


@pytest.fixture
def feed(source: Source) -> Feed:
    return Feed.objects.create(source=source, url="http://gazette.invalid/feed.xml", title=HOSTILE, reason=HOSTILE)


@pytest.fixture
def section(db: None) -> Section:
    section, _ = Section.objects.get_or_create(slug="harbour", defaults={"name": "Harbour"})
    return section


@pytest.fixture
def article(feed: Feed) -> Article:
    """An article with its revision; every text that came from outside is hostile."""
    now = timezone.now()
    entry = Entry.objects.create(feed=feed, source=feed.source, key="k", first_seen_at=now, last_seen_at=now)
    article = Article.objects.create(
        entry=entry, source=feed.source, slug="ferry", title=f"Ferry returns {HOSTILE}", first_seen_at=now, sort_at=now
    )
    document = CleanArticle(
        title=article.title,
        standfirst=HOSTILE,
        body=(Block("paragraph", text=HOSTILE, html="inert"),),
        repairs=(Repair("entities", "title", HOSTILE, HOSTILE, HOSTILE),),
        provenance={"title": Provenance("feed:title", "stated", 0.9)},
        warnings=(HOSTILE,),
    )
    article.revision = Revision.objects.create(
        article=article, number=1, made_at=now, document=to_builtins(document), digest="d", changed=["title"]
    )
    article.save()
    return article


@pytest.fixture
def story(article: Article) -> Story:
    """The story of the article; every text in it is hostile."""
    now = article.sort_at
    story = Story.objects.create(slug="ferry", title=article.title, lead=article, first_at=now, last_at=now, articles=1)
    Member.objects.create(story=story, article=article, at=now)
    return story


@pytest.fixture
def decision(article: Article, story: Story) -> Decision:
    """What an editor decided about the article's story."""
    hand.separate(article)
    return Decision.objects.get()


def login(role: Role | None) -> Client:
    """A browser: logged in with a role, or anonymous for None."""
    client = Client()
    if role is not None:
        client.force_login(User.objects.create_user(username=f"{role}-{User.objects.count()}", role=role))
    return client


@pytest.fixture
def chief(db: None) -> Client:
    return login(Role.CHIEF)


@pytest.fixture
def as_role(db: None):
    return login
