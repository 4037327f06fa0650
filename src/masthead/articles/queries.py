"""All reads of the articles that other rooms share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from masthead.articles.models import Article, ArticleState
from masthead.entries.models import OldAddress
from masthead.entries.old import candidates, digest_of


def visible(articles: QuerySet[Article] | None = None, now: datetime | None = None) -> QuerySet[Article]:
    """Articles that readers may see: published, and past their embargo."""
    found = Article.objects.all() if articles is None else articles
    open_now = Q(embargo_until=None) | Q(embargo_until__lte=now or timezone.now())
    return found.filter(open_now, state=ArticleState.PUBLISHED)


def visible_by_source(sources: Collection[int]) -> dict[int, int]:
    """How many articles of each of these sources readers may see.

    A source has as many as it ever published. All are counted in their index, without a look at their rows, and the few
    that readers may not see are taken off, for which there are indexes as well.
    """
    each = Article.objects.order_by().values_list("source", flat=True)
    counts = Counter(dict(each.filter(source__in=sources).annotate(n=Count("*")).values_list("source", "n")))
    held = each.filter(state__in=(ArticleState.HELD, ArticleState.WITHDRAWN)).exclude(state=ArticleState.PUBLISHED)
    # Not grouped by the database: SQLite would read all articles in the order of their sources for it.
    counts.subtract(each.filter(embargo_until__gt=timezone.now(), state=ArticleState.PUBLISHED))
    counts.subtract(dict(held.annotate(n=Count("*")).values_list("source", "n")))
    return {source: max(0, counts[source]) for source in sources}


def at_old_address(path: str, query: str = "") -> Article | None:
    """The article that an address of an imported site led to; None when there is none that may be shown or tells why.

    One that was taken down is found, so that its page can say so.
    """
    for address in candidates(path, query):
        entry = OldAddress.objects.filter(digest=digest_of(address)).values_list("entry", flat=True).first()
        if entry is not None:
            withdrawn = Article.objects.filter(entry=entry, state=ArticleState.WITHDRAWN)
            return visible(Article.objects.filter(entry=entry)).first() or withdrawn.first()
    return None


def has_old_addresses() -> bool:
    """Whether anything was imported from another site."""
    return OldAddress.objects.exists()


def of_edition(articles: QuerySet[Article], edition: str) -> QuerySet[Article]:
    """Articles of an edition: those in its language; for the first also those in a language without an edition."""
    editions = settings.MASTHEAD.all_editions
    if edition in editions[1:]:
        return articles.filter(_in_language(edition))
    others = Q()
    for other in editions[1:]:
        others |= _in_language(other)
    return articles.exclude(others) if others else articles


def _in_language(language: str) -> Q:
    """The language itself and its regional forms ("pt" and "pt-BR")."""
    return Q(language=language) | Q(language__startswith=f"{language}-")
