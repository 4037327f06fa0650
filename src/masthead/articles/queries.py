"""All reads of the articles that other rooms share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from masthead.articles.models import Article, ArticleState
from masthead.entries.models import OldAddress
from masthead.entries.old import candidates, digest_of
from masthead.feeds.models import Source


def visible(articles: QuerySet[Article] | None = None, now: datetime | None = None) -> QuerySet[Article]:
    """Articles that readers may see: published, and past their embargo."""
    found = Article.objects.all() if articles is None else articles
    open_now = Q(embargo_until=None) | Q(embargo_until__lte=now or timezone.now())
    return found.filter(open_now, state=ArticleState.PUBLISHED)


def visible_by_source(sources: Collection[Source]) -> dict[int, int]:
    """How many articles of each of these sources readers may see.

    A source has as many as it ever published. They are counted in their index, without a look at their rows, and those
    that were held or taken down, which have an index too, are taken off. Only where a source has an embargo are its
    rows read.
    """
    each = Article.objects.order_by().values_list("source")
    embargoed = [source.pk for source in sources if source.embargo_minutes]
    of_the_rest = each.filter(source__in=[source.pk for source in sources if not source.embargo_minutes])
    held = each.filter(state__in=(ArticleState.HELD, ArticleState.WITHDRAWN)).exclude(state=ArticleState.PUBLISHED)
    hidden = dict(held.annotate(n=Count("*")))
    seen = visible().order_by().values_list("source")
    # What waits under an embargo that its source has no more is counted already.
    counts = {source: max(0, number - hidden.get(source, 0)) for source, number in of_the_rest.annotate(n=Count("*"))}
    return counts | dict(seen.filter(source__in=embargoed).annotate(n=Count("*")))


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
