"""Taking articles off the site and putting them back: at once, at every outlet, with the reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from masthead.articles import search
from masthead.articles.models import Article, ArticleState
from masthead.store import generation


def withdraw(article: Article, reason: str, by: str = "") -> None:
    """Take an article down for good: its address answers 410 with `reason`, which readers see.

    `by`, where given, is named in front of the reason ("the editor: ..."). Raises `ValueError` without a reason.
    """
    _set(article, ArticleState.WITHDRAWN, reason, by)


def hold(article: Article, reason: str, by: str = "") -> None:
    """Take an article off the site until it is restored; readers are told nothing. `ValueError` without a reason."""
    _set(article, ArticleState.HELD, reason, by)


def restore(article: Article) -> None:
    """Put an article back on the site, at the address it always had."""
    _change(article, ArticleState.PUBLISHED, "")


def _set(article: Article, state: ArticleState, reason: str, by: str) -> None:
    words = reason.strip()
    if not words:
        raise ValueError(f"article {article.pk}: say why; readers and colleagues will ask")
    _change(article, state, f"{by}: {words}" if by else words)


def _change(article: Article, state: ArticleState, reason: str) -> None:
    with transaction.atomic():
        article.state, article.state_reason, article.state_at = state, reason[:500], timezone.now()
        article.save(update_fields=["state", "state_reason", "state_at"])
        search.index([article.pk])  # puts in what is published and takes out everything else
        generation.bump(hard=True)
