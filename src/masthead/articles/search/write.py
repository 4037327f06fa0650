"""Keeping the index: articles go in when they are made or changed, and out when they may not be seen."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from masthead.articles.models import Article, ArticleState
from masthead.articles.search.backend import backend
from masthead.articles.search.document import documents

BATCH = 200


def index(article_ids: Iterable[int]) -> None:
    """Bring the index up to date with these articles; those not published leave it. Safe to repeat."""
    ids = list(article_ids)
    for start in range(0, len(ids), BATCH):
        _index(ids[start : start + BATCH])


def _index(ids: list[int]) -> None:
    published = Article.objects.filter(pk__in=ids, state=ArticleState.PUBLISHED).select_related("source", "revision")
    found = documents(published)
    with transaction.atomic():
        backend().write(found)
        kept = {document.id for document in found}
        if gone := [pk for pk in ids if pk not in kept]:
            backend().delete(gone)


def remove(article_ids: Iterable[int]) -> None:
    """Take articles out of the index."""
    backend().delete(list(article_ids))


def reindex_all(source_id: int | None = None) -> int:
    """Index every article anew, or those of one source (after its rights policy changed); returns how many.

    The index serves all the while. Safe to stop and to repeat.
    """
    articles = Article.objects.order_by("pk")
    if source_id is not None:
        articles = articles.filter(source_id=source_id)
    done, last = 0, 0
    while ids := list(articles.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        _index(ids)
        done += len(ids)
        last = ids[-1]
    if source_id is None:
        backend().sweep()
    return done
