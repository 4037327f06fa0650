"""What the source deleted is marked and stays; what was gone for a moment is not marked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from masthead.articles.clean import clean
from masthead.articles.gone import mark_gone
from masthead.articles.models import Article
from masthead.articles.queries import visible
from masthead.entries.models import Entry
from masthead.feeds.models import Feed
from masthead.pages import compose
from masthead.pages.types import ArticlePage

from .test_clean_articles import SEEN, item, make_entry

pytestmark = pytest.mark.django_db


def test_what_the_source_deleted_is_marked_and_stays() -> None:
    make_entry(item())
    clean()
    Entry.objects.update(missing_since=SEEN)
    Feed.objects.update(succeeded_at=SEEN + timedelta(hours=2))
    assert mark_gone(pause=0) == 1
    article = visible().get()
    assert article.gone_at == SEEN
    page = compose.article(article.pk)
    assert isinstance(page, ArticlePage) and page.gone == SEEN
    Entry.objects.update(missing_since=None)
    assert mark_gone(pause=0) == 1
    assert Article.objects.get().gone_at is None


def test_one_document_without_it_does_not_yet_tell() -> None:
    make_entry(item())
    clean()
    Entry.objects.update(missing_since=SEEN)
    Feed.objects.update(succeeded_at=SEEN + timedelta(minutes=5))
    assert mark_gone(pause=0) == 0
    assert Article.objects.get().gone_at is None
